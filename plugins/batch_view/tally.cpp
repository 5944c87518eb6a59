#include "tally.hpp"

#include "reply.hpp"

namespace batch_view {
namespace {

using nlohmann::json;

std::string filled(std::string text, const json& args) {
  for (const auto& [name, value] : args.items()) {
    const auto mark = "{" + name + "}";
    const auto by = value.is_object()   ? value.value("fallback", "")
                    : value.is_string() ? value.get<std::string>()
                                        : value.dump();
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

void Tally::failed_all(std::size_t count, const Problem& problem) {
  if (count == 0) return;
  failed_ += count;
  if (problem.status == COCKPIT_UNKNOWN_OUTCOME) unknown_ += count;
  if (!first_) first_ = problem;
}

void Tally::skipped(const std::string& id, const json& why) {
  ++skipped_;
  if (first_skip_.is_null()) first_skip_ = why;
  if (skips_.size() < most_listed) skips_.push_back({{"id", id}, {"message", why}});
}

void Tally::not_begun(const std::string& id) {
  ++not_begun_;
  skipped(id, words("skipRest", json::object(), "Not started."));
}

std::string Tally::progress(const std::string& current) const {
  json body{{"done", settled()}, {"of", all_}, {"failed", failed_}};
  if (!current.empty()) body["current"] = current;
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

json Tally::message(const Said& said) const {
  json args{{"count", done_},     {"all", all_},         {"failed", failed_ - unknown_},
            {"rest", not_begun_}, {"unknown", unknown_}, {"gone", skipped_ - not_begun_}};
  if (failed_ == 0 && skipped_ == 0) {
    if (on_top_ > 0) {
      args["more"] = on_top_;
      return said_in(
          "saidMore",
          "{count} retries were accepted, {more} more than shown: those jobs failed in the meantime.", args);
    }
    return all_ == 1 ? said_in(said.one, said.one_en, args) : said_in(said.many, said.many_en, args);
  }
  if (stopped_ && stopped_by_) {
    args["reason"] = problem_detail(*stopped_by_);
    return said_in("saidStopped",
                   "{count} of {all} done. Then the engine stopped answering ({reason}): {rest} were not "
                   "started, {unknown} may or may not be done. Check them before you start again.",
                   args);
  }
  if (stopped_)
    return said_in("saidCancelled", "{count} of {all} done; cancelled, {rest} were not started.", args);
  args["reason"] = first_ ? problem_detail(*first_) : first_skip_;
  if (unknown_ > 0)
    return said_in("saidUnknown",
                   "{count} of {all} done, {failed} failed, {gone} skipped. The outcome of {unknown} is "
                   "unknown: {reason} Check them before you start again.",
                   args);
  if (on_top_ > 0) {
    args["more"] = on_top_;
    return said_in("saidPartlyMore",
                   "{count} of {all} done, {failed} failed, {gone} skipped; {more} more than shown failed "
                   "in the meantime. {reason}",
                   args);
  }
  return said_in("saidPartly", "{count} of {all} done, {failed} failed, {gone} skipped. {reason}", args);
}

Reply Tally::reply(const Said& said) const {
  if (all_ == 1 && first_) return refusal(*first_);
  if (all_ == 1 && not_begun_ == 1)
    return refusal(
        {COCKPIT_CANCELLED, "Cancelled", "Cancelled before anything was done.", "problemCancelled"});
  std::string outcome = said.outcome;
  if (failed_ > 0 || skipped_ > 0) outcome = done_ > 0 ? "partial" : unknown_ > 0 ? "unknown" : "failed";
  json body{{"outcome", outcome},
            {"message", message(said)},
            {"affected", done_},
            {"failures", failures_},
            {"skipped", skips_},
            {"refresh", {"running", "ended", "batch", "failed-jobs", "causes", "retrying", "need"}}};
  if (!ids_.empty()) body["ids"] = ids_;
  return batch_view::done(body, false);
}

Reply Tally::plan(const std::vector<std::string>& ids, const json& samples, const std::string& key) const {
  if (ids.empty() && first_) return refusal(*first_);
  json warnings = json::array();
  if (failed_ + skipped_ > 0)
    warnings.push_back(said_in("planLess", "{count} of {all} are left out: {reason}",
                               {{"count", failed_ + skipped_},
                                {"all", all_},
                                {"reason", first_ ? problem_detail(*first_) : first_skip_}}));
  return batch_view::done({{"plan",
                            {{"ids", ids},
                             {"count", ids.size()},
                             {"key", key},
                             {"samples", samples},
                             {"warnings", std::move(warnings)}}}},
                          false);
}

}  // namespace batch_view
