// The audit log: who did what to what, and what came of it; JSON Lines in a file only the host's user can
// read.
//
// A line is on its way to the disk before the call returns. I/O thread.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace host::views {

class Audit {
 public:
  // `file` empty: no log (the operator said so).
  explicit Audit(std::filesystem::path file);
  ~Audit();
  Audit(const Audit&) = delete;
  Audit& operator=(const Audit&) = delete;

  // Adds the time and writes one line. False with the cause in `reason()`: it could not be written, and
  // nothing may be done unseen.
  bool write(nlohmann::json line);
  const std::string& reason() const { return reason_; }

 private:
  std::filesystem::path file_;
  int descriptor_ = -1;
  std::string reason_;
};

}  // namespace host::views
