#include "loader/call_record.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <system_error>

#include "base/secret.hpp"

namespace host::loader {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "calls-";
constexpr std::size_t most_records = 64;  // of ended processes, looked at a start

template <std::size_t size>
void put(char (&into)[size], std::string_view text) {
  const auto count = std::min(text.size(), size - 1);
  std::memcpy(into, text.data(), count);
  into[count] = 0;
}

template <std::size_t size>
std::string text_of(const char (&from)[size]) {
  return {from, ::strnlen(from, size)};
}

}  // namespace

struct CallRecord::Line {
  char file[128];
  char hash[72];
  char function[24];
  std::uint32_t owed;
};

CallRecord::CallRecord(fs::path path, int lock, Line* lines)
    : path_(std::move(path)), lock_(lock), lines_(lines) {}

CallRecord::~CallRecord() {
  forget();
  ::munmap(lines_, most_slots * sizeof(Line));
  ::close(lock_);
}

void CallRecord::forget() {
  std::error_code error;
  fs::remove(path_, error);
}

std::shared_ptr<CallRecord> CallRecord::make(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  const auto path =
      folder / (std::string{prefix} + std::to_string(::getpid()) + "-" + random_name().substr(0, 8));
  // It has another name until it is locked, so that one of this name without a lock is nobody's.
  const auto unlocked = folder / ("." + path.filename().string());
  const int opened = ::open(unlocked.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (opened < 0) return nullptr;
  constexpr auto size = most_slots * sizeof(Line);
  void* lines = MAP_FAILED;
  if (::flock(opened, LOCK_EX | LOCK_NB) == 0 && ::ftruncate(opened, size) == 0)
    lines = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, opened, 0);
  if (lines != MAP_FAILED) fs::rename(unlocked, path, error);
  if (lines == MAP_FAILED || error) {
    if (lines != MAP_FAILED) ::munmap(lines, size);
    fs::remove(unlocked, error);
    ::close(opened);
    return nullptr;
  }
  return std::shared_ptr<CallRecord>{new CallRecord{path, opened, static_cast<Line*>(lines)}};
}

std::unique_ptr<CallRecord::Slot> CallRecord::take(const std::shared_ptr<CallRecord>& record,
                                                   std::string_view file, std::string_view hash) {
  if (!record) return nullptr;
  std::size_t index = 0;
  {
    const std::lock_guard lock{record->mutex_};
    const auto free = std::find(record->taken_.begin(), record->taken_.end(), false);
    if (free == record->taken_.end()) return nullptr;
    *free = true;
    index = static_cast<std::size_t>(free - record->taken_.begin());
  }
  return std::make_unique<Slot>(record, index, file, hash);
}

CallRecord::Slot::Slot(std::shared_ptr<CallRecord> of, std::size_t index, std::string_view file,
                       std::string_view hash)
    : record_(std::move(of)), index_(index) {
  auto& line = record_->lines_[index_];
  put(line.file, file);
  put(line.hash, hash);
}

CallRecord::Slot::~Slot() {
  auto& line = record_->lines_[index_];
  line = {};
  const std::lock_guard lock{record_->mutex_};
  record_->taken_[index_] = false;
}

void CallRecord::Slot::enter(const char* function) {
  put(record_->lines_[index_].function, function);
  std::atomic_signal_fence(std::memory_order_seq_cst);  // it is there before the function is
}

void CallRecord::Slot::leave() {
  std::atomic_signal_fence(std::memory_order_seq_cst);
  record_->lines_[index_].function[0] = 0;
}

void CallRecord::Slot::owes(std::size_t answers) {
  record_->lines_[index_].owed = static_cast<std::uint32_t>(answers);
}

namespace {

// The file of a process that ended; -1 and untouched when it is in use.
int take_file(const fs::path& path, bool stays) {
  const int opened = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (opened < 0) return -1;
  struct stat status {};
  if (::flock(opened, LOCK_EX | LOCK_NB) == 0 && ::fstat(opened, &status) == 0 && S_ISREG(status.st_mode) &&
      status.st_uid == ::geteuid()) {
    std::error_code error;
    if (!stays) fs::remove(path, error);
    return opened;
  }
  ::close(opened);
  return -1;
}

}  // namespace

CallRecord::LeftBehind CallRecord::left_by(const fs::path& folder, pid_t process, bool stays) {
  LeftBehind left;
  std::vector<Blamed> owing;
  const auto begin = std::string{prefix} + (process == 0 ? "" : std::to_string(process) + "-");
  std::error_code error;
  std::size_t files = 0;
  for (fs::directory_iterator at{folder, error}, end; !error && at != end && files < most_records;
       at.increment(error)) {
    if (at->path().filename().string().rfind(begin, 0) != 0) continue;
    const int opened = take_file(at->path(), stays);
    if (opened < 0) continue;
    ++files;
    left.records = true;
    std::vector<Line> lines(most_slots);
    const auto count = ::pread(opened, lines.data(), lines.size() * sizeof(Line), 0);
    ::close(opened);
    lines.resize(count <= 0 ? 0 : static_cast<std::size_t>(count) / sizeof(Line));
    for (const auto& line : lines) {
      if (const auto function = text_of(line.function); !function.empty())
        left.blamed.push_back({text_of(line.file), text_of(line.hash), "it was in a call of " + function});
      else if (line.owed > 0)
        owing.push_back(
            {text_of(line.file), text_of(line.hash),
             line.owed == 1 ? "it owed one answer" : "it owed " + std::to_string(line.owed) + " answers"});
    }
  }
  if (left.blamed.empty()) left.blamed = std::move(owing);
  return left;
}

CallRecord::LeftBehind CallRecord::left_behind(const fs::path& folder) {
  return left_by(folder, 0, false);
}

}  // namespace host::loader
