#pragma once

// Views: their statements, and the text that the catalogue keeps of them. ALGORITHM, DEFINER and
// SQL SECURITY are the server's usual ones. WITH CHECK OPTION is read as the end of the query.
// Pure; any thread.

#include <functional>
#include <string>
#include <string_view>

#include "dialect/mysql/clauses.h"
#include "schema/change.h"

namespace parley::dialect {

Statements create_mysql_view(const schema::View& view, const MysqlFlavor& flavor);

/// May be run again. A view without a text for this engine is dropped.
Statements replace_mysql_view(const schema::View& view, const MysqlFlavor& flavor);

/// `sql` of the catalogue without the name of the database in front of names for which
/// `is_object` holds: an alias may be called as the database is.
std::string without_database(std::string_view sql, std::string_view database,
                             const std::function<bool(const std::string&)>& is_object);

/// Views and triggers as the catalogue would tell them: one text, in one spelling, and none of
/// those that have no text for the engine. Routines of the server itself compare the meaning.
void normalize_mysql_views(schema::Schema& schema, std::string_view dialect);

/// SQL in one spelling that still runs: blanks and the letter case of reserved words do not count,
/// that of names does.
std::string canonical_mysql_text(std::string_view sql);

}  // namespace parley::dialect
