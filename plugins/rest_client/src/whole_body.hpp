// What makes a body whole: a compressed one as it was, and whether JSON that nothing else marks the end of
// has ended. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace rest_client {

enum class UnzipProblem { damaged, too_large };

// A gzip body, of one member or of several, at most `most` bytes when it is unpacked.
std::variant<std::string, UnzipProblem> unzipped(std::string_view body, std::size_t most);

// Whether this is one object or list with its end, and nothing but blanks around it. What stands inside is
// not judged beyond brackets and texts: that is the reader's business.
bool is_whole_json(std::string_view body);

}  // namespace rest_client
