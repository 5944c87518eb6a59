// What a run is asked to do: the action, and the place it was chosen at.
#pragma once

#include "views/description.hpp"

namespace host::views {

struct RunStart {
  Question question;
  Description::ActionRequest action;
};

}  // namespace host::views
