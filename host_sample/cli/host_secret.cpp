#include "cli/host_secret.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/secret.hpp"
#include "cli/configuration.hpp"

namespace host::cli {

Result<std::string> host_secret(const std::filesystem::path& state) {
  using Failed = Result<std::string>;
  const auto file = state / "host-secret";
  std::error_code error;
  std::filesystem::create_directories(state, error);
  // Written whole under another name first: two hosts that begin at once read the same one.
  const auto part = state / ("host-secret." + std::to_string(::getpid()));
  if (!std::filesystem::exists(file, error)) {
    const int out = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0) return Failed::failed(state.string() + " cannot be written: " + std::strerror(errno));
    const auto line = random_name() + "\n";
    const bool whole =
        ::write(out, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(out) == 0;
    const auto why = std::string{std::strerror(errno)};
    ::close(out);
    if (whole) std::filesystem::create_hard_link(part, file, error);  // not over one that is there by now
    std::filesystem::remove(part, error);
    if (!whole) return Failed::failed(file.string() + " cannot be written: " + why);
  }
  return read_secret(file);
}

}  // namespace host::cli
