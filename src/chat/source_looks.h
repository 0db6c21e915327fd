#pragma once

// Looking at the source of an agent, as the routes call it: whoever makes the module says how.
// Values; any thread.

#include <functional>
#include <string_view>

#include "base/cancellation.h"
#include "base/json.h"

namespace parley::chat {

/// Both take the connection type as it is stored and the configuration, may block, and throw
/// nothing: what is wrong with a source is in the answer.
using SourceLook = std::function<JsonObject(std::string_view connection_type, const Json& config,
                                            const Cancellation& cancellation)>;

struct SourceLooks {
  SourceLook check_connection;  ///< `connected, message, workspace_id, dataset_id, table_count,
                                ///< database_name, host, error`.
  SourceLook get_schema;        ///< `success, message, data, error`.
};

}  // namespace parley::chat
