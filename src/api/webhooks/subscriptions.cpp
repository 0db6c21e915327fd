#include "api/webhooks/subscriptions.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/ids.h"
#include "base/text.h"
#include "http/message.h"
#include "store/event_log.h"
#include "store/query.h"

namespace parley::api::webhooks {
namespace {

using store::equals;
using store::set;
using store::WebhookAttemptRow;
using store::WebhookMessageRow;

constexpr std::string_view kRemoved = "removed";
constexpr std::size_t kReasonCharactersMax = 255;
constexpr std::size_t kSecretBytes = 24;  ///< As 48 characters, which are the key's bytes.
constexpr std::int64_t kSweptAtOnce = 500;

store::Condition<Subscription> is_that(const std::string& id) {
  return equals<&Subscription::id>(id);
}

store::Condition<Subscription> is_enabled() { return store::is_null<&Subscription::disabled_at>(); }

store::Condition<Subscription> is_not_removed() {
  return any_of(store::is_null<&Subscription::disabled_reason>(),
                store::not_equals<&Subscription::disabled_reason>(std::string(kRemoved)));
}

store::Condition<Subscription> is_seen(const Wall& wall) {
  return wall ? all_of(is_not_removed(), equals<&Subscription::tenant>(*wall)) : is_not_removed();
}

std::string new_secret() { return "whsec_" + base64(random_hex(kSecretBytes)); }

}  // namespace

Subscription subscribe(database::Connection& connection, const NewSubscription& wanted,
                       Timestamp now) {
  if (store::count(connection, is_enabled()) >= kSubscriptionsMax)
    throw http::conflict("too_many_webhooks", "There are too many webhooks; delete some first");
  const auto log = store::log_state(connection);
  Subscription subscription{.id = make_uuid(),
                            .url = wanted.url,
                            .secret = new_secret(),
                            .format = wanted.format,
                            .kinds = join(wanted.kinds, ","),
                            .owner = wanted.owner,
                            .tenant = wanted.tenant,
                            .created_at = now,
                            .disabled_at = std::nullopt,
                            .disabled_reason = std::nullopt,
                            .log_offset = log ? log->end.offset : 0};
  store::insert(connection, subscription);
  return subscription;
}

std::optional<Subscription> find(database::Connection& connection, const std::string& id,
                                 const Wall& wall) {
  return store::select<Subscription>().where(all_of(is_that(id), is_seen(wall))).first(connection);
}

std::optional<Subscription> find_and_lock(database::Connection& connection, const std::string& id) {
  return store::select<Subscription>().where(is_that(id)).for_update().first(connection);
}

SubscriptionPage list(database::Connection& connection, const Wall& wall, const Page& page) {
  const auto condition = is_seen(wall);
  return {.subscriptions = store::select<Subscription>()
                               .where(condition)
                               .order_by<&Subscription::created_at>()
                               .order_by<&Subscription::id>()
                               .limit(page.size)
                               .offset(page.offset())
                               .all(connection),
          .total = store::count(connection, condition)};
}

std::vector<Subscription> enabled(database::Connection& connection) {
  return store::select<Subscription>()
      .where(is_enabled())
      .order_by<&Subscription::created_at>()
      .all(connection);
}

void disable(database::Connection& connection, const std::string& id, std::string_view reason,
             Timestamp now) {
  store::update(connection, all_of(is_that(id), is_enabled()), set<&Subscription::disabled_at>(now),
                set<&Subscription::disabled_reason>(
                    std::string(first_code_points(reason, kReasonCharactersMax))));
}

void remove(database::Connection& connection, const std::string& id, Timestamp now) {
  store::update(connection, is_that(id), store::set_if_null<&Subscription::disabled_at>(now),
                set<&Subscription::disabled_reason>(std::string(kRemoved)));
}

bool sweep_removed(database::Connection& connection) {
  const auto removed = store::select<Subscription>()
                           .where(equals<&Subscription::disabled_reason>(std::string(kRemoved)))
                           .first(connection);
  if (!removed) return false;
  std::vector<std::string> ids;
  for (WebhookMessageRow& each :
       store::select<WebhookMessageRow>()
           .where(equals<&WebhookMessageRow::subscription_id>(removed->id))
           .limit(kSweptAtOnce)
           .all(connection)) {
    ids.push_back(std::move(each.id));
  }
  if (ids.empty()) {
    store::erase(connection, is_that(removed->id));
  } else {
    store::erase(connection, store::one_of<&WebhookAttemptRow::message_id>(ids));
    store::erase(connection, store::one_of<&WebhookMessageRow::id>(ids));
  }
  return true;
}

bool wants(const Subscription& subscription, std::string_view kind) {
  if (subscription.kinds.empty()) return true;
  const std::vector<std::string> kinds = split(subscription.kinds, ',');
  return std::ranges::find(kinds, kind) != kinds.end();
}

}  // namespace parley::api::webhooks
