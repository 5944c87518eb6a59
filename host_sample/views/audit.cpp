#include "views/audit.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <nlohmann/json.hpp>
#include <system_error>
#include <thread>

#include "base/json_text.hpp"
#include "views/live.hpp"

namespace host::views {
namespace {

constexpr int lock_tries = 200;
constexpr auto lock_pause = std::chrono::milliseconds{2};

// Alone with the file among processes; false: another one does not let go of it.
class Lock {
 public:
  explicit Lock(int descriptor) : descriptor_(descriptor) {
    for (int tried = 0; tried < lock_tries; ++tried) {
      if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
      // A file system without locks has one writer at a time or none that is better off.
      if (errno != EWOULDBLOCK && errno != EINTR) return;
      std::this_thread::sleep_for(lock_pause);
    }
    held_ = false;
  }
  ~Lock() {
    if (held_) ::flock(descriptor_, LOCK_UN);
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  explicit operator bool() const { return held_; }

 private:
  int descriptor_;
  bool held_ = true;
};

std::string text_of(nlohmann::json& line) {
  line["time"] = utc_text(now_ms());
  return json_text(line);
}

}  // namespace

std::string utc_text(std::uint64_t ms) {
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[40];
  const auto size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  const auto fraction = std::to_string(1000 + ms % 1000).substr(1);
  return std::string{text, size} + "." + fraction + "Z";
}

std::uint64_t utc_ms(const std::string& text) {
  std::tm parts{};
  const auto* rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  const auto seconds = rest == nullptr ? std::time_t{-1} : ::timegm(&parts);
  if (seconds < 0 || *rest != '.') return 0;
  std::uint64_t fraction = 0;
  for (int digit = 1; digit <= 3; ++digit) {
    if (rest[digit] < '0' || rest[digit] > '9') return 0;
    fraction = fraction * 10 + static_cast<std::uint64_t>(rest[digit] - '0');
  }
  return static_cast<std::uint64_t>(seconds) * 1000 + fraction;
}

Audit::Audit(std::filesystem::path file) : file_(std::move(file)) {
  if (!file_.empty()) open();
}

Audit::~Audit() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool Audit::failed(const std::string& what) {
  reason_ = file_.string() + ": " + what;
  return false;
}

bool Audit::open() {
  std::error_code error;
  if (file_.has_parent_path()) std::filesystem::create_directories(file_.parent_path(), error);
  const int opened = ::open(file_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (opened < 0) return failed(std::generic_category().message(errno));
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = opened;
  struct stat status {};
  regular_ = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
  return true;
}

// A file that was moved away, as a log is for its archive, is followed by a new one of its name.
void Audit::follow_rotation() {
  if (!regular_) return;
  struct stat ours {};
  struct stat named {};
  const bool same = ::fstat(descriptor_, &ours) == 0 && ::stat(file_.c_str(), &named) == 0 &&
                    ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
  if (same) return;
  catch_up();
  if (!open()) return;
  at_ = 0;
  line_.clear();
  skips_ = false;
}

void Audit::catch_up() {
  struct stat status {};
  if (!regular_ || ::fstat(descriptor_, &status) != 0) return;
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (!begun_ && size > most_read_back) {
    at_ = size - most_read_back;
    skips_ = true;
  }
  begun_ = true;
  if (size < at_) {  // somebody emptied it
    at_ = 0;
    line_.clear();
    skips_ = false;
  }
  std::array<char, 65536> block{};
  while (at_ < size) {
    const auto wanted = std::min<std::uint64_t>(block.size(), size - at_);
    const auto count =
        ::pread(descriptor_, block.data(), static_cast<std::size_t>(wanted), static_cast<off_t>(at_));
    if (count <= 0) return;
    at_ += static_cast<std::uint64_t>(count);
    take({block.data(), static_cast<std::size_t>(count)});
  }
}

void Audit::take(std::string_view block) {
  while (!block.empty()) {
    const auto end = std::min(block.find('\n'), block.size());
    const bool whole = end < block.size();
    if (!skips_ && line_.size() + end <= longest_line)
      line_.append(block.substr(0, end));
    else
      skips_ = true;
    block.remove_prefix(whole ? end + 1 : end);
    if (!whole) return;
    if (!skips_ && on_line) on_line(line_);
    line_.clear();
    skips_ = false;
  }
}

Audit::Written Audit::write_locked(const std::string& text) {
  struct stat before {};
  if (::fstat(descriptor_, &before) != 0) return failed(std::generic_category().message(errno)), Written::no;
  // One write of an O_APPEND file: lines of several processes do not mix.
  const auto count = ::write(descriptor_, text.data(), text.size());
  if (count == static_cast<ssize_t>(text.size())) return Written::yes;
  failed(count < 0 ? std::generic_category().message(errno) : "the disk is full");
  // Half a line is taken back; where that fails, the next one begins anew.
  if (count > 0 && regular_ && ::ftruncate(descriptor_, before.st_size) != 0) skips_ = true;
  return Written::no;
}

Audit::Written Audit::write(std::vector<nlohmann::json> lines, const std::function<bool()>& still) {
  if (file_.empty()) {
    if (still && !still()) return Written::needless;
    tell(lines);
    return Written::yes;
  }
  if (descriptor_ < 0 && !open()) return Written::no;
  follow_rotation();
  const Lock lock{descriptor_};
  if (!lock) return failed("another process does not let go of it"), Written::no;
  catch_up();
  if (still && !still()) return Written::needless;
  std::string text;
  if (!line_.empty() || skips_) text += '\n';  // a process died in the middle of its line
  for (auto& line : lines) text += text_of(line) + '\n';
  const auto written = write_locked(text);
  if (written == Written::yes && regular_) catch_up();
  if (written == Written::yes && !regular_) tell(lines);
  return written;
}

// What cannot be read back is reported as it is written.
void Audit::tell(std::vector<nlohmann::json>& lines) const {
  for (auto& line : lines)
    if (on_line) on_line(text_of(line));
}

bool Audit::write(nlohmann::json line) {
  std::vector<nlohmann::json> lines;
  lines.push_back(std::move(line));
  return write(std::move(lines)) == Written::yes;
}

}  // namespace host::views
