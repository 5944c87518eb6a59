#include "plugins/calls.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/status.hpp"
#include "plugins/body_scan.hpp"
#include "plugins/texts.hpp"

namespace host::plugins {
namespace {

struct Update {
  cockpit_status status;
  std::uint64_t as_of_ms;
  std::string body;
};

std::string too_large_json(std::uint64_t bytes, std::uint64_t allowed) {
  return problem_json(COCKPIT_TOO_LARGE, "The plugin's answer is too large",
                      std::to_string(bytes) + " bytes, and " + std::to_string(allowed) + " are allowed.");
}

}  // namespace

struct Calls::Record {
  CallEvents events;
  bool answered = false;             // I/O thread: `done` was said
  std::atomic<bool> expired{false};  // the host answered for the plugin
  std::mutex mutex;                  // guards what follows: the newest of each, not yet passed on
  std::optional<Update> update;
  std::optional<std::string> progress;
  bool posted = false;
};

Calls::Calls(boost::asio::any_io_executor io, const cockpit_limits& limits)
    : io_(std::move(io)), limits_(limits) {}

cockpit_call Calls::open(CallEvents events) {
  auto record = std::make_shared<Record>();
  record->events = std::move(events);
  const std::lock_guard lock{mutex_};
  if (owed_ >= limits_.open_calls) return 0;
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const auto index = free_.back();
  free_.pop_back();
  ++owed_;
  slots_[index].record = std::move(record);
  return (static_cast<std::uint64_t>(slots_[index].generation) << 32) | (index + 1);
}

std::shared_ptr<Calls::Record> Calls::find(cockpit_call call) const {
  const auto index = static_cast<std::uint32_t>(call & 0xffffffffu);
  const std::lock_guard lock{mutex_};
  if (index == 0 || index > slots_.size()) return nullptr;
  const auto& slot = slots_[index - 1];
  return slot.generation == static_cast<std::uint32_t>(call >> 32) ? slot.record : nullptr;
}

std::shared_ptr<Calls::Record> Calls::take(cockpit_call call) {
  const auto index = static_cast<std::uint32_t>(call & 0xffffffffu);
  const std::lock_guard lock{mutex_};
  if (index == 0 || index > slots_.size()) return nullptr;
  auto& slot = slots_[index - 1];
  if (slot.generation != static_cast<std::uint32_t>(call >> 32) || !slot.record) return nullptr;
  ++slot.generation;
  free_.push_back(index - 1);
  --owed_;
  return std::exchange(slot.record, nullptr);
}

void Calls::expire(cockpit_call call, cockpit_status status, const std::string& body) {
  const auto record = find(call);
  if (!record || record->answered) return;
  record->expired = true;
  record->answered = true;
  if (record->events.done) record->events.done(status, body);
}

void Calls::refuse(cockpit_call call, cockpit_status status, const std::string& body) {
  const auto record = take(call);
  if (!record || std::exchange(record->answered, true)) return;
  if (record->events.done) record->events.done(status, body);
}

void Calls::end_all(cockpit_status status, const std::string& body) {
  std::vector<std::shared_ptr<Record>> ended;
  {
    const std::lock_guard lock{mutex_};
    for (std::uint32_t index = 0; index < slots_.size(); ++index) {
      if (!slots_[index].record) continue;
      ended.push_back(std::exchange(slots_[index].record, nullptr));
      ++slots_[index].generation;
      free_.push_back(index);
    }
    owed_ = 0;
  }
  for (const auto& record : ended)
    if (!std::exchange(record->answered, true) && record->events.done) record->events.done(status, body);
}

void Calls::expire_all(cockpit_status status, const std::string& body) {
  std::vector<std::shared_ptr<Record>> open;
  {
    const std::lock_guard lock{mutex_};
    for (const auto& slot : slots_)
      if (slot.record) open.push_back(slot.record);
  }
  for (const auto& record : open) {
    if (std::exchange(record->answered, true)) continue;
    record->expired = true;
    if (record->events.done) record->events.done(status, body);
  }
}

std::size_t Calls::owed() const {
  const std::lock_guard lock{mutex_};
  return owed_;
}

CallCounts Calls::counts() const {
  const std::lock_guard lock{mutex_};
  return counts_;
}

// The body as it may go on; what may not becomes a problem that says so.
std::string Calls::checked(cockpit_status& status, cockpit_text body) {
  if (body.size == 0 && status == COCKPIT_OK) return "{}";
  if (body.size == 0) return problem_json(status, status_name(status), "The plugin gave no reason.");
  auto line = on_one_line(view(body), static_cast<std::size_t>(limits_.depth));
  if (line) return std::move(*line);
  status = COCKPIT_INTERNAL;
  {
    const std::lock_guard lock{mutex_};
    ++counts_.malformed;
  }
  return problem_json(status, "The plugin answered garbage", "Its answer was refused: " + line.reason);
}

cockpit_status Calls::complete(cockpit_call call, cockpit_status status, cockpit_text body) {
  auto record = take(call);
  if (!record) {
    const std::lock_guard lock{mutex_};
    ++counts_.stale;
    return COCKPIT_STALE;
  }
  auto said = COCKPIT_OK;
  std::string text;
  if (body.size > limits_.body_bytes) {
    said = status = COCKPIT_TOO_LARGE;
    text = too_large_json(body.size, limits_.body_bytes);
  } else {
    text = checked(status, body);
  }
  if (record->expired) {
    said = COCKPIT_STALE;
    const std::lock_guard lock{mutex_};
    ++counts_.late;
  }
  open_bytes_ += text.size();
  boost::asio::post(
      io_, [self = shared_from_this(), record = std::move(record), status, text = std::move(text)]() mutable {
        self->open_bytes_ -= text.size();
        const bool late = std::exchange(record->answered, true);
        auto& event = late ? record->events.late : record->events.done;
        if (event) event(status, std::move(text));
      });
  return said;
}

// Passes on the newest update and progress of a call, at most one hop in flight a call.
void Calls::post_pending(const std::shared_ptr<Record>& record) {
  boost::asio::post(io_, [self = shared_from_this(), record] {
    std::optional<Update> update;
    std::optional<std::string> progress;
    {
      const std::lock_guard lock{record->mutex};
      update = std::exchange(record->update, std::nullopt);
      progress = std::exchange(record->progress, std::nullopt);
      record->posted = false;
    }
    if (update) self->open_bytes_ -= update->body.size();
    if (progress) self->open_bytes_ -= progress->size();
    if (record->answered) return;
    if (progress && record->events.progress) record->events.progress(std::move(*progress));
    if (update && record->events.update)
      record->events.update(update->status, update->as_of_ms, std::move(update->body));
  });
}

cockpit_status Calls::progress(cockpit_call call, cockpit_text body) {
  const auto record = find(call);
  const auto refused = [this](cockpit_status status) {
    const std::lock_guard lock{mutex_};
    ++(status == COCKPIT_STALE ? counts_.stale : counts_.refused);
    return status;
  };
  if (!record || record->expired) return refused(COCKPIT_STALE);
  if (body.size > limits_.progress_bytes) return refused(COCKPIT_TOO_LARGE);
  if (open_bytes_ + body.size > limits_.open_bytes) return refused(COCKPIT_BUSY);
  auto status = COCKPIT_OK;
  auto text = checked(status, body);
  if (status != COCKPIT_OK) return COCKPIT_INVALID;
  open_bytes_ += text.size();
  const std::lock_guard lock{record->mutex};
  if (record->progress) open_bytes_ -= record->progress->size();
  record->progress = std::move(text);
  if (!std::exchange(record->posted, true)) post_pending(record);
  return COCKPIT_OK;
}

cockpit_status Calls::update(cockpit_call call, cockpit_status status, std::uint64_t as_of_ms,
                             cockpit_text body) {
  const auto record = find(call);
  const auto refused = [this](cockpit_status why) {
    const std::lock_guard lock{mutex_};
    ++(why == COCKPIT_STALE ? counts_.stale : counts_.refused);
    return why;
  };
  if (!record || record->expired) return refused(COCKPIT_STALE);
  if (open_bytes_ + std::min(body.size, limits_.update_bytes) > limits_.open_bytes)
    return refused(COCKPIT_BUSY);
  const bool too_large = body.size > limits_.update_bytes;
  std::string text;
  if (too_large) {
    // Whoever looks is told why nothing new comes; the plugin may send a smaller one.
    refused(status = COCKPIT_TOO_LARGE);
    text = too_large_json(body.size, limits_.update_bytes);
  } else if (body.size > 0 || status != COCKPIT_OK) {
    text = checked(status, body);
  }
  open_bytes_ += text.size();
  const std::lock_guard lock{record->mutex};
  auto& kept = record->update;
  if (kept) open_bytes_ -= kept->body.size();
  // "Unchanged" must not hide an answer that nobody has seen yet: only its age moves.
  if (kept && text.empty() && kept->status == COCKPIT_OK) {
    open_bytes_ += kept->body.size();
    kept->as_of_ms = as_of_ms;
  } else {
    kept = Update{status, as_of_ms, std::move(text)};
  }
  if (!std::exchange(record->posted, true)) post_pending(record);
  return too_large ? COCKPIT_TOO_LARGE : COCKPIT_OK;
}

}  // namespace host::plugins
