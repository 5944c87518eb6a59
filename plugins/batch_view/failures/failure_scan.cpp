#include <algorithm>
#include <numeric>

#include "engine/callback_guard.hpp"
#include "failures/failure_cache.hpp"
#include "failures/message_mask.hpp"
#include "model/exception_text.hpp"
#include "model/long_text.hpp"
#include "model/time.hpp"
#include "session/session.hpp"

namespace batch_view {
namespace {

constexpr std::size_t no_sentence = static_cast<std::size_t>(-1);
constexpr std::size_t longest_sample = 1000;  // bytes; engines cut messages at 666 characters

void call_all(Environment& environment, std::vector<std::function<void()>>& waiting) {
  for (const auto& then : std::exchange(waiting, {})) call_guarded(environment, then);
}

}  // namespace

void CausedJobs::add(std::string_view id, std::size_t cause) {
  jobs_.push_back({static_cast<std::uint32_t>(ids_.size()), static_cast<std::uint16_t>(id.size()),
                   static_cast<std::uint16_t>(cause)});
  ids_ += id;
}

FailureScan::FailureScan(const std::shared_ptr<Session>& session, const Batch& batch,
                         std::vector<std::string> definitions, const FailureScan* before)
    : environment_(session->environment()),
      session_(session),
      definitions_(std::move(definitions)),
      failed_then_(batch.failed) {
  of_ = static_cast<std::size_t>(std::max<std::int64_t>(0, batch.failed));
  if (definitions_.empty() || definitions_.front() != batch.job_definition) ++of_;  // the seed or monitor job
  if (before != nullptr)
    for (const auto& cause : before->causes_)
      if (!cause.exception.empty()) exceptions_[cause.key] = cause.exception;
}

void FailureScan::begin() {
  try {
    began_ = environment_.now();
    read_page();
  } catch (const std::exception& error) {  // whoever waits for it is answered all the same
    environment_.report(error.what());
    page_read(internal_problem());
  }
}

void FailureScan::when_over(std::function<void()> then) {
  if (over_) return then();
  waiting_.push_back(std::move(then));
}

void FailureScan::when_there_is_something(std::function<void()> then) {
  if (over_ || jobs_.size() > 0) return then();
  curious_.push_back(std::move(then));
}

void FailureScan::when_there_is_enough(std::function<void()> then) {
  if (over_) return then();
  impatient_.push_back(std::move(then));
}

void FailureScan::read_page() {
  const auto session = session_.lock();
  if (!session || definition_ == definitions_.size() || jobs_.size() >= most_jobs) return ask_traces();
  const auto size = session->state<FailureCache>().most_rows(std::min(page_rows, most_jobs - jobs_.size()));
  session->engine().each_failed_job(
      definitions_[definition_], first_, size,
      [self = shared_from_this()](const Job& job) { self->see(job); },
      guard_answer<Engine::PageRead>([self = shared_from_this(), size](Got<Engine::PageRead> got) {
        auto* page = std::get_if<Engine::PageRead>(&got);
        if (page != nullptr && page->limit) {
          const auto living = self->session_.lock();
          if (living && *page->limit < size) {
            living->state<FailureCache>().allow(*page->limit);
            return self->read_page();
          }
          return self->page_read(Problem{COCKPIT_UNAVAILABLE, "The engine allows too few rows",
                                         "It refuses even the number of rows that it allows."});
        }
        if (page != nullptr) self->unread_ += page->unread;
        if (page != nullptr && page->rows < size) {
          ++self->definition_;
          self->first_ = 0;
        } else {
          self->first_ += size;
        }
        self->page_read(std::move(got));
      }));
}

void FailureScan::page_read(Got<Engine::PageRead> got) {
  if (auto* problem = std::get_if<Problem>(&got)) {
    problem_ = std::move(*problem);
    return finish();
  }
  // Who sees a first part sees its causes joined: those that were joined a moment later would seem to have
  // gone.
  if (!curious_.empty()) join_causes();
  call_all(environment_, curious_);
  if (environment_.now() - began_ > patience) call_all(environment_, impatient_);
  read_page();
}

void FailureScan::see(const Job& job) {
  constexpr std::size_t longest_id = 255;
  if (job.id.size() > longest_id || jobs_.size() >= most_jobs) return;
  const auto index = cause_of(job);
  auto& cause = causes_[index];
  const auto activity = job.activity.value_or("");
  grouped_ = false;
  cause.last_job = job.id;
  if (++cause.count == 1) {
    cause.job = job.id;
    cause.sample = beginning_of(job.message.value_or(""), longest_sample);
    cause.activity = activity;
  } else if (cause.activity != activity) {
    cause.activity.clear();
  }
  if (const auto created = job.created ? ms_of(*job.created) : std::nullopt) {
    if (!cause.first || *created < cause.first->first) cause.first = {*created, *job.created};
    if (!cause.last || *created > cause.last->first) cause.last = {*created, *job.created};
  }
  jobs_.add(job.id, index);
}

std::size_t FailureScan::new_cause(Cause cause) {
  causes_.push_back(std::move(cause));
  sentence_of_.push_back(no_sentence);
  return causes_.size() - 1;
}

std::size_t FailureScan::cause_of(const Job& job) {
  auto text = job.message ? masked(*job.message) : std::string{};
  if (const auto at = known_.find(text); at != known_.end()) return at->second;
  if (known_.size() >= most_causes) return cause_beyond_bound(text);
  Cause cause;
  cause.key = text.empty() ? "none" : key_of_cause(text);
  cause.text = text;
  if (const auto at = exceptions_.find(cause.key); at != exceptions_.end()) cause.exception = at->second;
  const auto index = new_cause(std::move(cause));
  known_.emplace(std::move(text), index);
  if (known_.size() >= next_join_ || known_.size() == most_causes) join_causes();
  return index;
}

// One more of a sentence that many share, or of those that are not kept apart.
std::size_t FailureScan::cause_beyond_bound(const std::string& text) {
  const auto at = std::find_if(sentences_.begin(), sentences_.end(),
                               [&text](const Sentence& sentence) { return sentence.fits(text); });
  const auto key = at == sentences_.end() ? "others" : key_of_cause(at->text()) + "-more";
  for (std::size_t i = most_causes; i < causes_.size(); ++i)
    if (causes_[i].key == key) return i;
  Cause cause;
  cause.key = key;
  cause.other = at == sentences_.end();
  if (!cause.other) cause.text = at->text();
  const auto index = new_cause(std::move(cause));
  if (at != sentences_.end()) sentence_of_[index] = static_cast<std::size_t>(at - sentences_.begin());
  return index;
}

// Now and then, each time with twice as many; at the bound, since what comes after it can only join; and once
// all is read.
void FailureScan::join_causes() {
  next_join_ *= 2;
  std::vector<std::string_view> texts;
  texts.reserve(causes_.size());
  for (const auto& cause : causes_) texts.push_back(cause.text);
  // What came after the bound counts on the sentences as they are.
  if (causes_.size() <= most_causes) sentences_ = shared_sentences(texts, most_causes);
  for (std::size_t i = 0; i < std::min(causes_.size(), most_causes); ++i) {
    const auto at = std::find_if(sentences_.begin(), sentences_.end(),
                                 [&](const Sentence& sentence) { return sentence.fits(texts[i]); });
    sentence_of_[i] =
        at == sentences_.end() ? no_sentence : static_cast<std::size_t>(at - sentences_.begin());
  }
  grouped_ = false;
}

// One of each group, those with the most jobs first; of those without a message the first and the last, since
// such a job may have failed without one, or never have failed at all.
void FailureScan::ask_traces() {
  join_causes();
  for (const auto& group : groups()) {
    if (to_trace_.size() >= most_traces) break;
    if (group.whole.exception.empty() && !group.whole.other) to_trace_.push_back(group.parts.front());
  }
  std::reverse(to_trace_.begin(), to_trace_.end());  // taken from the end
  traces_open_ = traces_at_once;
  for (std::size_t i = 0; i < traces_at_once; ++i) next_trace();
}

void FailureScan::next_trace() {
  const auto session = session_.lock();
  if (!session || to_trace_.empty()) {
    if (traces_open_ == 0 || --traces_open_ == 0) finish();
    return;
  }
  const auto index = to_trace_.back();
  to_trace_.pop_back();
  read_trace(*session, index, causes_[index].job);
}

void FailureScan::read_trace(Session& session, std::size_t index, const std::string& job) {
  session.engine().stack_trace(
      job, guard_answer<std::optional<std::string>>(
               [self = shared_from_this(), index, job](Got<std::optional<std::string>> got) {
                 // Without it the cause is shown all the same.
                 auto& cause = self->causes_[index];
                 const auto* trace = std::get_if<0>(&got);
                 if (trace != nullptr && *trace) cause.exception = innermost_exception(**trace);
                 if (trace != nullptr && !*trace) cause.without_exception = true;
                 self->grouped_ = false;
                 const auto living = self->session_.lock();
                 if (living && cause.text.empty() && job == cause.job && cause.last_job != job)
                   return self->read_trace(*living, index, cause.last_job);
                 self->next_trace();
               }));
}

void FailureScan::finish() {
  if (over_) return;
  ended_ = environment_.now();
  if (began_ == Clock::time_point{}) began_ = ended_;
  over_ = true;
  known_.clear();
  exceptions_.clear();
  grouped_ = false;
  if (!problem_ && jobs_.size() < most_jobs) of_ = jobs_.size();
  call_all(environment_, waiting_);
  call_all(environment_, impatient_);
  call_all(environment_, curious_);
}

void FailureScan::remove_jobs(const std::unordered_set<std::string>& gone) {
  CausedJobs left;
  std::vector<std::size_t> counts(causes_.size());
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    if (gone.count(std::string{jobs_.id(i)}) != 0) continue;
    left.add(jobs_.id(i), jobs_.cause(i));
    ++counts[jobs_.cause(i)];
  }
  const auto taken = jobs_.size() - left.size();
  failed_then_ -= static_cast<std::int64_t>(taken);
  of_ -= std::min(of_, taken);
  jobs_ = std::move(left);
  for (std::size_t i = 0; i < causes_.size(); ++i) causes_[i].count = counts[i];
  grouped_ = false;
}

}  // namespace batch_view
