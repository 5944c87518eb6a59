#include "loader/shape_check.hpp"

#include <array>
#include <functional>

#include "base/utf8.hpp"

namespace host::loader {
namespace {

using Kind = BodyShape::Kind;

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 60;
  const std::string cut{first_bytes(text, longest)};
  return "\"" + cut + (text.size() > cut.size() ? "…\"" : "\"");
}

const char* words_of(ValueType type) {
  constexpr std::array words{"nothing", "true or false", "a number", "a text", "an object", "a list"};
  static_assert(words.size() == static_cast<std::size_t>(ValueType::array) + 1);
  return words.at(static_cast<std::size_t>(type));
}

constexpr unsigned of(Kind kind) {
  return 1u << static_cast<unsigned>(kind);
}
constexpr unsigned lists = of(Kind::rows) | of(Kind::groups) | of(Kind::timeline);
constexpr unsigned all = lists | of(Kind::details) | of(Kind::chart) | of(Kind::options);

}  // namespace

struct ShapeCheck::Member {
  std::string_view name;
  ValueType type;
  unsigned of;
  bool needed;
};

const ShapeCheck::Member* ShapeCheck::known(std::string_view name) const {
  static constexpr std::array<Member, 15> members{{{"rows", ValueType::array, lists, true},
                                                   {"fields", ValueType::object, of(Kind::details), true},
                                                   {"options", ValueType::array, of(Kind::options), true},
                                                   {"x", ValueType::array, of(Kind::chart), true},
                                                   {"series", ValueType::object, of(Kind::chart), true},
                                                   {"units", ValueType::object, of(Kind::chart), false},
                                                   {"total", ValueType::number, all, false},
                                                   {"totalKind", ValueType::text, all, false},
                                                   {"scanned", ValueType::number, all, false},
                                                   {"of", ValueType::number, all, false},
                                                   {"next", ValueType::number, all, false},
                                                   {"asOf", ValueType::number, all, false},
                                                   {"caps", ValueType::object, all, false},
                                                   {"warnings", ValueType::array, all, false},
                                                   {"engines", ValueType::object, all, false}}};
  for (const auto& one : members)
    if (one.name == name && (one.of & of(shape_.kind)) != 0) return &one;
  static constexpr Member actions{"_actions", ValueType::object, all, false};
  return name == actions.name ? &actions : nullptr;
}

std::string_view ShapeCheck::rows_member() const {
  return shape_.kind == Kind::options ? "options" : (of(shape_.kind) & lists) != 0 ? "rows" : "";
}

bool ShapeCheck::refuse(std::string why) {
  reason_ = std::move(why);
  return false;
}

void ShapeCheck::note(const std::string& words) {
  if (notes_.size() + 1 < most_notes)
    notes_.push_back(words);
  else
    ++more_;
}

std::vector<std::string> ShapeCheck::notes() const {
  auto notes = notes_;
  if (more_ > 0)
    notes.push_back(more_ == 1
                        ? "One more fault of this kind is in the plugin's answer."
                        : std::to_string(more_) + " more faults of this kind are in the plugin's answer.");
  return notes;
}

void ShapeCheck::leave_out(const std::string& why) {
  bad_rows_.push_back(row_);
  note("The plugin's answer has a fault: " + why + ", and is left out.");
}

bool ShapeCheck::key(std::string_view name) {
  if (shape_.kind == Kind::any) return true;
  if (depth_ == 3) row_key_ = name;
  if (depth_ != 1) return true;
  key_ = name;
  if (known(name) != nullptr && !seen_.emplace(name).second)
    return refuse(shown(name) + " stands in it twice");
  return true;
}

bool ShapeCheck::value(ValueType type, std::string_view text) {
  if (shape_.kind == Kind::any) return true;
  if (depth_ == 0 && type != ValueType::object)
    return refuse(std::string{"it is "} + words_of(type) + " where an object is owed");
  if (depth_ == 1) return member(type);
  if (depth_ == 2 && in_rows_) row(type);
  if (depth_ == 3 && in_rows_) row_member(type, text);
  return true;
}

bool ShapeCheck::member(ValueType type) {
  in_rows_ = key_ == rows_member() && type == ValueType::array;
  const auto* wanted = known(key_);
  if (wanted == nullptr || type == wanted->type) return true;
  if (wanted->needed)
    return refuse(shown(key_) + " is " + words_of(type) + " where " + words_of(wanted->type) + " is owed");
  if (type == ValueType::null) return true;
  bad_members_.insert(key_);
  note("The plugin's answer has a fault: " + shown(key_) + " is " + words_of(type) + " and not " +
       words_of(wanted->type) + ", and is left out.");
  return true;
}

void ShapeCheck::row(ValueType type) {
  ++row_;
  has_id_ = id_is_text_ = false;
  id_.clear();
  engine_.clear();
  row_key_.clear();
  if (type != ValueType::object)
    leave_out("row " + std::to_string(row_) + " is " + words_of(type) + " and not an object");
}

void ShapeCheck::row_member(ValueType type, std::string_view text) {
  if (row_key_ == "engine" && type == ValueType::text) engine_ = text;
  const bool is_id = shape_.kind == Kind::groups    ? row_key_ == "key"
                     : shape_.kind == Kind::options ? row_key_ == "value"
                                                    : row_key_ == shape_.id_field;
  if (!is_id) return;
  has_id_ = type != ValueType::null;
  // The value of an option may be of any simple type.
  id_is_text_ = type == ValueType::text ||
                (shape_.kind == Kind::options && type != ValueType::object && type != ValueType::array);
  id_ = text;
}

void ShapeCheck::row_ended() {
  if (shape_.kind == Kind::timeline) return;
  const auto place = "row " + std::to_string(row_);
  const auto& name = shape_.kind == Kind::groups    ? std::string{"key"}
                     : shape_.kind == Kind::options ? std::string{"value"}
                                                    : shape_.id_field;
  if (!has_id_) return leave_out(place + " has no " + shown(name));
  if (!id_is_text_) return leave_out("the " + shown(name) + " of " + place + " is not a text");
  if (shape_.kind == Kind::options) return;
  if (id_.empty()) return leave_out("the " + shown(name) + " of " + place + " is empty");
  if (!ids_.insert(std::hash<std::string>{}(engine_ + '\n' + id_)).second)
    leave_out(place + " has the " + shown(name) + " of one before it, " + shown(id_));
}

bool ShapeCheck::close() {
  --depth_;
  if (depth_ == 2 && in_rows_ && (bad_rows_.empty() || bad_rows_.back() != row_)) row_ended();
  if (depth_ == 1) in_rows_ = false;
  return true;
}

bool ShapeCheck::end() {
  for (const auto* needed : {"rows", "fields", "options", "x", "series"}) {
    const auto* member = known(needed);
    if (shape_.kind != Kind::any && member != nullptr && seen_.count(std::string_view{needed}) == 0)
      return refuse("it has no \"" + std::string{needed} + "\"");
  }
  return true;
}

}  // namespace host::loader
