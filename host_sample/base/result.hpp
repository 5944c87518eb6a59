// A value, or the reason in words why there is none.
#pragma once

#include <optional>
#include <string>
#include <utility>

namespace host {

template <class Value>
struct Result {
  std::optional<Value> value;
  std::string reason;

  static Result of(Value value) { return {std::move(value), {}}; }
  static Result failed(std::string reason) { return {std::nullopt, std::move(reason)}; }
  explicit operator bool() const { return value.has_value(); }
  Value& operator*() { return *value; }
  const Value& operator*() const { return *value; }
  Value* operator->() { return &*value; }
  const Value* operator->() const { return &*value; }
};

}  // namespace host
