#include "views/runs.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/hash.hpp"
#include "base/json_text.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "base/status.hpp"
#include "views/live.hpp"
#include "views/plans.hpp"
#include "views/run_lines.hpp"
#include "views/run_records.hpp"

namespace host::views {
namespace {

using nlohmann::json;

constexpr std::size_t longest_key = 128;
constexpr std::size_t kept_digits = 32;  // of a hash
constexpr std::string_view silent = "The plugin said nothing for 30 s.";
static_assert(Runs::patience == std::chrono::seconds{30});

// What is asked, whatever words it is answered in: the same key for anything else is another run's.
std::string hash_of(const RunStart& start) {
  const auto& [question, action] = start;
  const auto text =
      json_text({question.plugin, question.at, question.row, question.parent, question.engines, action.action,
                 action.ids, action.query, action.params, action.plan, action.expect, action.dry_run});
  return sha256_hex(text).substr(0, kept_digits);
}

// The ids that an action says it was done to.
std::vector<std::string> ids_in(const json& answer) {
  std::vector<std::string> ids;
  const auto at = answer.is_object() ? answer.find("ids") : answer.end();
  if (!answer.is_object() || at == answer.end() || !at->is_array()) return ids;
  for (const auto& id : *at)
    if (id.is_string() && id.get_ref<const std::string&>().size() <= Plans::longest_id)
      ids.push_back(id.get<std::string>());
  return ids;
}

// A text, or one that the plugin's words resolve: whoever shows it does that.
json detail_of(const json& problem) {
  if (!problem.is_object()) return "";
  const auto detail = problem.contains("detail") ? problem.at("detail") : problem.value("title", json{});
  return detail.is_string() || (detail.is_object() && detail.contains("fallback")) ? detail : json("");
}

}  // namespace

struct Runs::Run {
  explicit Run(IoContext& io) : timer(io) {}
  json state;
  std::string request;  // the hash of what was asked, to recognize the same key with another content
  json of;              // what a plan that it makes is for
  bool running = true;
  std::weak_ptr<loader::Runtime> runtime;
  cockpit_call call = 0;
  Timer timer;
};

// What is to be sent, and what is written down of it.
struct Runs::Ready {
  RunStart start;
  std::string request;
  json of;                        // what a plan of it is for
  std::vector<std::string> plan;  // every id of the one that is confirmed
};

Runs::Runs(IoContext& io, loader::Registry& registry, Audit& audit, cockpit_authority authority,
           std::string principal)
    : io_(io),
      registry_(registry),
      audit_(audit),
      authority_(authority),
      principal_(std::move(principal)),
      records_(std::make_unique<RunRecords>()),
      plans_(std::make_unique<Plans>()) {
  audit_.on_line = [this](std::string_view line) { records_->take(line, now_ms()); };
}

Runs::~Runs() {
  audit_.on_line = nullptr;
}

std::vector<std::string> Runs::planned(const std::string& plan) const {
  return plans_->ids_of(plan);
}

std::shared_ptr<Runs::Run> Runs::find(const std::string& id) const {
  const auto at =
      std::find_if(runs_.begin(), runs_.end(), [&id](const auto& run) { return run->state.at("id") == id; });
  return at == runs_.end() ? nullptr : *at;
}

void Runs::notify(const Run& run) {
  if (on_run) on_run(json_text(run.state));
}

void Runs::forget_old() {
  const auto oldest = now_ms() - static_cast<std::uint64_t>(std::chrono::milliseconds{kept_for}.count());
  runs_.remove_if([oldest](const auto& run) {
    return !run->running && run->state.at("ended").template get<std::uint64_t>() < oldest;
  });
  while (runs_.size() >= most_kept) {
    const auto at = std::find_if(runs_.rbegin(), runs_.rend(), [](const auto& run) { return !run->running; });
    if (at == runs_.rend()) return;
    runs_.erase(std::next(at).base());
  }
}

std::optional<Runs::Begun> Runs::known(const RunStart& start) {
  const auto& key = start.action.run;
  if (key.empty() || key.size() > longest_key) return std::nullopt;
  const auto answer = [&](bool same, const json& state) {
    return same ? Begun{COCKPIT_OK, {}, json_text(state)}
                : refuse(start, COCKPIT_CONFLICT, "this key belongs to another run");
  };
  const auto request = hash_of(start);
  for (const auto& run : runs_)
    if (run->state.at("key") == key) return answer(run->request == request, run->state);
  audit_.catch_up();  // another host with this log may have begun it
  const auto* record = records_->find(key, now_ms());
  if (record == nullptr) return std::nullopt;
  return answer(record->request == request && record->principal == principal_, record->state);
}

Runs::Begun Runs::refuse(const RunStart& start, cockpit_status status, std::string reason) {
  constexpr std::uint64_t minute = 60'000;
  const auto now = now_ms();
  if (now - refusals_since_ > minute) {
    refusals_since_ = now;
    refusals_ = 0;
  }
  if (++refusals_ <= most_refusals) {
    std::vector<json> lines{line_of("refused", principal_, start)};
    lines.back()["status"] = status_name(status);
    lines.back()["reason"] = bounded(reason);
    if (refusals_ == most_refusals) lines.back()["more"] = "further refusals of this minute are not written";
    if (!start.action.ids.empty()) add_ids(lines, {}, {start.action.ids.front()});
    lines.back()["count"] = start.action.ids.size();
    audit_.write(std::move(lines));
  }
  return {status, std::move(reason), {}};
}

Result<Runs::Ready> Runs::prepare(const RunStart& start, const Description& description, const json& settings,
                                  cockpit_status& status) {
  using Failed = Result<Ready>;
  const auto& [question, action] = start;
  status = COCKPIT_INVALID;
  if (action.run.empty() || action.run.size() > longest_key)
    return Failed::failed("\"key\" has to be a text of 1 to 128 bytes");
  auto request = description.action_request(question, action, settings);
  if (!request) return Failed::failed(request.reason);
  Ready ready{start, {}, {}, {}};
  auto query = request->value("query", json::object());
  query.erase("count");
  ready.of = {{"principal", principal_},        {"plugin", question.plugin}, {"action", action.action},
              {"engine", question.engines},     {"at", question.at},         {"row", question.row},
              {"parent", question.parent},      {"ids", action.ids},         {"query", std::move(query)},
              {"params", request->at("params")}};
  ready.start.action.params = json_text(request->at("params"));
  if (request->contains("plan")) {
    auto whole = plans_->find(request->at("plan"), ready.of, Plans::Clock::now());
    if (!whole) {
      status = COCKPIT_CONFLICT;
      return Failed::failed(whole.reason);
    }
    ready.plan = whole->at("ids").get<std::vector<std::string>>();
    (*request)["plan"] = std::move(*whole);
  }
  ready.request = json_text(*request);
  return Failed::of(std::move(ready));
}

std::shared_ptr<Runs::Run> Runs::made(const Ready& ready) const {
  const auto& [question, action] = ready.start;
  auto run = std::make_shared<Run>(io_);
  run->of = ready.of;
  run->state = {{"id", random_name()},
                {"key", action.run},
                {"plugin", question.plugin},
                {"action", action.action},
                {"engine", question.engines.empty() ? json{} : json(question.engines.front())},
                {"ids", action.ids},
                {"parent", json_object(question.parent)},
                {"dryRun", action.dry_run},
                {"state", "running"},
                {"progress", nullptr},
                {"started", now_ms()}};
  return run;
}

Runs::Begun Runs::begin(const RunStart& start, const Description& description, const json& settings) {
  auto status = COCKPIT_OK;
  auto ready = prepare(start, description, settings, status);
  if (!ready) return refuse(start, status, ready.reason);
  const auto* entry = registry_.find(start.question.plugin);
  if (entry == nullptr || !entry->serving())
    return refuse(start, COCKPIT_UNAVAILABLE, "the plugin is not available right now");
  forget_old();
  if (runs_.size() >= most_kept)
    return refuse(start, COCKPIT_BUSY, "too many runs at once; wait for one to end");

  const auto run = made(*ready);
  run->request = hash_of(start);
  const auto id = run->state.at("id").get<std::string>();
  std::vector<json> lines{line_of("started", principal_, ready->start)};
  lines.back()["run"] = id;
  lines.back()["request"] = run->request;
  if (const auto& ids = ready->plan.empty() ? start.action.ids : ready->plan; !ids.empty())
    add_ids(lines, id, ids);
  const auto still = [&] { return records_->find(start.action.run, now_ms()) == nullptr; };
  const auto written = audit_.write(std::move(lines), still);
  if (written == Audit::Written::needless) {  // another host was faster
    auto other = known(start);
    return other ? std::move(*other) : refuse(start, COCKPIT_BUSY, "another host is beginning this run");
  }
  if (written == Audit::Written::no)
    return {
        COCKPIT_UNAVAILABLE, "the audit log cannot be written, so nothing is done: " + audit_.reason(), {}};
  if (!ready->plan.empty()) plans_->spend(known_json(start.action.plan).at("id").get<std::string>());
  runs_.push_front(run);
  return send(run, std::move(*ready), entry->runtime);
}

Runs::Begun Runs::send(const std::shared_ptr<Run>& run, Ready ready,
                       const std::shared_ptr<loader::Runtime>& runtime) {
  loader::CallEvents events;
  events.progress = [this, run](std::string body) {
    run->state["progress"] = parse_json(body);
    if (run->running) wait_for_progress(run);
    notify(*run);
  };
  events.done = [this, run](cockpit_status status, std::string body) { ended(run, status, body, false); };
  events.late = [this, run](cockpit_status status, std::string body) { ended(run, status, body, true); };
  loader::Ask ask;
  ask.authority = authority_;
  ask.principal = principal_;
  ask.body = std::move(ready.request);
  ask.action = true;
  ask.deadline = std::chrono::hours{24};  // the run's own rule is "30 s without progress"
  run->runtime = runtime;
  wait_for_progress(run);
  run->call = runtime->invoke(std::move(ask), std::move(events));
  if (run->running) notify(*run);
  return {COCKPIT_OK, {}, json_text(run->state)};
}

void Runs::wait_for_progress(const std::shared_ptr<Run>& run) {
  run->timer.start(patience, [weak = std::weak_ptr<Run>{run}] {
    const auto waiting = weak.lock();
    if (!waiting || !waiting->running) return;
    if (const auto runtime = waiting->runtime.lock()) runtime->expire(waiting->call, silent);
  });
}

void Runs::ended(const std::shared_ptr<Run>& run, cockpit_status status, const std::string& body, bool late) {
  run->running = false;
  run->timer.stop();
  auto& state = run->state;
  state["state"] = "ended";
  state["ended"] = now_ms();
  if (late) state["late"] = true;
  const auto answer = parse_json(body);
  if (status == COCKPIT_OK && answer.is_object()) {
    took(*run, answer);
  } else {
    // A plugin that dropped its call, or whose answer could not be taken, has not said that nothing was done.
    const bool lost = status == COCKPIT_TIMEOUT || status == COCKPIT_INTERNAL || status == COCKPIT_TOO_LARGE;
    state["outcome"] = lost || status == COCKPIT_UNKNOWN_OUTCOME ? "unknown" : "failed";
    state["status"] = status_name(status);
    auto detail = detail_of(answer);
    if (lost && detail.is_string())
      detail.get_ref<std::string&>() += " It is unknown whether it was done; check before you repeat it.";
    state["message"] = std::move(detail);
  }
  json line{{"event", late ? "ended late" : "ended"},
            {"run", state.at("id")},
            {"key", state.at("key")},
            {"principal", principal_},
            {"outcome", state.at("outcome")}};
  for (const auto* member : {"message", "affected", "status"})
    if (state.contains(member)) line[member] = bounded(state.at(member));
  if (state.contains("failures") && state.at("failures").is_array())
    line["failed"] = state.at("failures").size();
  if (state.contains("plan")) line["plan"] = state.at("id");
  std::vector<json> lines{std::move(line)};
  if (const auto ids = ids_in(answer); !ids.empty()) add_ids(lines, state.at("id").get<std::string>(), ids);
  if (audit_.write(std::move(lines), nullptr) == Audit::Written::no)
    log::error("the end of a run could not be written to the audit log: " + audit_.reason());
  notify(*run);
}

// What the plugin said became of it.
void Runs::took(Run& run, const json& answer) {
  auto& state = run.state;
  const bool planned = state.at("dryRun") == json(true);
  const auto plan = answer.find("plan");
  if (planned) {
    const auto why = plan == answer.end() ? "there is none in its answer" : Plans::why_bad(*plan);
    state["outcome"] = why.empty() ? "ok" : "failed";
    if (why.empty())
      state["plan"] = plans_->keep(state.at("id").get<std::string>(), run.of, *plan, Plans::Clock::now());
    else
      state["message"] = "The plugin's plan is refused: " + why + ".";
    return;
  }
  for (const auto* member : {"outcome", "message", "affected", "skipped", "failures", "refresh", "follow"})
    if (answer.contains(member)) state[member] = answer.at(member);
  if (!state.contains("outcome")) state["outcome"] = "ok";
}

bool Runs::cancel(const std::string& id) {
  const auto run = find(id);
  if (!run) return false;
  if (const auto runtime = run->runtime.lock(); runtime && run->running) runtime->cancel(run->call);
  return true;
}

cockpit_status Runs::dismiss(const std::string& id) {
  const auto run = find(id);
  if (!run) return COCKPIT_NOT_FOUND;
  if (run->running) return COCKPIT_CONFLICT;
  runs_.remove(run);
  if (on_dismissed) on_dismissed(id);
  return COCKPIT_OK;
}

std::vector<std::string> Runs::all() const {
  std::vector<std::string> states;
  for (const auto& run : runs_) states.push_back(json_text(run->state));
  return states;
}

std::size_t Runs::running() const {
  return static_cast<std::size_t>(
      std::count_if(runs_.begin(), runs_.end(), [](const auto& run) { return run->running; }));
}

}  // namespace host::views
