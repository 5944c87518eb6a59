// The rules of a body's shape, applied to each value as the parser reads it. One body, one thread.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "plugins/body_scan.hpp"

namespace host::plugins {

enum class ValueType { null, boolean, number, text, object, array };

class ShapeCheck {
 public:
  explicit ShapeCheck(const BodyShape& shape) : shape_(shape) {}

  // `text`: of a text. False: the body is no answer, for `reason()`.
  bool value(ValueType type, std::string_view text);
  bool key(std::string_view name);
  void open() { ++depth_; }
  bool close();
  // After the whole of it.
  bool end();
  const std::string& reason() const { return reason_; }

  // What is to be left out: rows by their place, members by their names; and why.
  const std::vector<std::size_t>& bad_rows() const { return bad_rows_; }
  const std::set<std::string, std::less<>>& bad_members() const { return bad_members_; }
  std::vector<std::string> notes() const;
  // The member that holds the rows.
  std::string_view rows_member() const;

 private:
  struct Member;
  const Member* known(std::string_view name) const;
  bool member(ValueType type);
  void row(ValueType type);
  void row_member(ValueType type, std::string_view text);
  void row_ended();
  void leave_out(const std::string& why);
  void note(const std::string& words);
  bool refuse(std::string why);

  const BodyShape& shape_;
  std::size_t depth_ = 0;
  std::string key_;      // of the body's own members
  std::string row_key_;  // of a row's
  std::set<std::string, std::less<>> seen_;
  bool in_rows_ = false;
  std::size_t row_ = 0;
  bool has_id_ = false, id_is_text_ = false;
  std::string id_, engine_;
  std::unordered_set<std::size_t> ids_;  // hashes
  std::vector<std::size_t> bad_rows_;
  std::set<std::string, std::less<>> bad_members_;
  std::vector<std::string> notes_;
  std::size_t more_ = 0;
  std::string reason_;
};

}  // namespace host::plugins
