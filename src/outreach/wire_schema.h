#pragma once

// The schemas of what `wire.h` writes and of what `requests.h` reads, for the API's document. Pure
// functions; any thread.

#include "base/json_schema.h"
#include "http/operation.h"

namespace parley::outreach {

JsonObject session_schema();
JsonObject entry_schema();
JsonObject system_log_schema();
JsonObject stats_schema();
JsonObject report_schema();
JsonObject health_schema();
JsonObject record_schema();
JsonObject status_change_schema();

/// `{data: [item…], has_more, next}`.
JsonObject list_schema(const JsonObject& item);

}  // namespace parley::outreach
