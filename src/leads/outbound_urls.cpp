#include "leads/outbound_urls.h"

#include "api/webhooks/subscriptions.h"
#include "leads/events.h"
#include "leads/webhook_part.h"

namespace parley::leads {
namespace {

namespace webhooks = api::webhooks;

std::vector<webhooks::Subscription> outbound_subscriptions(store::Connection& connection) {
  std::vector<webhooks::Subscription> found = webhooks::enabled(connection);
  std::erase_if(found, [](const auto& each) { return each.format != kOutboundFormat; });
  return found;
}

}  // namespace

std::vector<std::string> outbound_urls(store::Connection& connection) {
  std::vector<std::string> urls;
  for (const webhooks::Subscription& each : outbound_subscriptions(connection))
    urls.push_back(each.url);
  return urls;
}

bool add_outbound_url(store::Connection& connection, const std::string& url,
                      const std::string& owner, Timestamp now) {
  const std::vector<std::string> known = outbound_urls(connection);
  if (std::ranges::count(known, url) > 0) return false;
  webhooks::subscribe(connection,
                      {.url = url,
                       .kinds = {std::string(kMessageCreated), std::string(kLeadCreated)},
                       .format = std::string(kOutboundFormat),
                       .owner = owner,
                       .tenant = {}},
                      now);
  return true;
}

bool remove_outbound_url(store::Connection& connection, const std::string& url, Timestamp now) {
  bool is_removed = false;
  for (const webhooks::Subscription& each : outbound_subscriptions(connection)) {
    if (each.url != url) continue;
    webhooks::remove(connection, each.id, now);
    is_removed = true;
  }
  return is_removed;
}

}  // namespace parley::leads
