#pragma once

// The part of the configuration that says which data agents may ask, and where Power BI is.

#include "app/configuration.h"
#include "chat/data_source.h"

namespace parley::app {

/// Reads `chat.sqlite_dirs`, `chat.data_source_allow` and `powerbi.*`. Throws
/// Error{InvalidConfiguration} for a URL that is none and a directory that is not absolute.
chat::DataSourceSettings data_source_settings(const Configuration& configuration);

}  // namespace parley::app
