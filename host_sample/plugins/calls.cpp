#include "plugins/calls.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/status.hpp"
#include "plugins/body_scan.hpp"
#include "plugins/texts.hpp"

namespace host::plugins {
namespace {

std::string too_large_json(std::uint64_t bytes, std::uint64_t allowed) {
  return problem_json(COCKPIT_TOO_LARGE, "The plugin's answer is too large",
                      std::to_string(bytes) + " bytes, and " + std::to_string(allowed) + " are allowed.");
}

}  // namespace

struct Calls::Record {
  struct Update {
    cockpit_status status;
    std::uint64_t as_of_ms;
    std::string body;
  };

  CallEvents events;
  BodyShape shape;
  bool answered = false;             // I/O thread: `done` was said
  std::atomic<bool> expired{false};  // the host answered for the plugin
  std::mutex mutex;                  // guards what follows: the newest of each, not yet passed on
  std::optional<Update> update;
  std::optional<std::string> progress;
  bool posted = false;
};

Calls::Calls(boost::asio::any_io_executor io, const cockpit_limits& limits, std::shared_ptr<Faults> faults)
    : io_(std::move(io)), limits_(limits), faults_(std::move(faults)) {
  slots_.reserve(limits_.open_calls);
  free_.reserve(limits_.open_calls);
  broken_.reserve(limits_.open_calls);
}

cockpit_call Calls::open(CallEvents events, BodyShape shape) {
  auto record = std::make_shared<Record>();
  record->events = std::move(events);
  record->shape = std::move(shape);
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

// Whether that handle was ever one of this plugin's.
bool Calls::was_given(cockpit_call call) const {
  const auto index = static_cast<std::uint32_t>(call & 0xffffffffu);
  const std::lock_guard lock{mutex_};
  return index != 0 && index <= slots_.size() &&
         slots_[index - 1].generation > static_cast<std::uint32_t>(call >> 32);
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
std::string Calls::checked(cockpit_status& status, cockpit_text body, const BodyShape& shape, bool late) {
  if (status < COCKPIT_OK || status > COCKPIT_INTERNAL) {
    faults_->add(Fault::unknown_status, std::to_string(status));
    const auto said = std::exchange(status, COCKPIT_INTERNAL);
    return problem_json(status, "The plugin answered garbage",
                        "It returned the unknown status " + std::to_string(said) + ".");
  }
  if (body.size == 0 && status == COCKPIT_OK && shape.kind == BodyShape::Kind::any) return "{}";
  if (body.size == 0 && status != COCKPIT_OK)
    return problem_json(status, status_name(status), "The plugin gave no reason.");
  auto made = scanned(view(body), static_cast<std::size_t>(limits_.depth),
                      status == COCKPIT_OK ? shape : BodyShape{});
  if (made) {
    for (const auto& note : made->notes) faults_->add(late ? Fault::late_garbage : Fault::garbage, note);
    return std::move(made->line);
  }
  status = COCKPIT_INTERNAL;
  {
    const std::lock_guard lock{mutex_};
    ++counts_.malformed;
  }
  faults_->add(late ? Fault::late_garbage : Fault::garbage, made.reason);
  return problem_json(status, "The plugin answered garbage", "Its answer was refused: " + made.reason + ".");
}

cockpit_status Calls::complete(cockpit_call call, cockpit_status status, cockpit_text body) noexcept {
  auto record = take(call);
  if (!record) {
    faults_->add(was_given(call) ? Fault::completed_twice : Fault::unknown_call);
    const std::lock_guard lock{mutex_};
    ++counts_.stale;
    return COCKPIT_STALE;
  }
  try {
    return taken(record, status, body);
  } catch (...) {
    faults_->add(Fault::host_failed);
    const std::lock_guard lock{mutex_};
    // There is room: no more calls than that are ever open, and each is here once.
    if (broken_.size() < broken_.capacity()) broken_.push_back(std::move(record));
    return COCKPIT_INTERNAL;
  }
}

cockpit_status Calls::taken(std::shared_ptr<Record>& record, cockpit_status status, cockpit_text body) {
  auto said = COCKPIT_OK;
  std::string text;
  const bool late = record->expired;
  if (body.size > limits_.body_bytes) {
    said = status = COCKPIT_TOO_LARGE;
    text = too_large_json(body.size, limits_.body_bytes);
  } else {
    text = checked(status, body, record->shape, late);
  }
  const auto size = text.size();
  open_bytes_ += size;
  try {
    boost::asio::post(io_, [self = shared_from_this(), record, status, text = std::move(text)]() mutable {
      self->open_bytes_ -= text.size();
      const bool was_answered = std::exchange(record->answered, true);
      auto& event = was_answered ? record->events.late : record->events.done;
      if (event) event(status, std::move(text));
    });
  } catch (...) {
    open_bytes_ -= size;
    throw;
  }
  if (late) {
    said = COCKPIT_STALE;
    const std::lock_guard lock{mutex_};
    ++counts_.late;
  }
  return said;
}

void Calls::end_broken() {
  std::vector<std::shared_ptr<Record>> broken;
  broken.reserve(limits_.open_calls);
  {
    const std::lock_guard lock{mutex_};
    broken_.swap(broken);
  }
  for (const auto& record : broken) {
    const bool late = std::exchange(record->answered, true);
    auto& event = late ? record->events.late : record->events.done;
    if (event)
      event(COCKPIT_INTERNAL, problem_json(COCKPIT_INTERNAL, "The host could not take the answer",
                                           "There was no memory for it. Try again in a moment."));
  }
}

// Passes on the newest update and progress of a call, at most one hop in flight a call. Under the record's
// mutex.
void Calls::post_pending(const std::shared_ptr<Record>& record) {
  if (std::exchange(record->posted, true)) return;
  const auto posted = [&] {
    boost::asio::post(io_, [self = shared_from_this(), record] {
      std::optional<Record::Update> update;
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
  };
  try {
    posted();
  } catch (...) {
    record->posted = false;  // what waits goes with the next one
    throw;
  }
}

// What is said of a call that is over is normal after its end, and counted.
cockpit_status Calls::refused(cockpit_call call, cockpit_status why) {
  if (why == COCKPIT_STALE && find(call) == nullptr && !was_given(call)) faults_->add(Fault::unknown_call);
  const std::lock_guard lock{mutex_};
  ++(why == COCKPIT_STALE ? counts_.stale : counts_.refused);
  return why;
}

cockpit_status Calls::progress(cockpit_call call, cockpit_text body) noexcept {
  try {
    return progressed(call, body);
  } catch (...) {
    faults_->add(Fault::host_failed);
    return COCKPIT_INTERNAL;
  }
}

cockpit_status Calls::update(cockpit_call call, cockpit_status status, std::uint64_t as_of_ms,
                             cockpit_text body) noexcept {
  try {
    return updated(call, status, as_of_ms, body);
  } catch (...) {
    faults_->add(Fault::host_failed);
    return COCKPIT_INTERNAL;
  }
}

cockpit_status Calls::progressed(cockpit_call call, cockpit_text body) {
  const auto record = find(call);
  if (!record || record->expired) return refused(call, COCKPIT_STALE);
  if (body.size > limits_.progress_bytes) return refused(call, COCKPIT_TOO_LARGE);
  if (open_bytes_ + body.size > limits_.open_bytes) return refused(call, COCKPIT_BUSY);
  auto status = COCKPIT_OK;
  auto text = checked(status, body, {}, false);
  if (status != COCKPIT_OK) return COCKPIT_INVALID;
  open_bytes_ += text.size();
  const std::lock_guard lock{record->mutex};
  if (record->progress) open_bytes_ -= record->progress->size();
  record->progress = std::move(text);
  post_pending(record);
  return COCKPIT_OK;
}

cockpit_status Calls::updated(cockpit_call call, cockpit_status status, std::uint64_t as_of_ms,
                              cockpit_text body) {
  const auto record = find(call);
  if (!record || record->expired) return refused(call, COCKPIT_STALE);
  if (open_bytes_ + std::min(body.size, limits_.update_bytes) > limits_.open_bytes)
    return refused(call, COCKPIT_BUSY);
  const bool too_large = body.size > limits_.update_bytes;
  std::string text;
  if (too_large) {
    // Viewers are notified why no update arrives; the plugin may send a smaller one.
    refused(call, status = COCKPIT_TOO_LARGE);
    text = too_large_json(body.size, limits_.update_bytes);
  } else if (body.size > 0 || status != COCKPIT_OK) {
    text = checked(status, body, record->shape, false);
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
    kept = Record::Update{status, as_of_ms, std::move(text)};
  }
  post_pending(record);
  return too_large ? COCKPIT_TOO_LARGE : COCKPIT_OK;
}

}  // namespace host::plugins
