#pragma once

// Somebody's SQL database as a data source. See data_source.h and database/reader.h.

#include <memory>

#include "chat/data_source.h"

namespace parley::chat {

/// `config`: host, username, database, password, port, database_type. Throws as DataSources::open.
/// The settings must outlive the source.
std::unique_ptr<DataSource> open_database_source(const DataSourceSettings& settings,
                                                 const Json& config);

}  // namespace parley::chat
