// The filters and sort keys of /job and /incident. Lives for one request.
#pragma once

#include <string>
#include <vector>

#include "call.hpp"
#include "rows.hpp"

namespace demo_engine {

extern const std::vector<std::string> kJobKeys;
extern const std::vector<std::string> kIncidentKeys;

/// The jobs the filters select, in the order of their ids. Known filters: jobId, jobIds, jobDefinitionId,
/// withException, noRetriesLeft, withRetriesLeft, active, suspended, executable, acquired, messages, timers,
/// exceptionMessage, failedActivityId, priorities, tenants, and those of process instances, which no batch
/// job has.
std::vector<JobRow> select_jobs(const EngineModel& model, const Filters& filters, const Traits& traits);
std::weak_ordering compare_jobs(const std::string& key, const JobRow& a, const JobRow& b);

/// The jobs with open incidents that the filters select, in the order of the incidents' ids.
std::vector<JobRow> select_incidents(const EngineModel& model, const Filters& filters);
std::weak_ordering compare_incidents(const std::string& key, const JobRow& a, const JobRow& b);

}  // namespace demo_engine
