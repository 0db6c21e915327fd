#pragma once

// What the messages of a webhook look like, and how hard it is tried to deliver them. There is one
// format for all modules, the standard one; a module may have others beside it, for receivers that
// were there before. Values and pure functions; any thread.

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "database/connection.h"
#include "store/event_log.h"

namespace parley::api::webhooks {

/// The pauses after the first attempt, after the second…; after the last there is none.
using Pauses = std::vector<std::chrono::seconds>;

/// Nine pauses, about 75 hours together (Standard Webhooks 1.0.0, "Retry schedule").
const Pauses& standard_pauses();

/// How long to wait after that many attempts, ≥ 1; nothing when it is to be given up. `chance`, of
/// [0, 1), moves the pause by up to a tenth either way, so that what failed together does not come
/// back together.
std::optional<std::chrono::microseconds> pause_after(const Pauses& pauses, std::int64_t attempts,
                                                     double chance);

struct Format {
  /// The body of an event; nothing when these subscribers are not told of it. Runs in the
  /// transaction in which the message is made, perhaps more than once.
  std::function<std::optional<std::string>(database::Connection&, const store::LoggedEvent&)> body;
  std::string user_agent = "Parley-Webhook/1";
  Pauses pauses = standard_pauses();
};

/// `{"type":"message.created","timestamp":"…","data":{…}}`
Format standard_format();
inline constexpr std::string_view kStandard = "standard";

/// By the name that subscriptions carry. The standard one need not be in it.
using Formats = std::map<std::string, Format, std::less<>>;

}  // namespace parley::api::webhooks
