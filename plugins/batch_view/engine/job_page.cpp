#include "engine/job_page.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "engine/answer_text.hpp"

namespace batch_view {
namespace {

using nlohmann::json;

// Takes the members of flat objects in one list; anything nested deeper is passed over. A member of another
// type than engines give it is as if it were not there; a row without an id is no job.
class JobReader final : public nlohmann::json_sax<json> {
 public:
  explicit JobReader(const std::function<void(const Job&)>& see) : see_(see) {}

  const JobsRead& seen() const { return seen_; }
  bool was_list() const { return was_list_; }

  bool null() override {
    if (depth_ == 2 && key_ == "batchId") job_.batch_unknown = false;
    if (depth_ == 1) row_is_lost();
    return was_list_;
  }
  bool boolean(bool value) override {
    if (depth_ == 2 && key_ == "suspended")
      job_.suspended = value;
    else
      lost_here();
    return was_list_;
  }
  bool number_integer(number_integer_t value) override {
    if (depth_ == 2 && key_ == "retries")
      job_.retries = value;
    else if (depth_ == 2 && key_ == "priority")
      job_.priority = value;
    else
      lost_here();
    return was_list_;
  }
  bool number_unsigned(number_unsigned_t value) override {
    return number_integer(static_cast<number_integer_t>(value));
  }
  bool number_float(number_float_t value, const string_t&) override {
    constexpr auto most = 1e15;  // whole numbers up to here are exact
    if (value > -most && value < most) return number_integer(static_cast<number_integer_t>(value));
    lost_here();
    return was_list_;
  }
  bool binary(binary_t&) override { return false; }
  bool string(string_t& value) override {
    auto* text = depth_ == 2 ? text_named() : nullptr;
    if (text != nullptr)
      *text = std::move(value);
    else if (depth_ == 2 && key_ == "id")
      job_.id = std::move(value);
    else if (depth_ == 2 && key_ == "jobDefinitionId")
      job_.definition = std::move(value);
    else if (depth_ == 2 && key_ == "batchId") {
      job_.batch = std::move(value);
      job_.batch_unknown = false;
    } else {
      lost_here();
    }
    return was_list_;
  }
  bool start_object(std::size_t) override {
    if (!was_list_) return false;
    if (++depth_ == 2) {
      job_ = {};
      job_.batch_unknown = true;
      lost_ = false;
    } else {
      nested();
    }
    return true;
  }
  bool key(string_t& name) override {
    if (depth_ == 2) key_ = std::move(name);
    return true;
  }
  bool end_object() override {
    if (depth_-- != 2) return true;
    ++seen_.rows;
    if (lost_ || job_.id.empty()) ++seen_.unread;
    // Of no definition it is of no batch.
    if (job_.definition.empty()) job_.batch_unknown = false;
    if (!job_.id.empty()) see_(job_);
    return true;
  }
  bool start_array(std::size_t) override {
    was_list_ = was_list_ || depth_ == 0;
    if (depth_ == 1) row_is_lost();
    ++depth_;
    nested();
    return was_list_;
  }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const json::exception&) override { return false; }

 private:
  std::optional<std::string>* text_named() {
    if (key_ == "exceptionMessage") return &job_.message;
    if (key_ == "failedActivityId") return &job_.activity;
    if (key_ == "dueDate") return &job_.due;
    if (key_ == "createTime") return &job_.created;
    if (key_ == "processInstanceId") return &job_.instance;
    return nullptr;
  }
  bool is_known() {
    return text_named() != nullptr || key_ == "id" || key_ == "jobDefinitionId" || key_ == "batchId" ||
           key_ == "retries" || key_ == "priority" || key_ == "suspended";
  }
  // A value where it does not belong: of a row's member, or in the place of a row.
  void lost_here() {
    if (depth_ == 2 && is_known()) lost_ = true;
    if (depth_ == 1) row_is_lost();
  }
  void row_is_lost() {
    ++seen_.rows;
    ++seen_.unread;
  }
  void nested() {
    if (depth_ == 3 && is_known()) lost_ = true;
  }

  const std::function<void(const Job&)>& see_;
  Job job_;
  std::string key_;
  std::size_t depth_ = 0;
  JobsRead seen_;
  bool was_list_ = false, lost_ = false;
};

Problem not_jobs() {
  return {COCKPIT_UNAVAILABLE, "The engine's answer was not understood", "It was not a list of jobs."};
}

}  // namespace

rest_client::Request asking_jobs(std::uint64_t first, std::size_t size, const json& filter,
                                 Clock::time_point deadline) {
  rest_client::Request request;
  request.method = rest_client::Method::post;
  request.only_reads = true;
  request.target = "/job?firstResult=" + std::to_string(first) + "&maxResults=" + std::to_string(size);
  request.body = filter.dump();
  request.deadline = deadline;
  return request;
}

std::optional<JobsRead> each_job(std::string text, const std::function<void(const Job&)>& see) {
  JobReader reader{see};
  if (!json::sax_parse(readable_json(std::move(text)), &reader) || !reader.was_list()) return std::nullopt;
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
  ask(asking_jobs(first, size, filter, environment_.now() + read_deadline),
      [definition, see = std::move(see), then = std::move(then)](Got<rest_client::Response> got) {
        if (auto* problem = std::get_if<Problem>(&got)) {
          if (const auto limit = allowed_rows(problem->detail)) return then(PageRead{0, 0, limit});
          return then(std::move(*problem));
        }
        const auto read = each_job(std::move(std::get<rest_client::Response>(got).body), [&](const Job& job) {
          if (job.definition == definition && job.retries == 0) see(job);
        });
        if (!read) return then(not_jobs());
        then(PageRead{read->rows, read->unread, std::nullopt});
      });
}

}  // namespace batch_view
