#pragma once

// What MySQL and MariaDB refuse, or would silently do otherwise, said before anything is run. Each
// function throws Error{UnsupportedChange} with the reason and the way out. Pure; any thread.

#include "schema/schema.h"

namespace parley::dialect {

void refuse_mysql_column(const std::string& table, const schema::Column& column);

/// Everything about a whole new table.
void refuse_mysql_table(const schema::Table& table);

/// Keys on TEXT, BLOB and JSON columns need a prefix length, which only an index part can have.
void refuse_mysql_key(const schema::Table& table, const std::vector<std::string>& columns);

void refuse_mysql_index(const schema::Table& table, const schema::Index& index);
void refuse_mysql_foreign_key(const schema::Table& table, const schema::ForeignKey& key);

}  // namespace parley::dialect
