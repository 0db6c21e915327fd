#pragma once

// Statements about foreign keys, indexes and checks that the server has named. A number in such a
// name depends on what was there before, so the name is looked up where the statement runs: the
// text of the real statement is put together from information_schema and executed as a prepared
// one. The four statements for that are one text, because a user variable does not outlive its
// connection. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "dialect/mysql/clauses.h"
#include "schema/schema.h"

namespace parley::dialect {

/// Drops the foreign key on these columns whose name is not known; one that the server named goes
/// first.
std::string drop_unnamed_foreign_key(const std::string& table,
                                     const std::vector<std::string>& columns);

/// Drops the unique index on these columns whose name is not known; one that the server named goes
/// first. The foreign keys get indexes as in `alter_with_indexes_for`.
std::string drop_unnamed_unique(const std::string& table, const std::vector<std::string>& columns,
                                const std::vector<schema::ForeignKey>& keys);

/// `statement`, an ALTER TABLE, which also makes the index that the server would have made for each
/// of the foreign keys, if the table has none of that name.
std::string alter_with_indexes_for(const std::string& table, const std::string& statement,
                                   const std::vector<schema::ForeignKey>& keys);

/// True when the SQL names the column, quoted or not.
bool mentions_mysql_column(std::string_view sql, std::string_view column);

/// Drops the check of `table` with that condition which has no name of its own: the server gave it
/// one, or it stands in the definition of a column, which is then written anew without it.
std::string drop_unnamed_check(const schema::Table& table, const std::string& expression,
                               const MysqlState& state);

/// `statement`, an ALTER TABLE that ends with the new definition of the column, with the check that
/// stands in the old definition, if there is one: MODIFY would take it away.
std::string alter_with_check_of(const std::string& table, const std::string& column,
                                const std::string& statement, const MysqlFlavor& flavor);

/// Drops the index that the server made for `key`, if it is there: it outlives the key.
std::string drop_index_made_for(const std::string& table, const schema::ForeignKey& key);

}  // namespace parley::dialect
