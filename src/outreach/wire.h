#pragma once

// The JSON shapes of the answers. Fields that a table has come from its declaration; only what is
// computed is named here. Pure functions; any thread.

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "outreach/retention.h"
#include "outreach/sessions.h"
#include "outreach/stats.h"
#include "outreach/tables.h"

namespace parley::outreach {

/// RFC 3339, or null for a time that there is not or that cannot be read.
Json time_json(const std::optional<Timestamp>& time);

JsonObject session_json(const SessionView& view);

/// The 21 fields of a message, as text: the object that this module answers most.
std::string entry_text(const MessageLogRow& message);

std::string system_log_text(const SystemLogRow& line);

JsonObject stats_json(const QuickStats& stats);

struct RetentionAnswer {
  Deleted deleted;
  Timestamp cutoff{};
  Deletion deletion = Deletion::ForReal;
};
JsonObject retention_json(const RetentionAnswer& answer);

/// `{data: […], has_more, next}` of items that are JSON already.
std::string list_text(const std::vector<std::string>& items,
                      const std::optional<std::string>& next);

}  // namespace parley::outreach
