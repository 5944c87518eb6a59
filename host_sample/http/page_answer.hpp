// The page's own files as answers: which coding, whether the reader has it already. Pure, any thread.
#pragma once

#include <optional>
#include <string_view>

#include "http/server.hpp"

namespace host::http {

// The answer to a GET or HEAD of a page file; none: there is no such file.
std::optional<Response> page_answer(const Request& request);

// Whether an Accept-Encoding takes a coding: by its name, or by "*", and not with q=0. A header that is not
// there takes "identity" only (a reader without it cannot be relied on to decode).
bool accepts_coding(std::string_view header, std::string_view coding);

// Whether an If-None-Match names a tag: a list of tags, weak ones too, or "*".
bool names_tag(std::string_view if_none_match, std::string_view etag);

}  // namespace host::http
