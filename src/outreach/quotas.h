#pragma once

// The quotas of users, as they are kept in `quota_usage`: what was taken is on disk before anybody
// is told that it was. A row says how much was taken up to an instant; one at the beginning of time
// per user and quota stands for the lock that all who take from it hold. Several nodes and threads
// may take at the same time.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "outreach/quota_rules.h"
#include "store/unit_of_work.h"

namespace parley::outreach {

struct QuotaSettings {
  std::vector<Quota> whatsapp;  ///< Those that are taken from; none: no limit.
  std::vector<Quota> email;
  std::string time_zone = "UTC";
};

/// The limits that stand when nothing is configured.
QuotaSettings default_quotas();

/// A quota as it stands.
struct QuotaState {
  Quota quota;
  std::int64_t usage = 0;
  std::int64_t burst_used = 0;
  Timestamp next_available{};  ///< When one more can be taken, without a burst.
};

struct QuotaAlert {
  QuotaType type = QuotaType::MessagesPerDay;
  QuotaLevel level = QuotaLevel::Warning;
  std::int64_t usage = 0;
  std::int64_t limit = 0;
};

/// All quotas had room, and all were taken from.
struct QuotaTaken {
  /// Of the fullest quota's limit, without its burst; nothing without a limit.
  std::optional<std::int64_t> remaining;
  bool uses_burst = false;
  std::vector<QuotaAlert> alerts;   ///< Of all that are near their limit.
  std::vector<QuotaAlert> crossed;  ///< Of those that came near it by this.
};

/// One had no room, and none was taken from: the one with the longest wait.
struct QuotaDenied {
  QuotaType type = QuotaType::MessagesPerDay;
  std::int64_t usage = 0;
  std::int64_t limit = 0;
  Timestamp next_available{};
};

using QuotaAnswer = std::variant<QuotaTaken, QuotaDenied>;

enum class Burst { Allowed, Forbidden };

struct QuotaRequest {
  std::string user_id;
  Channel channel = Channel::Whatsapp;
  std::int64_t count = 1;  ///< ≥ 1.
  Burst burst = Burst::Allowed;
};

/// Immutable; any thread. Its functions run inside a transaction of the caller.
class Quotas {
 public:
  /// `now` decides how far the rules of the zone are read. Throws Error{InvalidConfiguration} for a
  /// zone that is none.
  Quotas(QuotaSettings settings, Timestamp now);

  /// Takes from all quotas of the channel or from none. Requires: a write transaction, and
  /// `count` ≤ largest_count.
  QuotaAnswer acquire(database::Connection& connection, const QuotaRequest& request,
                      Timestamp now) const;

  /// The most that can ever be taken at once; nothing without a limit.
  std::optional<std::int64_t> largest_count(Channel channel, Burst burst) const;

  std::vector<QuotaState> states(database::Connection& connection, const std::string& user_id,
                                 Channel channel, Timestamp now) const;

 private:
  const std::vector<Quota>& of(Channel channel) const;

  const QuotaSettings settings_;
  const DayCalendar days_;
};

}  // namespace parley::outreach
