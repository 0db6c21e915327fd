#pragma once

// What MySQL and MariaDB refuse, or would silently do otherwise, said before anything is run. Each
// function throws Error{UnsupportedChange} with the reason and the way out. Pure; any thread.

#include "dialect/mysql/clauses.h"
#include "schema/schema.h"

namespace parley::dialect {

void refuse_mysql_column(const std::string& table, const schema::Column& column);

/// Everything about a whole new table.
void refuse_mysql_table(const schema::Table& table, const MysqlState& state);

/// Keys on TEXT, BLOB and JSON columns need a prefix length, which only an index part can have.
void refuse_mysql_key(const schema::Table& table, const std::vector<std::string>& columns);

/// No name may be longer than 64 characters. `what` is the word for the thing: `index`.
void refuse_long_mysql_name(std::string_view what, const std::string& name);

void refuse_mysql_index(const schema::Table& table, const schema::Index& index,
                        const MysqlFlavor& flavor);

/// Foreign keys of two tables cannot have one name, nor can checks on MySQL.
void refuse_mysql_foreign_key(const schema::Table& table, const schema::ForeignKey& key,
                              const MysqlState& state);
void refuse_mysql_check(const std::string& table, const schema::Check& check,
                        const MysqlState& state);

void refuse_mysql_view(const schema::View& view);
void refuse_mysql_trigger(const schema::Trigger& trigger, const schema::Schema& before);

}  // namespace parley::dialect
