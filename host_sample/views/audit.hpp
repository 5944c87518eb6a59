// The audit log: who did what to what, and what came of it; JSON Lines in a file only the host's user can
// read. Several hosts and terminals may share one.
//
// Lines are on their way to the disk before the call returns: a process that is killed loses none. I/O
// thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace host::views {

class Audit {
 public:
  static constexpr std::uint64_t most_read_back = 32u << 20;  // bytes of a file that was there before
  static constexpr std::size_t longest_line = 64u << 10;      // of what is read; a longer one is none of ours

  // `file` empty: no log (the operator said so).
  explicit Audit(std::filesystem::path file);
  ~Audit();
  Audit(const Audit&) = delete;
  Audit& operator=(const Audit&) = delete;

  // Receives each line of the file once, whichever process wrote it, in the order of the file.
  std::function<void(std::string_view line)> on_line;

  // Reads what was written since the last time; the first time, the end of what is there.
  void catch_up();

  enum class Written { yes, no, needless };
  // Adds the time and writes the lines in one piece, alone among all processes with this file: after catching
  // up, and unless `still` says that they are not needed any more. `no`, with the cause in `reason()`:
  // nothing was written, and nothing may be done unseen.
  Written write(std::vector<nlohmann::json> lines, const std::function<bool()>& still = {});
  bool write(nlohmann::json line);
  const std::string& reason() const { return reason_; }

 private:
  bool open();
  void follow_rotation();
  void take(std::string_view block);
  void tell(std::vector<nlohmann::json>& lines) const;
  Written write_locked(const std::string& text);
  bool failed(const std::string& what);

  std::filesystem::path file_;
  int descriptor_ = -1;
  bool regular_ = false;
  std::uint64_t at_ = 0;  // read up to here
  bool begun_ = false;
  bool skips_ = false;  // the line at hand is too long, or began before `at_`
  std::string line_;    // what was read of it
  std::string reason_;
};

// "2030-01-31T14:31:05.000Z", and back; 0 for what is no such time.
std::string utc_text(std::uint64_t ms);
std::uint64_t utc_ms(const std::string& text);

}  // namespace host::views
