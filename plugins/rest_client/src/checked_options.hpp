// Options taken apart and checked. Pure; any thread.
#pragma once

#include <vector>

#include "rest_client/options.hpp"
#include "rest_client/url.hpp"

namespace rest_client {

inline constexpr std::size_t largest_header_bytes =
    32768;  // what the read buffer of a connection has room for

// Both throw InvalidOptions.
std::vector<BaseUrl> checked_nodes(const Options& options);
void check_limits(const Options& options);

}  // namespace rest_client
