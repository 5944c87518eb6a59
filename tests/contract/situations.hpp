// Brings an engine's batches into the states worth testing, by requests that any engine of the family takes,
// and reads them. What is made is deleted at the end of the test.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine.hpp"

namespace contract {

/// A new id that no engine knows.
std::string made_up_id();
std::vector<std::string> made_up_ids(std::size_t count);

/// A batch as its creation answered it; deleted with its history at the end of its life, if it still runs.
class MadeBatch {
 public:
  explicit MadeBatch(const Json& created);
  ~MadeBatch();
  MadeBatch(const MadeBatch&) = delete;
  MadeBatch& operator=(const MadeBatch&) = delete;

  std::string id;
  std::string seed_definition;
  std::string monitor_definition;
  std::string execution_definition;

  /// Its row in the statistics; nothing when it does not run any more.
  std::optional<Json> statistics() const;
  /// Jobs of one of its definitions.
  Json jobs(const std::string& definition, const std::string& more = {}) const;
  /// The monitor job that waits for its next look, once there is one.
  std::string waiting_monitor_job() const;
  void set_suspended(bool suspended) const;
};

/// Gives a job retries and holds it until a time: with the retries since 7.19, before that by a call of its
/// own.
Reply retry_at(const std::string& job, int retries, const std::string& due);

/// What the engine puts before a message, such as "ENGINE-13053 ": nothing before 7.19.
std::string message_code(const char* code);

/// Deleting instances that do not exist succeeds: a batch that finishes.
Json create_succeeding(std::size_t jobs);
/// Retries of external tasks that do not exist fail.
Json create_failing(std::size_t jobs);

/// A batch with so many failed jobs and no others.
class FailedBatch : public MadeBatch {
 public:
  explicit FailedBatch(std::size_t jobs);
};

/// A batch suspended before its seed job was done; resume it and it goes on.
class UnseededBatch : public MadeBatch {
 public:
  UnseededBatch();
};

/// The engine's own batch of slow jobs, at work as long as this lives. Suspended at other times, so that on
/// an engine with few threads the other tests need not wait for it.
class BusyBatch {
 public:
  BusyBatch();
  ~BusyBatch();
  BusyBatch(const BusyBatch&) = delete;
  BusyBatch& operator=(const BusyBatch&) = delete;

  std::string id;
  std::string execution_definition;
};

}  // namespace contract
