// A body of a plugin, scanned once, without a tree of it being built: whether it is JSON of a bounded
// depth, and has the shape that exchange.md promises for what was asked. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace host::loader {

// The shape that an answer has to have. `any`: JSON of any shape.
struct BodyShape {
  enum class Kind { any, rows, groups, timeline, details, chart, options };
  Kind kind = Kind::any;
  std::string id_field = "id";  // of a row; of groups it is "key", and a timeline needs none
};

struct ScannedBody {
  std::string line;  // on one line, without what is wrong
  std::vector<std::string>
      notes;  // what is wrong, for a person; they stand among the `warnings` of `line`, too
};

inline constexpr std::size_t most_notes = 4;  // the last of them counts the others

// Fails with the reason for what is no JSON in UTF-8, is nested deeper than `depth`, or lacks what makes it
// an answer (a list without `rows`, details without `fields`). Rows that are none, or have no id, or one that
// stands before them, are left out, and so are members of a wrong type.
Result<ScannedBody> scanned(std::string_view body, std::size_t depth, const BodyShape& shape);

// The body on one line, whatever its shape.
Result<std::string> on_one_line(std::string_view body, std::size_t depth);

}  // namespace host::loader
