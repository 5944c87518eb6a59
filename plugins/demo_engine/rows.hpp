// The demo engine's records as the JSON objects engines answer: same names, same order, dates in the engine's
// format. Plain functions, the program's thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine_model.hpp"
#include "people.hpp"

namespace demo_engine {

/// A job of a batch that runs.
struct JobRow {
  const Batch* batch;
  const Job* job;
};

/// An entry of the job log with the log it stands in.
struct LogRow {
  const BatchLog* log;
  const LogEntry* entry;
};

/// `batch-seed-job`, `batch-monitor-job`, or the batch's type for its execution jobs.
std::string job_type(const BatchFacts& facts, JobKind kind);
Id definition_of(const BatchFacts& facts, JobKind kind);

nlohmann::ordered_json batch_json(const Batch& batch);
/// Takes out what engines before 7.18 do not write.
void drop_starts(nlohmann::ordered_json& row);
nlohmann::ordered_json statistics_json(const Batch& batch);
nlohmann::ordered_json history_json(const HistoricBatch& batch);
/// `names_batch`: engines of older versions do not write batchId.
nlohmann::ordered_json job_json(const JobRow& row, bool names_batch = true);
nlohmann::ordered_json definition_json(const Batch& batch, JobKind kind);
nlohmann::ordered_json log_json(const LogRow& row, bool names_batch = true);
nlohmann::ordered_json incident_json(const JobRow& row);
nlohmann::ordered_json user_json(const Person& person);

}  // namespace demo_engine
