// What sanitizers find in the processes that a test starts, at any depth: also in the trial of a plugin,
// whose stderr leads nowhere, and in a host that is killed. What they find in the test itself ends it by
// itself.
#pragma once

#include "scratch.hpp"

namespace reports {

class Folder {
 public:
  // From now on processes write what is found in them into a folder, which ends with this.
  Folder();
  // Whether nothing was found; what was is printed.
  bool none() const;

 private:
  support::ScratchFolder folder_;
};

}  // namespace reports
