#pragma once

// The modules of the server, and how each one's namespace is found and opened. The only place that
// knows which modules there are. Any thread.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/configuration.h"
#include "database/connection.h"
#include "migrate/definition.h"

namespace parley::app {

/// The names of all modules, in the order in which they are listed.
const std::vector<std::string>& module_names();

/// What the module declares, with the revisions that the binary carries. Throws
/// Error{InvalidArgument} naming the modules when there is none of that name.
migrate::NamespaceDefinition definition_of(std::string_view module);

/// The same with the revisions of `history` read from `directory` instead, as a developer of Parley
/// needs it.
migrate::NamespaceDefinition definition_of(std::string_view module, const std::string& history,
                                           const std::filesystem::path& directory);

/// Opens the module's namespace: its own database when `database.<module>` is set; else the
/// module's schema or database on `database.url`; else its SQLite file in the data directory. With
/// Create::IfMissing what is missing is created.
std::unique_ptr<database::Connection> open_namespace(const Configuration& configuration,
                                                     const std::string& module,
                                                     database::Connection::Create create);

}  // namespace parley::app
