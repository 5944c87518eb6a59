// The folder of the private copies of plugin libraries: only this user's, gone with its process.
#pragma once

#include <filesystem>

namespace host::loader {

// Any one thread. A process that was killed leaves its folder behind; the next one to make a store removes
// it. A folder is in use while its lock is held, which the system lets go with the process, however that
// ends.
class PrivateStore {
 public:
  static constexpr std::size_t most_removed = 64;  // left-behind folders a start; the next one goes on

  PrivateStore();
  ~PrivateStore();
  PrivateStore(const PrivateStore&) = delete;
  PrivateStore& operator=(const PrivateStore&) = delete;
  // Empty: none could be made.
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int lock_ = -1;  // of the folder itself
};

}  // namespace host::loader
