#include "views/runs.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/random.hpp"
#include "base/status.hpp"
#include "views/live.hpp"

namespace host::views {
namespace {

using nlohmann::json;

constexpr std::size_t longest_key = 128;
constexpr std::string_view silent = "The plugin said nothing for 30 s.";
static_assert(Runs::patience == std::chrono::seconds{30});

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string hash_of(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), hash.data(), &size, EVP_sha256(), nullptr);
  return {reinterpret_cast<const char*>(hash.data()), size};
}

std::string detail_of(const json& problem) {
  if (!problem.is_object()) return {};
  const auto& detail = problem.contains("detail") ? problem.at("detail") : problem.value("title", json{});
  return detail.is_string() ? detail.get<std::string>() : detail.is_null() ? std::string{} : detail.dump();
}

}  // namespace

struct Runs::Run {
  explicit Run(boost::asio::io_context& io) : timer(io) {}
  json state;
  std::string request;  // the hash of what was sent, to recognize the same key with another content
  bool running = true;
  std::weak_ptr<plugins::Runtime> runtime;
  cockpit_call call = 0;
  boost::asio::steady_timer timer;
};

Runs::Runs(boost::asio::io_context& io, plugins::Registry& registry, Audit& audit,
           cockpit_authority authority, std::string principal)
    : io_(io), registry_(registry), audit_(audit), authority_(authority), principal_(std::move(principal)) {}

Runs::~Runs() = default;

std::shared_ptr<Runs::Run> Runs::find(const std::string& id) const {
  const auto at =
      std::find_if(runs_.begin(), runs_.end(), [&id](const auto& run) { return run->state.at("id") == id; });
  return at == runs_.end() ? nullptr : *at;
}

void Runs::tell(const Run& run) {
  if (on_run) on_run(dump(run.state));
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

Runs::Begun Runs::begin(const RunStart& start, const Description& description, const json& settings) {
  const auto refused = [](cockpit_status status, std::string reason) {
    return Begun{status, std::move(reason), {}};
  };
  const auto& action = start.action;
  if (action.run.empty() || action.run.size() > longest_key)
    return refused(COCKPIT_INVALID, "\"key\" has to be a text of 1 to 128 bytes");
  auto request = description.action_request(start.question, action, settings);
  if (!request) return refused(COCKPIT_INVALID, request.reason);
  for (const auto& run : runs_)
    if (run->state.at("key") == action.run) {
      if (run->request != hash_of(*request))
        return refused(COCKPIT_CONFLICT, "this key belongs to another run");
      return {COCKPIT_OK, {}, dump(run->state)};
    }
  const auto* entry = registry_.find(start.question.plugin);
  if (entry == nullptr || !entry->serving())
    return refused(COCKPIT_UNAVAILABLE, "the plugin does not serve right now");
  forget_old();
  if (runs_.size() >= most_kept) return refused(COCKPIT_BUSY, "too many runs at once; wait for one to end");

  auto run = std::make_shared<Run>(io_);
  run->request = hash_of(*request);
  run->state = {
      {"id", random_name()},
      {"key", action.run},
      {"plugin", start.question.plugin},
      {"action", action.action},
      {"engine", start.question.engines.empty() ? json{} : json(start.question.engines.front())},
      {"ids", action.ids},
      {"parent", start.question.parent.empty() ? json::object() : json::parse(start.question.parent)},
      {"dryRun", action.dry_run},
      {"state", "running"},
      {"progress", nullptr},
      {"started", now_ms()}};
  json line{{"event", "started"},      {"run", run->state.at("id")},
            {"principal", principal_}, {"plugin", start.question.plugin},
            {"action", action.action}, {"engine", run->state.at("engine")},
            {"ids", action.ids}};
  if (!action.query.empty()) line["query"] = json::parse(action.query);
  if (!action.params.empty()) line["params"] = json::parse(action.params);
  if (action.dry_run) line["dryRun"] = true;
  if (!audit_.write(std::move(line)))
    return refused(COCKPIT_UNAVAILABLE,
                   "the audit log cannot be written, so nothing is done: " + audit_.reason());
  runs_.push_front(run);

  plugins::CallEvents events;
  events.progress = [this, run](std::string body) {
    run->state["progress"] = json::parse(body, nullptr, false);
    if (run->running) wait_for_progress(run);
    tell(*run);
  };
  events.done = [this, run](cockpit_status status, std::string body) { ended(run, status, body, false); };
  events.late = [this, run](cockpit_status status, std::string body) { ended(run, status, body, true); };
  plugins::Ask ask;
  ask.authority = authority_;
  ask.principal = principal_;
  ask.body = std::move(*request);
  ask.action = true;
  ask.deadline = std::chrono::hours{24};  // the run's own rule is "30 s without progress"
  run->runtime = entry->runtime;
  wait_for_progress(run);
  run->call = entry->runtime->invoke(std::move(ask), std::move(events));
  if (run->running) tell(*run);
  return {COCKPIT_OK, {}, dump(run->state)};
}

void Runs::wait_for_progress(const std::shared_ptr<Run>& run) {
  run->timer.expires_after(patience);
  run->timer.async_wait([weak = std::weak_ptr<Run>{run}](boost::system::error_code error) {
    const auto waiting = weak.lock();
    if (error || !waiting || !waiting->running) return;
    if (const auto runtime = waiting->runtime.lock()) runtime->expire(waiting->call, silent);
  });
}

void Runs::ended(const std::shared_ptr<Run>& run, cockpit_status status, const std::string& body, bool late) {
  run->running = false;
  run->timer.cancel();
  auto& state = run->state;
  state["state"] = "ended";
  state["ended"] = now_ms();
  if (late) state["late"] = true;
  const auto answer = json::parse(body, nullptr, false);
  if (status == COCKPIT_OK && answer.is_object() && answer.contains("plan")) {
    state["outcome"] = "ok";
    state["plan"] = answer.at("plan");
  } else if (status == COCKPIT_OK && answer.is_object()) {
    for (const auto* member : {"outcome", "message", "affected", "skipped", "failures", "refresh", "follow"})
      if (answer.contains(member)) state[member] = answer.at(member);
    if (!state.contains("outcome")) state["outcome"] = "ok";
  } else {
    const bool unknown = status == COCKPIT_TIMEOUT || status == COCKPIT_UNKNOWN_OUTCOME;
    state["outcome"] = unknown ? "unknown" : "failed";
    state["status"] = status_name(status);
    auto detail = detail_of(answer);
    if (status == COCKPIT_TIMEOUT)
      detail += " Whether it was done is not known; look before you do it again.";
    state["message"] = std::move(detail);
  }
  json line{{"event", late ? "ended late" : "ended"},
            {"run", state.at("id")},
            {"principal", principal_},
            {"outcome", state.at("outcome")}};
  for (const auto* member : {"message", "affected"})
    if (state.contains(member)) line[member] = state.at(member);
  if (state.contains("failures") && state.at("failures").is_array())
    line["failed"] = state.at("failures").size();
  audit_.write(std::move(line));
  tell(*run);
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
  for (const auto& run : runs_) states.push_back(dump(run->state));
  return states;
}

std::size_t Runs::running() const {
  return static_cast<std::size_t>(
      std::count_if(runs_.begin(), runs_.end(), [](const auto& run) { return run->running; }));
}

}  // namespace host::views
