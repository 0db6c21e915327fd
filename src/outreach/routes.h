#pragma once

// The endpoints of the module, by topic. Called once, at start.

#include <string_view>
#include <vector>

#include "http/router.h"
#include "outreach/context.h"

namespace parley::outreach {

inline constexpr std::string_view kPrefix = "/api/v1/outreach";

std::vector<http::Route> session_routes(const Context& context);
std::vector<http::Route> message_routes(const Context& context);
std::vector<http::Route> report_routes(const Context& context);
std::vector<http::Route> upkeep_routes(const Context& context);

/// The file of the database, for administrators; null for others.
Json database_path(const Context& context, const Caller& caller);

}  // namespace parley::outreach
