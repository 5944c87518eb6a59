#include "job_pages.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "rest_client/url.hpp"

namespace batch_view {
namespace {

using nlohmann::json;

// Takes the members of flat objects in one list; anything nested deeper is passed over.
class JobReader final : public nlohmann::json_sax<json> {
 public:
  explicit JobReader(const std::function<void(const Job&)>& see) : see_(see) {}

  std::size_t seen() const { return seen_; }
  bool was_list() const { return was_list_; }

  bool null() override { return true; }
  bool boolean(bool value) override {
    if (depth_ == 2 && key_ == "suspended") job_.suspended = value;
    return was_list_;
  }
  bool number_integer(number_integer_t value) override {
    if (depth_ == 2 && key_ == "retries") job_.retries = value;
    if (depth_ == 2 && key_ == "priority") job_.priority = value;
    return was_list_;
  }
  bool number_unsigned(number_unsigned_t value) override {
    return number_integer(static_cast<number_integer_t>(value));
  }
  bool number_float(number_float_t, const string_t&) override { return was_list_; }
  bool binary(binary_t&) override { return false; }
  bool string(string_t& value) override {
    if (depth_ != 2) return was_list_;
    if (key_ == "id")
      job_.id = std::move(value);
    else if (key_ == "jobDefinitionId")
      job_.definition = std::move(value);
    else if (key_ == "batchId")
      job_.batch = std::move(value);
    else if (key_ == "exceptionMessage")
      job_.message = std::move(value);
    else if (key_ == "failedActivityId")
      job_.activity = std::move(value);
    else if (key_ == "dueDate")
      job_.due = std::move(value);
    else if (key_ == "createTime")
      job_.created = std::move(value);
    return true;
  }
  bool start_object(std::size_t) override {
    if (!was_list_) return false;
    if (++depth_ == 2) job_ = {};
    return true;
  }
  bool key(string_t& name) override {
    if (depth_ == 2) key_ = std::move(name);
    return true;
  }
  bool end_object() override {
    if (depth_-- != 2) return true;
    ++seen_;
    see_(job_);
    return true;
  }
  bool start_array(std::size_t) override {
    was_list_ = was_list_ || depth_ == 0;
    ++depth_;
    return was_list_;
  }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const json::exception&) override { return false; }

 private:
  const std::function<void(const Job&)>& see_;
  Job job_;
  std::string key_;
  std::size_t depth_ = 0, seen_ = 0;
  bool was_list_ = false;
};

Problem not_jobs() {
  return {COCKPIT_UNAVAILABLE, "The engine's answer was not understood", "It was not a list of jobs."};
}

std::string paged(std::uint64_t first, std::size_t size) {
  return "/job?firstResult=" + std::to_string(first) + "&maxResults=" + std::to_string(size);
}

rest_client::Request asking(std::string target, const json& filter, Clock::time_point deadline) {
  rest_client::Request request;
  request.method = rest_client::Method::post;
  request.only_reads = true;
  request.target = std::move(target);
  request.body = filter.dump();
  request.deadline = deadline;
  return request;
}

}  // namespace

std::optional<std::size_t> each_job(std::string_view text, const std::function<void(const Job&)>& see) {
  JobReader reader{see};
  if (!json::sax_parse(text, &reader) || !reader.was_list()) return std::nullopt;
  return reader.seen();
}

std::optional<std::size_t> allowed_rows(std::string_view refusal) {
  constexpr std::string_view mark = "Max results limit of ";
  const auto at = refusal.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const auto digits = refusal.substr(at + mark.size());
  std::size_t rows = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), rows);
  return read.ec == std::errc{} && rows > 0 ? std::optional{rows} : std::nullopt;
}

void Engine::each_failed_job(const std::string& definition, std::uint64_t first, std::size_t size,
                             std::function<void(const Job&)> see, Then<PageRead> then) {
  const json filter{{"jobDefinitionId", definition},
                    {"noRetriesLeft", true},
                    {"sorting", {{{"sortBy", "jobId"}, {"sortOrder", "asc"}}}}};
  ask(asking(paged(first, size), filter, environment_.now() + read_deadline),
      [definition, see = std::move(see), then = std::move(then)](Got<rest_client::Response> got) {
        if (auto* problem = std::get_if<Problem>(&got)) {
          if (const auto limit = allowed_rows(problem->detail)) return then(PageRead{0, limit});
          return then(std::move(*problem));
        }
        const auto rows = each_job(std::get<rest_client::Response>(got).body, [&](const Job& job) {
          if (job.definition == definition && job.retries == 0 && !job.id.empty()) see(job);
        });
        if (!rows) return then(not_jobs());
        then(PageRead{*rows, std::nullopt});
      });
}

// By ids alone: with a definition beside them engines make a statement of it that is not valid SQL.
void Engine::jobs_among(const std::vector<std::string>& ids, Then<Jobs> then) {
  ask(asking(paged(0, ids.size()), {{"jobIds", ids}}, environment_.now() + read_deadline),
      [then = std::move(then)](Got<rest_client::Response> got) {
        if (auto* problem = std::get_if<Problem>(&got)) {
          if (const auto limit = allowed_rows(problem->detail)) return then(Jobs{{}, limit});
          return then(std::move(*problem));
        }
        Jobs found;
        if (!each_job(std::get<rest_client::Response>(got).body,
                      [&found](const Job& job) { found.jobs.push_back(job); }))
          return then(not_jobs());
        then(std::move(found));
      });
}

}  // namespace batch_view
