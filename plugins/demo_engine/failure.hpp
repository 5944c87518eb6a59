// Why a job of the demo engine failed: the message the engine shows and the Java stack trace behind it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace demo_engine {

enum class FailureCause {
  payment_refused,  ///< A delegate of the process threw; markup and quotes in its message.
  duplicate_key,    ///< The database refused a row; a long message with line breaks and non-ASCII letters.
  service_timeout,  ///< A remote call took too long.
  external_task_missing,  ///< Made-up ids given to POST /external-task/retries-async.
  job_missing,            ///< Made-up ids given to POST /job/retries.
  seed_configuration,     ///< A seed job could not read what it was to create jobs from.
  lock_conflict,          ///< The batch or the job was changed while the job ran; no failure of the work.
};

struct Failure {
  FailureCause cause;
  std::string item;             ///< What the work was about; messages are made of it when they are asked for.
  std::string failed_activity;  ///< Empty where the engine answers null.
  bool old_words = false;  ///< As engines before 7.19 say it: with the expression that failed, without codes.
};

/// Shared by a job, its incident and its log entries; never changed once made.
using FailurePtr = std::shared_ptr<const Failure>;

/// What work on `item` (an id or an invoice number) fails with. `old_words`: see Failure.
FailurePtr make_failure(FailureCause cause, const std::string& item, bool old_words = false);

/// The whole message. Engines cut it for jobs and log entries: see shown_message().
std::string whole_message(const Failure& failure);

/// The message as jobs and log entries carry it: at most 666 UTF-16 units, as the engine's column holds.
std::string shown_message(const Failure& failure);

/// The full stack trace, several kilobytes, with its `Caused by:` chain.
std::string stack_trace(const Failure& failure);

}  // namespace demo_engine
