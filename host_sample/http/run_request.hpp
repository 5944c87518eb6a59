// The body of `POST api/runs`, member by member.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "views/runs.hpp"

namespace host::http {

// Fails, naming the member, on anything unknown or of the wrong type.
Result<views::RunStart> parse_run(const nlohmann::json& body);

}  // namespace host::http
