#pragma once

// What requests of this module ask for, read from path, query and body. Each function throws the
// 400 or 422 problem for what it cannot read. Pure functions; any thread.

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "http/message.h"
#include "outreach/export_format.h"
#include "outreach/lists.h"
#include "outreach/records.h"
#include "outreach/retention.h"
#include "outreach/sessions.h"
#include "outreach/statuses.h"

namespace parley::outreach {

/// How long messages are kept when retention does not say.
inline constexpr std::int64_t kRetentionDays = 90;

NewSession read_new_session(const http::Request& request);

/// The body of `PUT /messages/{log_id}/status`; the id comes from the path.
StatusChange read_status_change(const http::Request& request);

/// `{updates: […]}`.
std::vector<StatusChange> read_status_changes(const http::Request& request);

/// A list as it is asked for. `filters` goes into the cursor of the next page.
struct ListRequest {
  Slice slice;
  std::string filters;
};

/// `days` of a query.
std::int64_t read_days(const http::Request& request);

struct ReportRequest {
  std::int64_t days = kDays;
  bool is_forced = false;  ///< Not the one that is stored.
};
ReportRequest read_report(const http::Request& request);

/// Throws 400 for a format that is none.
ExportRequest read_export(const http::Request& request);

struct RetentionRequest {
  std::int64_t days = kRetentionDays;
  Deletion deletion = Deletion::ForReal;
};
RetentionRequest read_retention(const http::Request& request);

/// The name of a backup; empty: one with the time.
std::string read_backup_name(const http::Request& request);

ListRequest read_session_list(const http::Request& request, Timestamp now);

struct MessageListRequest : ListRequest {
  MessageFilter filter;
};
MessageListRequest read_message_list(const http::Request& request, Timestamp now);

struct SystemLogListRequest : ListRequest {
  SystemLogFilter filter;
};
SystemLogListRequest read_system_log_list(const http::Request& request, Timestamp now);

}  // namespace parley::outreach
