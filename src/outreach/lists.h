#pragma once

// The lists of the module: pages of sessions, messages and lines of the system log, newest first,
// each ending in a cursor to the next. Functions run inside a transaction given by the store. The
// connection's thread.

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "outreach/known_times.h"
#include "outreach/sessions.h"
#include "outreach/tables.h"
#include "outreach/vocabulary.h"

namespace parley::outreach {

inline constexpr std::int64_t kDays = 30;
inline constexpr std::int64_t kDaysMax = 3650;
inline constexpr std::int64_t kPerPage = 100;
inline constexpr std::int64_t kPerPageMax = 1000;

/// Which part of a list is asked for.
struct Slice {
  Timestamp since{};
  std::optional<ListPosition> after;
  std::int64_t limit = kPerPage;
};

struct MessageFilter {
  std::optional<Channel> channel;
  std::optional<MessageStatus> status;
  std::optional<std::string> session_id;
  std::optional<std::string> recipient;  ///< An e-mail address or a phone number.
};

struct SystemLogFilter {
  std::optional<LogLevel> level;
  std::optional<Component> component;
};

/// The rows of a page, and whether there are more.
template <class Row>
struct Found {
  std::vector<Row> rows;
  bool has_more = false;
};

Found<SessionSummaryRow> list_sessions(database::Connection& connection, Times times,
                                       const std::string& user_id, const Slice& slice);

Found<MessageLogRow> list_messages(database::Connection& connection, Times times,
                                   const std::string& user_id, const MessageFilter& filter,
                                   const Slice& slice);

/// The lines of the user and those of nobody in particular.
Found<SystemLogRow> list_system_logs(database::Connection& connection, const std::string& user_id,
                                     const SystemLogFilter& filter, const Slice& slice);

}  // namespace parley::outreach
