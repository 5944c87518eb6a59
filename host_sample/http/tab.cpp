#include "http/tab.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/json_text.hpp"
#include "base/status.hpp"

namespace host::http {
namespace {

using nlohmann::json;
constexpr std::size_t longest_key = 256;

std::string quoted(const std::string& text) {
  return json_text(json(text));
}

}  // namespace

Tab::Tab(IoContext& io, views::Service& service, std::shared_ptr<Stream> stream, std::string id, bool gzip,
         std::string language)
    : service_(service),
      stream_(std::move(stream)),
      id_(std::move(id)),
      language_(std::move(language)),
      gzip_(gzip ? std::make_unique<GzipStream>() : nullptr),
      timer_(io) {}

void Tab::write(const std::string& text) {
  stream_->write(gzip_ ? gzip_->add(text) : text);
}

Tab::~Tab() {
  for (const auto& [key, watched] : watches_) service_.leave_watch(watched.listening);
}

void Tab::begin() {
  stream_->on_drained = [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->flush();
  };
  send("open", json_text(json{{"stream", id_}, {"now", views::now_ms()}}));
  send_host_state();
  const auto runs = service_.runs().all();
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) send("run", *run);
  send_heartbeat();
}

void Tab::send_host_state() {
  send("host", service_.state_json(true, language_));
}

void Tab::send(const std::string& event, const std::string& data) {
  write("event: " + event + "\ndata: " + data + "\n\n");
}

void Tab::send_heartbeat() {
  timer_.start(heartbeat, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->write(": still here\n\n");
    self->send_heartbeat();
  });
}

std::string Tab::set_watches(const json& wanted) {
  if (!wanted.is_array() || wanted.size() > most_watches)
    return "\"watch\" has to be a list of at most " + std::to_string(most_watches) + " questions";
  std::map<std::string, std::pair<std::string, Result<views::Question>>> asked;
  for (const auto& one : wanted) {
    if (!one.is_object()) return "a watch has to be an object";
    const auto key = one.find("key");
    if (key == one.end() || !key->is_string() || key->get_ref<const std::string&>().size() > longest_key)
      return "\"key\" has to be a text of at most 256 bytes";
    if (!asked
             .emplace(key->get<std::string>(), std::pair{json_text(one), views::parse_question(one, {"key"})})
             .second)
      return "two watches have the key " + json_text(*key);
  }
  for (auto at = watches_.begin(); at != watches_.end();) {
    const auto same = asked.find(at->first);
    if (same != asked.end() && same->second.first == at->second.question) {
      asked.erase(same);
      ++at;
      continue;
    }
    service_.leave_watch(at->second.listening);
    waiting_.erase(at->first);
    at = watches_.erase(at);
  }
  for (const auto& [key, what] : asked) {
    watches_[key].question = what.first;
    if (!what.second) {
      views::LiveUpdate refused{COCKPIT_INVALID, views::now_ms(), nullptr, true};
      refused.body = std::make_shared<const std::string>(
          problem_json(COCKPIT_INVALID, "This cannot be asked", what.second.reason));
      on_update(key, refused);
      continue;
    }
    const auto id =
        service_.listen(*what.second, [weak = weak_from_this(), key](const views::LiveUpdate& update) {
          if (const auto self = weak.lock()) self->on_update(key, update);
        });
    watches_[key].listening = id;
  }
  return {};
}

void Tab::on_update(const std::string& key, const views::LiveUpdate& update) {
  auto& kept = waiting_[key];
  if (update.status == COCKPIT_OK) {
    auto newer = update;
    if (!newer.body && kept.answer) newer.body = kept.answer->body;
    kept.answer = std::move(newer);
    kept.error.reset();
  } else {
    kept.error = update;
  }
  if (stream_->waiting_bytes() == 0) flush();
}

void Tab::flush() {
  const auto events = std::exchange(waiting_, {});
  std::string text;
  const auto add = [&text](const std::string& key, const std::optional<views::LiveUpdate>& update) {
    if (!update) return;
    text += "event: update\ndata: {\"key\":" + quoted(key) + ",\"status\":\"" +
            std::string{status_name(update->status)} + "\",\"asOf\":" + std::to_string(update->as_of_ms) +
            ",\"now\":" + std::to_string(views::now_ms());
    if (update->final) text += ",\"final\":true";
    if (update->body) text += ",\"body\":" + *update->body;
    text += "}\n\n";
  };
  for (const auto& [key, pending] : events) {
    add(key, pending.answer);
    add(key, pending.error);
  }
  if (!text.empty()) write(text);
}

}  // namespace host::http
