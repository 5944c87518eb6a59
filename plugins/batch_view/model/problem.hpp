// Why there is no answer, and the shape of whatever may have none. Plain values.
#pragma once

#include <cockpit/base.h>

#include <functional>
#include <string>
#include <utility>
#include <variant>

namespace batch_view {

// The cause in words for the person who asked.
struct Problem {
  cockpit_status status = COCKPIT_INTERNAL;
  std::string title;
  std::string detail;
  // For another language: among the description's strings `key` has the title and `key`Text the detail, whose
  // {what} is `what`. Where they are not, title and detail stand. Empty for what only a program meets.
  std::string key = {};
  std::string what = {};
};

template <class Value>
using Got = std::variant<Value, Problem>;
template <class Value>
using Then = std::function<void(Got<Value>)>;

}  // namespace batch_view
