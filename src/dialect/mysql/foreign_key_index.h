#pragma once

// InnoDB wants an index for each foreign key. It makes one where none serves, which nobody asked
// for and no schema shows, and refuses to drop the last one that serves (error 1553). Pure; any
// thread.

#include "dialect/mysql/clauses.h"
#include "schema/change.h"

namespace parley::dialect {

/// Whether an index, key or constraint that somebody asked for serves the foreign key, so that
/// InnoDB needs none of its own.
bool has_own_index(const schema::Table& table, const schema::ForeignKey& key);

/// The foreign keys of `table` that something serves now and nothing would serve in `after`.
std::vector<schema::ForeignKey> keys_left_unserved(const schema::Table& table,
                                                   const schema::Table& after);

// The statements of the drops that may take a foreign key's index away: the same statement then
// makes the index that InnoDB would have made, if it is not there already.
Statements drop_mysql_index(const schema::DropIndex& change, const MysqlState& state);
Statements drop_mysql_unique(const schema::DropUnique& change, const MysqlState& state);
Statements drop_mysql_primary_key(const schema::DropPrimaryKey& change, const MysqlState& state);

/// The foreign key, and then the index that the server made for it.
Statements drop_mysql_foreign_key(const schema::DropForeignKey& change, const MysqlState& state);

}  // namespace parley::dialect
