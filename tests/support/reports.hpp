// What sanitizers find in the processes that a test starts, at any depth: also in the trial of a plugin,
// whose stderr leads nowhere, and in a host that is killed. What they find in the test itself ends it by
// itself.
#pragma once

#include <string>

namespace reports {

class Folder {
 public:
  // From now on processes write what is found in them into a folder, which ends with this.
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  // Whether nothing was found; what was is printed.
  bool none() const;

 private:
  std::string path_;
};

}  // namespace reports
