#include "outreach/quotas.h"

#include <algorithm>

#include "base/check.h"
#include "base/error.h"
#include "outreach/tables.h"
#include "store/connection.h"
#include "store/query.h"

namespace parley::outreach {
namespace {

using store::equals;
using store::set;

/// The row that is only locked.
constexpr Timestamp kAnchor{};

/// Quotas of e-mail are kept beside those of WhatsApp, whose names are those of the original.
std::string stored_type(Channel channel, QuotaType type) {
  return channel == Channel::Email ? "email_" + word(type) : word(type);
}

store::Condition<QuotaUsageRow> of_quota(const std::string& user_id, const std::string& type) {
  return all_of(equals<&QuotaUsageRow::user_id>(user_id), equals<&QuotaUsageRow::quota_type>(type));
}

std::vector<Taken> taken_of(const std::vector<QuotaUsageRow>& rows) {
  std::vector<Taken> taken;
  for (const QuotaUsageRow& row : rows) {
    if (row.window_start != kAnchor) taken.push_back({row.window_start, row.used, row.burst_used});
  }
  return taken;
}

/// One quota of one user, held until the end of the transaction.
struct Held {
  const Quota* quota = nullptr;
  std::string type;
  std::vector<Taken> taken;     ///< All that is stored, oldest first.
  std::vector<Taken> counting;  ///< What of it counts now.
  std::int64_t usage = 0;
};

/// Whoever is first makes the row that is locked. Two at once: one of them begins anew.
void make_anchor(store::Connection& connection, const std::string& user_id,
                 const std::string& type) {
  try {
    store::insert(connection,
                  QuotaUsageRow{.user_id = user_id, .quota_type = type, .window_start = kAnchor});
  } catch (const Error& error) {
    if (error.code() != ErrorCode::UniqueViolation) throw;
    throw Error(ErrorCode::SerializationFailure, "Another node has made the same quota");
  }
}

std::vector<QuotaUsageRow> lock_rows(store::Connection& connection, const std::string& user_id,
                                     const std::string& type) {
  std::vector<QuotaUsageRow> rows = store::select<QuotaUsageRow>()
                                        .where(of_quota(user_id, type))
                                        .order_by<&QuotaUsageRow::window_start>()
                                        .for_update()
                                        .all(connection);
  if (rows.empty() || rows.front().window_start != kAnchor) make_anchor(connection, user_id, type);
  return rows;
}

/// How many of `count` more are beyond the limit.
std::int64_t burst_part(const Held& held, std::int64_t count) {
  return std::clamp<std::int64_t>(held.usage + count - held.quota->limit, 0, count);
}

void add(store::Connection& connection, const std::string& user_id, const Held& held,
         std::int64_t count, Timestamp now) {
  const auto bucket = [&](Timestamp time) {
    return time.time_since_epoch() / resolution_of(held.quota->type);
  };
  const std::int64_t of_burst = burst_part(held, count);
  // Another node's clock may be ahead.
  const Timestamp at = held.taken.empty() ? now : std::max(now, held.taken.back().at);
  const bool is_same = !held.counting.empty() && bucket(held.counting.back().at) == bucket(at);
  if (!is_same) {
    store::insert(connection, QuotaUsageRow{.user_id = user_id,
                                            .quota_type = held.type,
                                            .window_start = at,
                                            .used = count,
                                            .burst_used = of_burst});
    return;
  }
  const auto newest = all_of(of_quota(user_id, held.type),
                             equals<&QuotaUsageRow::window_start>(held.counting.back().at));
  store::update(connection, newest, set<&QuotaUsageRow::window_start>(at),
                store::increment<&QuotaUsageRow::used>(count),
                store::increment<&QuotaUsageRow::burst_used>(of_burst));
}

void forget_old(store::Connection& connection, const std::string& user_id, const Held& held) {
  if (held.counting.size() == held.taken.size()) return;
  const std::size_t old = held.taken.size() - held.counting.size();
  store::erase(
      connection,
      all_of(of_quota(user_id, held.type), store::greater<&QuotaUsageRow::window_start>(kAnchor),
             store::less_or_equal<&QuotaUsageRow::window_start>(held.taken[old - 1].at)));
}

std::int64_t allowed(const Quota& quota, Burst burst) {
  return quota.limit + (burst == Burst::Allowed ? quota.burst : 0);
}

DayCalendar calendar_of(const std::string& zone, Timestamp now) {
  try {
    return {zone, now};
  } catch (const Error& error) {
    throw Error(ErrorCode::InvalidConfiguration,
                std::string("outreach.quotas.time_zone cannot be used. ") + error.what(),
                error.hint());
  }
}

}  // namespace

QuotaSettings default_quotas() {
  return {.whatsapp = {{QuotaType::MessagesPerMinute, 20, 5, 80, 95},
                       {QuotaType::MessagesPerHour, 1000, 100, 85, 95},
                       {QuotaType::MessagesPerDay, 10000, 500, 90, 98}},
          .email = {{QuotaType::MessagesPerDay, 100, 0, 90}}};
}

Quotas::Quotas(QuotaSettings settings, Timestamp now)
    : settings_(std::move(settings)), days_(calendar_of(settings_.time_zone, now)) {}

const std::vector<Quota>& Quotas::of(Channel channel) const {
  return channel == Channel::Email ? settings_.email : settings_.whatsapp;
}

std::optional<std::int64_t> Quotas::largest_count(Channel channel, Burst burst) const {
  std::optional<std::int64_t> largest;
  for (const Quota& quota : of(channel)) {
    if (!largest || allowed(quota, burst) < *largest) largest = allowed(quota, burst);
  }
  return largest;
}

QuotaAnswer Quotas::acquire(database::Connection& connection, const QuotaRequest& request,
                            Timestamp now) const {
  std::vector<Held> all;
  std::optional<QuotaDenied> denied;
  for (const Quota& quota : of(request.channel)) {
    Held held{.quota = &quota, .type = stored_type(request.channel, quota.type)};
    held.taken = taken_of(lock_rows(connection, request.user_id, held.type));
    held.counting = counting(held.taken, quota.type, now, days_);
    held.usage = usage_of(held.counting);
    const Timestamp at = available_at(quota, allowed(quota, request.burst), request.count,
                                      held.counting, now, days_);
    if (at > now && (!denied || at > denied->next_available))
      denied = QuotaDenied{quota.type, held.usage, quota.limit, at};
    all.push_back(std::move(held));
  }
  if (denied) return *denied;
  QuotaTaken taken;
  for (const Held& held : all) {
    add(connection, request.user_id, held, request.count, now);
    forget_old(connection, request.user_id, held);
    const std::int64_t usage = held.usage + request.count;
    const std::int64_t left = std::max<std::int64_t>(held.quota->limit - usage, 0);
    taken.remaining = std::min(taken.remaining.value_or(left), left);
    taken.uses_burst |= burst_part(held, request.count) > 0;
    const QuotaLevel level = level_of(*held.quota, usage);
    if (level == QuotaLevel::Normal) continue;
    taken.alerts.push_back({held.quota->type, level, usage, held.quota->limit});
    if (level > level_of(*held.quota, held.usage)) taken.crossed.push_back(taken.alerts.back());
  }
  return taken;
}

std::vector<QuotaState> Quotas::states(database::Connection& connection, const std::string& user_id,
                                       Channel channel, Timestamp now) const {
  std::vector<QuotaState> states;
  for (const Quota& quota : of(channel)) {
    const auto rows = store::select<QuotaUsageRow>()
                          .where(of_quota(user_id, stored_type(channel, quota.type)))
                          .order_by<&QuotaUsageRow::window_start>()
                          .all(connection);
    const std::vector<Taken> taken = counting(taken_of(rows), quota.type, now, days_);
    QuotaState state{.quota = quota, .usage = usage_of(taken)};
    for (const Taken& each : taken) state.burst_used += each.of_burst;
    state.next_available =
        available_at(quota, std::max<std::int64_t>(quota.limit, 1), 1, taken, now, days_);
    states.push_back(std::move(state));
  }
  return states;
}

}  // namespace parley::outreach
