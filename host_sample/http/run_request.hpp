// The body of `POST api/runs`, member by member.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "views/runs.hpp"

namespace host::http {

// Fails, naming the member, on anything unknown or of the wrong type.
Result<views::RunStart> parse_run(const nlohmann::json& body);

// Of a body that parse_run() refused: what it says of plugin, action and key, for the audit log.
views::RunStart attempted(const nlohmann::json& body);

}  // namespace host::http
