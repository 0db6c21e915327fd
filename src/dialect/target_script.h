#pragma once

// What of a schema dump is about the schema. Dumps also say who owns a table, set variables that
// another version of the server may not know, and begin transactions; none of that belongs to a
// namespace that is built for looking at. Pure; any thread.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/client_script.h"

namespace parley::dialect {

/// The statements that build the schema, in order: owners, privileges, transactions, databases,
/// locks and settings of the client are left out, and so are the tables that SQLite keeps for
/// itself. A definer who need not exist here is taken out of MySQL's views and triggers.
std::vector<ScriptStatement> schema_statements(std::string_view script, std::string_view dialect);

/// True when some statement can only run in a database of its own: it creates schemas or
/// extensions, sets the search path, or names one of `namespaces` (`public.users`).
bool needs_own_database(std::span<const ScriptStatement> statements,
                        std::span<const std::string> namespaces);

/// The first of `databases` in which the statement would change something, though it should stay
/// where it is run; empty when there is none.
std::string named_database(const ScriptStatement& statement,
                           std::span<const std::string> databases);

}  // namespace parley::dialect
