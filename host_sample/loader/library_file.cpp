#include "loader/library_file.hpp"

#include <fcntl.h>
#include <grp.h>
#include <openssl/evp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include "base/hash.hpp"

namespace host::loader {
namespace {

namespace fs = std::filesystem;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

std::string error_text() {
  return std::generic_category().message(errno);
}

bool ours(uid_t owner) {
  return owner == 0 || owner == ::geteuid();
}

// A group that has its owner's name and no other member, as Debian and Ubuntu make one for each user.
bool is_private_group(gid_t group, uid_t owner) {
  std::array<char, 16384> user_space{};
  std::array<char, 16384> group_space{};
  passwd user{};
  passwd* found_user = nullptr;
  ::group entry{};
  ::group* found_group = nullptr;
  if (::getpwuid_r(owner, &user, user_space.data(), user_space.size(), &found_user) != 0 ||
      found_user == nullptr)
    return false;
  if (::getgrgid_r(group, &entry, group_space.data(), group_space.size(), &found_group) != 0 ||
      found_group == nullptr)
    return false;
  return group == user.pw_gid && std::strcmp(entry.gr_name, user.pw_name) == 0 && entry.gr_mem[0] == nullptr;
}

std::string why_writable(const struct stat& status, const std::string& name) {
  if (!ours(status.st_uid)) return name + " belongs to another user";
  if (S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0) return {};
  if ((status.st_mode & S_IWOTH) != 0) return name + " can be written by everybody";
  if ((status.st_mode & S_IWGRP) != 0 && status.st_gid != 0 &&
      !is_private_group(status.st_gid, status.st_uid))
    return name + " can be written by its group";
  return {};
}

}  // namespace

std::string why_untrusted(const fs::path& folder) {
  std::error_code error;
  const auto real = fs::canonical(folder, error);
  if (error) return folder.string() + ": " + error.message();
  struct stat status {};
  if (::stat(real.c_str(), &status) != 0) return real.string() + ": " + error_text();
  if (!S_ISDIR(status.st_mode)) return real.string() + " is no folder";
  if ((status.st_mode & (S_IWOTH | S_ISVTX)) == (S_IWOTH | S_ISVTX))
    return real.string() + " can be written by everybody";  // its sticky bit does not stop new files
  for (auto at = real;; at = at.parent_path()) {
    if (::stat(at.c_str(), &status) != 0) return at.string() + ": " + error_text();
    if (auto why = why_writable(status, at.string()); !why.empty()) return why;
    if (at == at.root_path()) return {};
  }
}

Result<PrivateCopy> copy_library(const fs::path& library, const fs::path& store) {
  using Failed = Result<PrivateCopy>;
  std::error_code error;
  const auto real = fs::canonical(library, error);
  if (error) return Failed::failed(error.message());
  if (real.parent_path() != fs::canonical(library.parent_path(), error))
    return Failed::failed("it is a link that leads out of the plugin folder");
  const Descriptor in{::open(real.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)};
  if (in.get() < 0) return Failed::failed("it cannot be opened: " + error_text());
  struct stat status {};
  if (::fstat(in.get(), &status) != 0) return Failed::failed(error_text());
  if (!S_ISREG(status.st_mode)) return Failed::failed("it is no regular file");
  if (auto why = why_writable(status, "the file"); !why.empty()) return Failed::failed(why);
  if (static_cast<std::uintmax_t>(status.st_size) > largest_library)
    return Failed::failed("it is larger than " + std::to_string(largest_library >> 20) + " MiB");

  const auto part = store / ("incoming-" + std::to_string(::getpid()));
  const Descriptor out{::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0500)};
  if (out.get() < 0)
    return Failed::failed("no private copy could be made in " + store.string() + ": " + error_text());
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr);
  std::vector<char> block(1u << 16);
  for (std::uintmax_t total = 0;;) {
    const auto count = ::read(in.get(), block.data(), block.size());
    if (count < 0) return Failed::failed("it cannot be read: " + error_text());
    if (count == 0) break;
    total += static_cast<std::uintmax_t>(count);
    if (total > largest_library) return Failed::failed("it grew while it was read");
    EVP_DigestUpdate(digest.get(), block.data(), static_cast<std::size_t>(count));
    for (ssize_t written = 0; written < count;) {
      const auto more = ::write(out.get(), block.data() + written, static_cast<std::size_t>(count - written));
      if (more < 0) return Failed::failed("no private copy could be made: " + error_text());
      written += more;
    }
  }
  std::array<unsigned char, 32> hash{};
  EVP_DigestFinal_ex(digest.get(), hash.data(), nullptr);
  const auto hex = hex_text(hash);
  // A library that is loaded already stays as it is: writing over its file would pull it from under the
  // process.
  const auto path = store / (hex + ".so");
  if (fs::exists(path))
    fs::remove(part, error);
  else
    fs::rename(part, path, error);
  if (error) return Failed::failed("no private copy could be made: " + error.message());
  return Failed::of({path, hex});
}

}  // namespace host::loader
