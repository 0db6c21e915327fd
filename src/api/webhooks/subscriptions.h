#pragma once

// Who wants to be sent the events of a module: made, found, disabled and removed. A subscription
// sends what its owner may see, and nothing of before it. Functions run inside a transaction of the
// caller, on its thread, and throw what the driver throws.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/page.h"
#include "base/clock.h"
#include "database/connection.h"
#include "store/webhook_tables.h"

namespace parley::api::webhooks {

using Subscription = store::WebhookSubscriptionRow;

/// So many may be enabled at once in a module.
inline constexpr std::int64_t kSubscriptionsMax = 100;

struct NewSubscription {
  std::string url;
  std::vector<std::string> kinds;  ///< Of the wanted events; empty: all.
  std::string format;
  std::string owner;
  std::optional<std::string> tenant;
};

/// Subscribes from now on. Throws the 409 problem `too_many_webhooks`. Requires: the URL can be
/// called.
Subscription subscribe(database::Connection& connection, const NewSubscription& wanted,
                       Timestamp now);

/// Whose subscriptions are seen: those of one tenant, or all.
using Wall = std::optional<std::string>;

/// Nothing when there is none of that id, or it is behind the wall.
std::optional<Subscription> find(database::Connection& connection, const std::string& id,
                                 const Wall& wall);

/// The same, with its row locked: whoever changes what it is to be sent holds that lock.
std::optional<Subscription> find_and_lock(database::Connection& connection, const std::string& id);

struct SubscriptionPage {
  std::vector<Subscription> subscriptions;
  std::int64_t total = 0;
};
SubscriptionPage list(database::Connection& connection, const Wall& wall, const Page& page);

/// All that are enabled, oldest first.
std::vector<Subscription> enabled(database::Connection& connection);

/// Nothing is sent any more. One that is disabled already keeps its reason.
void disable(database::Connection& connection, const std::string& id, std::string_view reason,
             Timestamp now);

/// Ends the subscription: it is found no more. Its messages go later, in `sweep_removed`.
void remove(database::Connection& connection, const std::string& id, Timestamp now);

/// Deletes some of what removed subscriptions have left; true when there is more.
bool sweep_removed(database::Connection& connection);

/// True when the subscription wants events of that kind.
bool wants(const Subscription& subscription, std::string_view kind);

}  // namespace parley::api::webhooks
