// The badge: how many batches need attention.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "gathering.hpp"
#include "lists.hpp"
#include "reply.hpp"

namespace batch_view {
namespace {

using nlohmann::json;

struct Counting : std::enable_shared_from_this<Counting> {
  Sessions sessions;
  std::int64_t count = 0;
  std::int64_t looked_at = 0, of = 0;
  std::size_t counted = 0;
  bool watched = false;
  Problem problem{COCKPIT_TIMEOUT, "No answer yet", "It has not answered yet."};
  Replied then;

  void begin() {
    const auto gathering =
        std::make_shared<Gathering>(sessions, [self = shared_from_this()] { self->reply(); });
    for (std::size_t i = 0; i < sessions.size(); ++i) {
      if (const auto rest = sessions[i]->engine().resting(); rest && watched) {
        problem = rest->second;
        gathering->came(i);
        continue;
      }
      sessions[i]->board().look([self = shared_from_this(), gathering, i](Got<Board::Seen> got) {
        if (auto* why = std::get_if<Problem>(&got)) return self->failed(*gathering, i, *why);
        self->count_in(gathering, i, std::get<Board::Seen>(got));
      });
    }
    gathering->begin();
  }

  void failed(Gathering& gathering, std::size_t i, const Problem& why) {
    if (gathering.waits()) problem = why;
    gathering.came(i);
  }

  // With more than the board holds they are counted for themselves.
  void count_in(const std::shared_ptr<Gathering>& gathering, std::size_t i, const Board::Seen& look) {
    const auto& session = sessions[i];
    const auto self = shared_from_this();
    if (!look->whole())
      return session->attention().count(session, look, [self, gathering, i](Got<Attention::Count> got) {
        if (auto* why = std::get_if<Problem>(&got)) return self->failed(*gathering, i, *why);
        if (gathering->waits()) self->add(std::get<Attention::Count>(got));
        gathering->came(i);
      });
    session->look_at_suspects(look->batches, Session::suspects_a_poll, [self, gathering, look, i] {
      if (gathering->waits()) self->add(*self->sessions[i], *look);
      gathering->came(i);
    });
  }

  void add(const Attention::Count& counted_there) {
    ++counted;
    count += counted_there.need;
    looked_at += counted_there.read;
    of += counted_there.of;
  }

  void add(const Session& session, const Board::Look& look) {
    ++counted;
    looked_at += look.total;
    of += look.total;
    count += std::count_if(look.batches.begin(), look.batches.end(), [&session](const Batch& batch) {
      return needs_someone(state_of(batch, session.mover(batch).mover, false));
    });
  }

  // Of the engines that answer: the lists name the others.
  void reply() {
    if (counted == 0) return then(refusal(problem));
    json body{{"fields", {{"count", count}}}};
    if (looked_at < of) {
      body["scanned"] = looked_at;
      body["of"] = of;
    }
    then(done(body, false, of_the_board));
  }
};

}  // namespace

void count_in_need(const Sessions& sessions, bool watched, Replied then) {
  const auto counting = std::make_shared<Counting>();
  counting->sessions = sessions;
  counting->watched = watched;
  counting->then = std::move(then);
  counting->begin();
}

}  // namespace batch_view
