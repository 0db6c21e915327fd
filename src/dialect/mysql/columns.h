#pragma once

// The statements that change a column. Each change is one ALTER TABLE, so that it is there wholly
// or not at all; what must follow it stands behind it and may be run again. Pure; any thread. All
// throw Error{UnsupportedChange} as `render` does.

#include "dialect/mysql/clauses.h"
#include "schema/change.h"

namespace parley::dialect {

Statements add_mysql_column(const schema::AddColumn& change, const MysqlState& state);
Statements drop_mysql_column(const schema::DropColumn& change, const MysqlState& state);
Statements alter_mysql_column(const schema::AlterColumn& change, const MysqlState& state);
Statements rename_mysql_column(const schema::RenameColumn& change, const MysqlState& state);
Statements set_mysql_comment(const schema::SetComment& change, const MysqlState& state);

}  // namespace parley::dialect
