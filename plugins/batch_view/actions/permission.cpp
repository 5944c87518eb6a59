#include "actions/permission.hpp"

namespace batch_view {
namespace {

Problem denied(const char* right) {
  return {COCKPIT_DENIED, "Not allowed",
          std::string{"You do not have the right "} + right + " on this batch.", "problemDenied", right};
}

}  // namespace

void if_allowed(const std::shared_ptr<Session>& session, const std::string& batch, bool Rights::*right,
                const char* name, Engine::Done done, std::function<void()> next) {
  session->rights().ask(batch,
                        [right, name, done = std::move(done), next = std::move(next)](Got<Rights> got) {
                          if (auto* problem = std::get_if<Problem>(&got)) return done(std::move(*problem));
                          if (!(std::get<Rights>(got).*right)) return done(denied(name));
                          next();
                        });
}

}  // namespace batch_view
