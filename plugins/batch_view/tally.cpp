#include "tally.hpp"

#include "reply.hpp"

namespace batch_view {
namespace {

using nlohmann::json;

std::string filled(std::string text, const json& args) {
  for (const auto& [name, value] : args.items()) {
    const auto mark = "{" + name + "}";
    const auto by = value.is_string() ? value.get<std::string>() : value.dump();
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + by.size()))
      text.replace(at, mark.size(), by);
  }
  return text;
}

json said_in(const char* key, const char* english, const json& args) {
  return words(key, args, filled(english, args));
}

}  // namespace

void Tally::failed(const std::string& id, const Problem& problem) {
  ++failed_;
  if (problem.status == COCKPIT_UNKNOWN_OUTCOME) ++unknown_;
  if (!first_) first_ = problem;
  if (failures_.size() < most_listed) failures_.push_back({{"id", id}, {"message", problem_detail(problem)}});
}

void Tally::skipped(const std::string& id, const json& why) {
  ++skipped_;
  if (first_skip_.is_null()) first_skip_ = why;
  if (skips_.size() < most_listed) skips_.push_back({{"id", id}, {"message", why}});
}

void Tally::not_begun(const std::string& id) {
  ++not_begun_;
  skipped(id, words("skipRest", json::object(), "Not begun."));
}

std::string Tally::progress(const std::string& current) const {
  json body{{"done", settled()}, {"of", all_}, {"failed", failed_}};
  if (!current.empty()) body["current"] = current;
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

json Tally::message(const Said& said) const {
  json args{{"count", done_},     {"all", all_},         {"failed", failed_ - unknown_},
            {"rest", not_begun_}, {"unknown", unknown_}, {"gone", skipped_ - not_begun_}};
  args["more"] = on_top_;
  if (failed_ == 0 && skipped_ == 0 && on_top_ > 0)
    return said_in("saidMore",
                   "{count} retries are accepted, {more} more than you saw: they failed meanwhile.", args);
  if (failed_ == 0 && skipped_ == 0)
    return all_ == 1 ? said_in(said.one, said.one_en, args) : said_in(said.many, said.many_en, args);
  if (stopped_ && stopped_by_) {
    args["reason"] = stopped_by_->detail;
    return said_in(
        "saidStopped",
        "{count} of {all} done. Then the engine stopped answering ({reason}): {rest} were not begun, "
        "{unknown} may or may not be done. Nothing is done twice when you start it again.",
        args);
  }
  if (stopped_)
    return said_in("saidCancelled", "{count} of {all} done; cancelled, {rest} were not begun.", args);
  args["reason"] = first_ ? first_->detail : "";
  if (on_top_ > 0)
    return said_in("saidPartlyMore",
                   "{count} of {all} done, {failed} failed, {gone} skipped; {more} more than you saw failed "
                   "meanwhile. {reason}",
                   args);
  return said_in("saidPartly", "{count} of {all} done, {failed} failed, {gone} skipped. {reason}", args);
}

Reply Tally::reply(const Said& said) const {
  const auto problem = [](const Problem& why) { return refusal(why); };
  if (all_ == 1 && first_ && unknown_ == 0) return problem(*first_);
  std::string outcome = said.outcome;
  if (failed_ > 0 || skipped_ > 0) outcome = done_ > 0 ? "partial" : unknown_ > 0 ? "unknown" : "failed";
  // Nothing was left to do, and nothing went wrong.
  if (failed_ == 0 && !stopped_ && done_ == 0 && skipped_ > 0) outcome = "failed";
  json body{{"outcome", outcome},
            {"message", message(said)},
            {"affected", done_},
            {"failures", failures_},
            {"skipped", skips_},
            {"refresh", {"running", "ended", "batch", "failed-jobs", "causes", "retrying", "need"}}};
  if (!ids_.empty()) body["ids"] = ids_;
  return batch_view::done(body, false);
}

}  // namespace batch_view
