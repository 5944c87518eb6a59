// The engine's REST interface without a network: a request in, an answer out. Owned by the program, one
// thread.
#pragma once

#include <vector>

#include "call.hpp"
#include "demo_content.hpp"

namespace demo_engine {

struct EngineOptions {
  ContentOptions content;
  std::optional<std::size_t> max_results;  ///< A list that may be longer than that is refused.
  Traits traits;
  bool authentication = false;  ///< HTTP Basic and rights; sets content.with_people.
};

class Router {
 public:
  /// Seeds the engine so that its past ends at `present`.
  Router(Instant present, EngineOptions options);

  /// Lets the engine's time go on to `now` and answers as the engine would.
  Answer answer(const Request& request, Instant now);
  /// Without a request, so that a long silence makes no long pause later.
  void advance(Instant now) { content_.advance(now); }

 private:
  /// Where in a path the resource begins, and whether the engine named before it exists.
  struct Place {
    std::size_t prefix;
    bool known_engine;
  };
  Answer answer_path(const Request& request, const Target& target);
  Answer dispatch(const Request& request, const Target& target, Place place, const Caller& caller);

  EngineOptions options_;
  People people_;
  EngineModel model_;
  DemoContent content_;
  std::vector<Route> routes_;
};

}  // namespace demo_engine
