// One engine with one authority's rights, and what is remembered of it for a while: names, rights, which jobs
// are stuck, which ended batches were deleted. Nothing of it is ever shared with another authority.
//
// Owner: Engines, and every call that uses it until it is answered: whoever asks something that is answered
// later holds it. Thread: the plugin's own. Every cache has a limit and an age.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "attention.hpp"
#include "board.hpp"
#include "bookmarks.hpp"
#include "course.hpp"
#include "engine.hpp"
#include "failures.hpp"
#include "plans.hpp"
#include "standstill.hpp"
#include "states.hpp"

namespace batch_view {

class Session : public std::enable_shared_from_this<Session> {
 public:
  static constexpr std::size_t most_remembered = 5000;  // entries of each cache
  static constexpr std::size_t most_endings = 20'000;   // of ended batches: whether somebody deleted them
  static constexpr auto names_for = std::chrono::minutes{5};
  static constexpr auto rights_for = std::chrono::seconds{30};
  static constexpr auto history_known_for = std::chrono::minutes{10};
  static constexpr auto rights_for_all_for = std::chrono::minutes{5};
  static constexpr auto mover_for = std::chrono::seconds{10};  // doubled while nothing changes, up to:
  static constexpr auto mover_for_at_most = std::chrono::seconds{40};
  static constexpr auto young =
      std::chrono::seconds{30};  // a batch that is still being created is no stall candidate
  static constexpr auto just_ended = std::chrono::minutes{2};
  static constexpr std::size_t endings_a_poll = 4;   // whether somebody deleted them is asked, two calls each
  static constexpr std::size_t suspects_a_poll = 2;  // of a list; the rest is looked at by the next polls

  // Throws rest_client::InvalidOptions. `person`: whether anybody is signed in; without, the engine guards
  // nothing.
  Session(Environment& environment, std::string engine_id, rest_client::Options options, bool person);

  Environment& environment() const { return engine_->environment(); }
  Engine& engine() { return *engine_; }
  const Engine& engine() const { return *engine_; }
  Board& board() { return *board_; }
  const Board& board() const { return *board_; }
  Courses& courses() { return *courses_; }
  // The engine's clock, as far as it is known; ms since 1970.
  std::int64_t engine_now_ms() const;
  const std::string& engine_id() const { return engine_id_; }
  // Where an id found in a message leads, with {id} in it; empty: nowhere.
  std::string instance_link;

  Failures& failures() { return failures_; }
  const Failures& failures() const { return failures_; }
  Plans& plans() { return plans_; }
  Bookmarks& bookmarks() { return bookmarks_; }

  // What this engine can do, asked once; until it has answered, and when it does not, what today's engines
  // can.
  struct Abilities {
    bool filters_statistics = true;  // by user, start and failures; since 7.18
    bool history = true;             // running batches have a record there: they do at level "full" only
  };
  const Abilities& abilities() const { return abilities_; }
  void learn_abilities(std::function<void()> then);
  // Whether the history knows this running batch, which it does at level "full" for who may read it.
  void look_into_history(const Batch& running, std::function<void()> then);

  // The name of a user once it is known, else the id.
  std::string name_of_user(const std::string& id) const;
  // Learns the names that are not known yet, in one call; a failure is no problem: ids are shown.
  void learn_names(const std::set<std::string>& ids, std::function<void()> then);

  // Whose shown name is that: from the names that are known, and by asking for it once in a while. Not who
  // has it for an id.
  void ids_of_user(const std::string& name, std::function<void(std::set<std::string>)> then);

  struct Rights {
    bool update = true, remove = true, remove_history = true;
  };
  // What may be done to a batch; remembered for a while. `fresh`: asked anew, before something is done.
  void rights(const std::string& batch, bool fresh, Then<Rights> then);

  // The same for the rows of a list, where a few calls have to do: true for those who may do it to every
  // batch or, as far as it is known, to this one. Without the right, the details or the engine report it.
  void learn_rights(const std::vector<Batch>& batches, std::size_t most, std::function<void()> then);
  std::optional<Rights> known_rights(const std::string& batch) const;

  // What is known of the driving job of a stall candidate.
  struct Known {
    Mover mover = Mover::unknown;
    std::string due;  // when the monitor job looks next, if that is what it waits for
  };
  Known mover(const Batch& batch) const;
  // Looks at up to `most` suspects among the batches whose last look is old.
  void look_at_suspects(const std::vector<Batch>& batches, std::size_t most, std::function<void()> then);

  // Whether an ended batch was deleted; remembered, since it cannot change.
  void deleted_early(const Batch& ended, Then<bool> then);
  // The same for all that a scan has found, by two questions: deleting a batch leaves at most one entry of
  // each kind, so as many of the newest entries as there are batches tell it of the newest batches.
  void learn_deleted(const std::vector<Batch>& ended, std::function<void(std::optional<Problem>)> then);
  // And for those that ended just now, at most so many.
  void look_at_endings(const std::vector<Batch>& ended, std::size_t most, std::function<void()> then);
  bool known_deleted(const std::string& batch) const;

  void forget_mover(const std::string& definition);
  // Something was done to batches: who stands still, and why, has to be seen anew.
  void forget_standstill();
  Attention& attention() { return *attention_; }
  // Of every cache of this session.
  Bounds bounds() const;

 private:
  struct Remembered {
    Clock::time_point until;
    Clock::duration wait = mover_for;
    Known known;
    bool missing_once = false;
    std::int64_t created = -1;  // jobs of the batch at the last look
    bool looking = false;
    std::vector<std::function<void()>> waiting;  // for the look that is under way
  };
  void look_at_standstill(const Batch& batch, std::function<void()> then);
  bool is_due(const Batch& batch, const std::string& definition);
  void look_at(const Batch& batch, std::function<void()> then);
  void learn_mover(Remembered& remembered, const std::optional<Job>& job, bool monitor) const;
  void ask_rights(const std::string& batch, Then<Rights> then);

  Clock::time_point now() const { return environment().now(); }

  std::shared_ptr<Engine> engine_;
  std::shared_ptr<Board> board_;
  std::shared_ptr<Courses> courses_;
  std::string engine_id_;
  Failures failures_;
  Plans plans_;
  Bookmarks bookmarks_;
  bool person_;
  Abilities abilities_;
  bool asked_abilities_ = false;
  Clock::time_point history_known_until_{};
  std::map<std::string, std::pair<Clock::time_point, std::string>> names_;
  std::map<std::string, std::pair<Clock::time_point, std::set<std::string>>>
      named_;  // ids by a name that was asked for
  std::map<std::string, std::pair<Clock::time_point, Rights>> rights_;
  Standstill standstill_;
  std::shared_ptr<Attention> attention_;
  std::map<std::string, Remembered> movers_;  // by definition
  std::map<std::string, bool> deleted_;
};

}  // namespace batch_view
