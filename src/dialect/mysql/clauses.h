#pragma once

// The pieces of DDL that MySQL and MariaDB write in their own way: a column, an index, a new table.
// Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "dialect/mysql/mysql_dialect.h"
#include "schema/schema.h"

namespace parley::dialect {

using Statements = std::vector<std::string>;

/// What a statement depends on besides its change.
struct MysqlState {
  const schema::Schema& before;
  const MysqlFlavor& flavor;
};

std::string mysql_name(const std::string& identifier);

/// `ALTER TABLE table action, action`.
std::string alter_mysql_table(const std::string& table, std::string_view actions);
std::string alter_mysql_table(const std::string& table, const Statements& actions);

/// `column` as this engine holds it: text instead of an enum, and nullable when it is generated and
/// the engine has no NOT NULL for that.
schema::Column stored_mysql_column(const schema::Column& column, const MysqlState& state);

/// `name VARCHAR(20) DEFAULT 'x' NOT NULL`, of a column as it is held.
std::string mysql_column_text(const schema::Column& stored);

/// CREATE TABLE and its CREATE INDEX statements.
Statements create_mysql_table(const schema::Table& table, const MysqlState& state);

/// The index's method in lower case; empty for the usual, a B-tree.
std::string mysql_index_method(const schema::Index& index);

std::string create_mysql_index(const std::string& table, const schema::Index& index);

/// `DROP CONSTRAINT name` or `DROP CHECK name`, and `ADD CONSTRAINT name CHECK (…)`.
std::string drop_check_action(const std::string& check, const MysqlFlavor& flavor);
std::string add_check_action(const schema::Check& check);

}  // namespace parley::dialect
