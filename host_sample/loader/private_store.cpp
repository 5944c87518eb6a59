#include "loader/private_store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>
#include <system_error>

namespace host::loader {
namespace {

namespace fs = std::filesystem;

// A folder has the first name until it is locked, so that one of the second name without a lock is nobody's.
constexpr std::string_view unlocked_name = ".cockpit-host-XXXXXX";
constexpr std::string_view locked_name = "cockpit-host-copies-";

// The folder, locked; -1 when it is no folder of ours or somebody uses it.
int lock_folder(const fs::path& folder) {
  const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (opened < 0) return -1;
  struct stat status {};
  if (::fstat(opened, &status) == 0 && status.st_uid == ::geteuid() && (status.st_mode & 077) == 0 &&
      ::flock(opened, LOCK_EX | LOCK_NB) == 0)
    return opened;
  ::close(opened);
  return -1;
}

void remove_left_behind(const fs::path& temporary) {
  std::error_code error;
  std::size_t removed = 0;
  for (fs::directory_iterator at{temporary, error}, end; !error && at != end; at.increment(error)) {
    if (at->path().filename().string().rfind(locked_name, 0) != 0) continue;
    const int lock = lock_folder(at->path());
    if (lock < 0) continue;
    std::error_code failed;  // then it stays for the next start
    fs::remove_all(at->path(), failed);
    ::close(lock);
    if (++removed == PrivateStore::most_removed) return;
  }
}

}  // namespace

PrivateStore::PrivateStore() {
  std::error_code error;
  const auto temporary = fs::temp_directory_path(error);
  if (error) return;
  remove_left_behind(temporary);
  auto made = (temporary / unlocked_name).string();
  if (::mkdtemp(made.data()) == nullptr) return;
  lock_ = lock_folder(made);
  const auto path = temporary / (std::string{locked_name} + made.substr(made.size() - 6));
  if (lock_ >= 0) fs::rename(made, path, error);
  if (lock_ >= 0 && !error)
    path_ = path;
  else
    fs::remove(made, error);
}

PrivateStore::~PrivateStore() {
  std::error_code error;
  if (!path_.empty()) fs::remove_all(path_, error);
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace host::loader
