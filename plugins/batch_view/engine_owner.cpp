// Which batch a job belongs to. Jobs say it themselves since 7.22; before that it is found out, by whichever
// of these tells it to this person:
//   the batches that were read before, since each names the definitions of its jobs;
//   the definition of the job, which the engine hides from most users who are not administrators;
//   the job's entries in the log, which everybody may read, where the engine keeps one (level "full");
//   the batches that the person may see.
// The answer is what the engine says of the job, no permission: who asks for a job's batch must ask then
// whether the person may see that.
#include <utility>

#include "engine_listing.hpp"

namespace batch_view {
namespace {

constexpr std::size_t most_owners = 20'000;  // three for each batch

bool is_away(const Problem& problem) {
  return problem.status != COCKPIT_NOT_FOUND && problem.status != COCKPIT_DENIED &&
         problem.status != COCKPIT_INVALID;
}

}  // namespace

void Engine::know_owner(const std::string& definition, const std::string& batch) {
  if (definition.empty() || batch.empty()) return;
  if (owners_.size() >= most_owners) owners_.clear();
  owners_[definition] = batch;
}

void Engine::know_owner(const Batch& batch) {
  for (const auto* definition : {&batch.seed_definition, &batch.monitor_definition, &batch.job_definition})
    know_owner(*definition, batch.id);
}

void Engine::find_owner(const Job& job, Then<std::optional<std::string>> then) {
  if (const auto known = owners_.find(job.definition); known != owners_.end())
    return environment_.post([self = shared_from_this(), then = std::move(then), batch = known->second] {
      then(std::optional{batch});
    });
  get("/job-definition/" + rest_client::encode(job.definition),
      [this, self = shared_from_this(), job, then = std::move(then)](Got<Json> got) {
        if (auto* problem = std::get_if<Problem>(&got)) {
          if (is_away(*problem)) return then(std::move(*problem));
          return owner_by_log(job, then);
        }
        const auto& definition = std::get<Json>(got);
        const auto at = definition.find("jobConfiguration");
        if (at == definition.end() || !at->is_string()) return owner_by_log(job, then);
        // Of a job of a process it is something else, which is the id of no batch.
        know_owner(job.definition, at->get<std::string>());
        then(std::optional{at->get<std::string>()});
      });
}

void Engine::owner_by_log(const Job& job, Then<std::optional<std::string>> then) {
  get("/history/job-log?jobId=" + rest_client::encode(job.id) + "&firstResult=0&maxResults=1",
      [this, self = shared_from_this(), job, then = std::move(then)](Got<Json> got) {
        if (auto* problem = std::get_if<Problem>(&got)) {
          if (is_away(*problem)) return then(std::move(*problem));
          return owner_by_list(job, then);
        }
        const auto& entries = std::get<Json>(got);
        const auto entry = entries.is_array() && !entries.empty() ? log_entry_of(entries.front()).row
                                                                  : std::optional<LogEntry>{};
        if (!entry || entry->job != job.id || entry->batch.empty()) return owner_by_list(job, then);
        know_owner(job.definition, entry->batch);
        then(std::optional{entry->batch});
      });
}

void Engine::owner_by_list(const Job& job, Then<std::optional<std::string>> then) {
  Page page;
  page.size = most_rows_at_once;
  running({}, page,
          [this, self = shared_from_this(), job, size = page.size,
           then = std::move(then)](Got<std::vector<Batch>> got) {
            if (auto* problem = std::get_if<Problem>(&got)) return then(std::move(*problem));
            if (const auto known = owners_.find(job.definition); known != owners_.end())
              return then(std::optional{known->second});
            // A job that is there belongs to a batch that runs: it is none of those this person may see.
            if (std::get<0>(got).size() < size) return then(std::optional<std::string>{std::string{}});
            then(std::optional<std::string>{});
          });
}

void Engine::job(const std::string& id, Then<std::optional<Job>> then) {
  auto found = [this, self = shared_from_this(), then = std::move(then)](Got<std::optional<Job>> got) {
    const auto* job = std::get_if<0>(&got);
    if (job == nullptr || !*job || !(*job)->batch_unknown) return then(std::move(got));
    find_owner(**job, [job = **job, then](Got<std::optional<std::string>> owner) mutable {
      if (auto* problem = std::get_if<Problem>(&owner)) return then(std::move(*problem));
      const auto& batch = std::get<0>(owner);
      job.batch_unknown = !batch;
      job.batch = batch.value_or(std::string{});
      then(std::optional{std::move(job)});
    });
  };
  get("/job/" + rest_client::encode(id), made_if_there<Job>(std::move(found), only_row(job_of)));
}

// Of many jobs: each definition is asked for once, one after the other.
struct Engine::Owning {
  Jobs found;
  std::size_t at = 0;
  std::map<std::string, std::optional<std::string>> owners;
  Then<Jobs> then;
};

void Engine::find_owners(const std::shared_ptr<Owning>& owning) {
  for (; owning->at < owning->found.jobs.size(); ++owning->at) {
    auto& job = owning->found.jobs[owning->at];
    if (!job.batch_unknown) continue;
    const auto known = owning->owners.find(job.definition);
    if (known == owning->owners.end())
      return find_owner(job, [this, self = shared_from_this(), owning,
                              definition = job.definition](Got<std::optional<std::string>> owner) {
        if (auto* problem = std::get_if<Problem>(&owner)) return owning->then(std::move(*problem));
        owning->owners[definition] = std::get<0>(std::move(owner));
        find_owners(owning);
      });
    job.batch_unknown = !known->second;
    job.batch = known->second.value_or(std::string{});
  }
  owning->then(std::move(owning->found));
}

// By ids alone: with a definition beside them engines make a statement of it that is not valid SQL.
void Engine::jobs_among(const std::vector<std::string>& ids, Then<Jobs> then) {
  const auto request = asking_jobs(0, ids.size(), {{"jobIds", ids}}, environment_.now() + read_deadline);
  ask(request, [this, self = shared_from_this(), then = std::move(then)](Got<rest_client::Response> got) {
    if (auto* problem = std::get_if<Problem>(&got)) {
      if (const auto limit = allowed_rows(problem->detail)) return then(Jobs{{}, limit});
      return then(std::move(*problem));
    }
    const auto owning = std::make_shared<Owning>();
    const auto read = each_job(std::move(std::get<rest_client::Response>(got).body),
                               [&owning](const Job& job) { owning->found.jobs.push_back(job); });
    if (!read) return then(not_understood("It was not a list of jobs."));
    owning->then = then;
    find_owners(owning);
  });
}

}  // namespace batch_view
