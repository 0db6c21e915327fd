#pragma once

// The queries of this module that a declaration alone cannot express: conditions on times that
// earlier programs wrote in forms of their own, and the pass over the messages of a report. Their
// names come from the declarations. The connection's thread.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "outreach/sending_tables.h"
#include "outreach/tables.h"
#include "schema/schema.h"
#include "store/connection.h"
#include "store/query.h"

namespace parley::outreach {

/// Whether the times of a database can be compared as they stand. They can but in a file that was
/// taken over, where some are local times without a zone.
enum class Times { Comparable, Mixed };

/// Looks at every message and session, which takes a moment: ask once (see `KnownTimes`). Requires:
/// the engine keeps times as text.
Times times_in(database::Connection& connection);

// Conditions on the instant that a time is; one that cannot be read is of any time, and is before
// none.

store::Condition<MessageLogRow> logged_since(Times times, Timestamp since);
store::Condition<MessageLogRow> logged_before(Times times, Timestamp limit);
store::Condition<SessionSummaryRow> started_since(Times times, Timestamp since);
store::Condition<SessionSummaryRow> started_before(Times times, Timestamp limit);

/// The delivery records of a user.
store::Condition<DeliveryRecordRow> is_delivery_of(const std::string& user_id);
/// Those of nobody, as adopted files have them.
store::Condition<DeliveryRecordRow> is_ownerless_delivery();

/// The history of those messages, their place in the queue, what they are to say, and their ids at
/// providers.
store::Condition<StatusEventRow> is_event_of(const store::Condition<MessageLogRow>& messages);
store::Condition<SendQueueRow> is_queued_of(const store::Condition<MessageLogRow>& messages);
store::Condition<SendContentRow> is_content_of(const store::Condition<MessageLogRow>& messages);
store::Condition<MessageIdRow> is_id_of(const store::Condition<MessageLogRow>& messages);

// Statements for the upkeep of the tables, in the words of each engine; outside a transaction.

schema::SqlTexts analyze_statements();
/// Checks pages and indexes: a row per finding, whose last column is `ok` when there is none. Not
/// where the engine looks after that itself.
schema::SqlTexts check_statements();
schema::SqlTexts reindex_statements();
schema::SqlTexts compact_statements();
/// How many parts of a hundred compacting would give back; where it is worth asking.
schema::SqlTexts waste_statements();

/// A place in a list that is ordered by time, then id, both descending.
struct ListPosition {
  Timestamp time{};
  std::string id;
};

/// The rows behind `after` (nothing: from the newest), at most `count_max`.
std::vector<MessageLogRow> newest_first(database::Connection& connection, Times times,
                                        const store::Condition<MessageLogRow>& condition,
                                        const std::optional<ListPosition>& after,
                                        std::int64_t count_max);
std::vector<SessionSummaryRow> newest_first(database::Connection& connection, Times times,
                                            const store::Condition<SessionSummaryRow>& condition,
                                            const std::optional<ListPosition>& after,
                                            std::int64_t count_max);

/// What a report reads of a message. The texts live during the call.
struct ReportedMessage {
  Timestamp timestamp{};
  std::string_view session_id;
  std::string_view channel;
  std::string_view template_name;
  std::string_view email;
  std::string_view phone;
  std::string_view company;
  std::string_view status;
  std::string_view error;
};

/// Calls `take` with each message that the condition holds for, in no order: one call at a time, on
/// other threads than the caller's.
void for_each_reported(database::Connection& connection,
                       const store::Condition<MessageLogRow>& condition,
                       const std::function<void(const ReportedMessage&)>& take);

/// The lengths of the ended sessions that the condition holds for.
std::vector<std::chrono::duration<double>> session_lengths(
    database::Connection& connection, const store::Condition<SessionSummaryRow>& condition);

}  // namespace parley::outreach
