#pragma once

// What the endpoints of webhooks do, for the API's document, and the objects that they answer with.
// Pure functions; any thread.

#include "api/webhooks/outbox.h"
#include "http/operation.h"

namespace parley::api::webhooks {

JsonObject to_json(const Subscription& subscription);
JsonObject to_json(const Message& message);
JsonObject to_json(const Message& message, const std::vector<Attempt>& attempts);

inline constexpr std::int64_t kPerPage = 50;
inline constexpr std::int64_t kPerPageMax = 200;
inline constexpr std::size_t kUrlCharactersMax = 2048;
inline constexpr std::size_t kKindCharactersMax = 64;

namespace operation {

http::Operation subscribe();
http::Operation list_subscriptions();
http::Operation show_subscription();
http::Operation unsubscribe();
http::Operation send_test();
http::Operation redeliver();
http::Operation replay();
http::Operation list_deliveries();
http::Operation show_delivery();

}  // namespace operation
}  // namespace parley::api::webhooks
