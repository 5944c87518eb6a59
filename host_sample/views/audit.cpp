#include "views/audit.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <nlohmann/json.hpp>
#include <system_error>

#include "views/live.hpp"

namespace host::views {
namespace {

std::string utc(std::uint64_t ms) {
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[40];
  const auto size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  const auto fraction = std::to_string(1000 + ms % 1000).substr(1);
  return std::string{text, size} + "." + fraction + "Z";
}

}  // namespace

Audit::Audit(std::filesystem::path file) : file_(std::move(file)) {
  if (file_.empty()) return;
  std::error_code error;
  if (file_.has_parent_path()) std::filesystem::create_directories(file_.parent_path(), error);
  descriptor_ = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor_ < 0) reason_ = file_.string() + ": " + std::generic_category().message(errno);
}

Audit::~Audit() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool Audit::write(nlohmann::json line) {
  if (file_.empty()) return true;
  if (descriptor_ < 0) return false;
  line["time"] = utc(now_ms());
  const auto text = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
  // One write of an O_APPEND file: lines of several processes do not mix.
  if (::write(descriptor_, text.data(), text.size()) == static_cast<ssize_t>(text.size())) return true;
  reason_ = file_.string() + ": " + std::generic_category().message(errno);
  return false;
}

}  // namespace host::views
