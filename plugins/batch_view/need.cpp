// The badge: how many batches need someone.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "gathering.hpp"
#include "lists.hpp"
#include "reply.hpp"

namespace batch_view {
namespace {

struct Counting : std::enable_shared_from_this<Counting> {
  Sessions sessions;
  std::int64_t count = 0;
  std::size_t counted = 0;
  Problem problem{COCKPIT_TIMEOUT, "No answer yet", "It has not answered yet."};
  Replied then;

  void begin() {
    const auto gathering =
        std::make_shared<Gathering>(sessions, [self = shared_from_this()] { self->reply(); });
    for (std::size_t i = 0; i < sessions.size(); ++i)
      sessions[i]->board().look([self = shared_from_this(), gathering, i](Got<Board::Seen> got) {
        if (auto* why = std::get_if<Problem>(&got)) {
          if (gathering->waits()) self->problem = std::move(*why);
          return gathering->came(i);
        }
        const auto look = std::get<Board::Seen>(got);
        self->sessions[i]->look_at_suspects(look->batches, Session::suspects_a_poll,
                                            [self, gathering, look, i] {
                                              if (gathering->waits()) self->add(*self->sessions[i], *look);
                                              gathering->came(i);
                                            });
      });
    gathering->begin();
  }

  void add(const Session& session, const Board::Look& look) {
    ++counted;
    count += std::count_if(look.batches.begin(), look.batches.end(), [&session](const Batch& batch) {
      return needs_someone(state_of(batch, session.mover(batch).mover, false));
    });
  }

  // Of the engines that answer: the lists name the others.
  void reply() {
    if (counted == 0) return then(refusal(problem));
    then(done({{"fields", {{"count", count}}}}, false, of_the_board));
  }
};

}  // namespace

void count_in_need(const Sessions& sessions, Replied then) {
  const auto counting = std::make_shared<Counting>();
  counting->sessions = sessions;
  counting->then = std::move(then);
  counting->begin();
}

}  // namespace batch_view
