// Asks the engine anew what the person may do, before something is done. Thread: the plugin's own.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "session/session.hpp"

namespace batch_view {

// Goes on when the person may do that to the batch; else `done` is called with why not.
void if_allowed(const std::shared_ptr<Session>& session, const std::string& batch, bool Rights::*right,
                const char* name, Engine::Done done, std::function<void()> next);

}  // namespace batch_view
