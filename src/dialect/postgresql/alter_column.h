#pragma once

// A column of PostgreSQL: its text, what comes after it (trigger, comment), and how one becomes
// another. Pure; any thread.

#include <string>
#include <vector>

#include "schema/schema.h"

namespace parley::dialect {

/// `name TYPE DEFAULT x NOT NULL`.
std::string postgresql_column_text(const schema::Column& column);

/// What a new column needs beside its text: the on-update trigger and the comment.
std::vector<std::string> postgresql_column_extras(const std::string& table,
                                                  const schema::Column& column);

std::vector<std::string> postgresql_create_trigger(const std::string& table,
                                                   const std::string& column);
std::vector<std::string> postgresql_drop_trigger(const std::string& table,
                                                 const std::string& column);
std::string postgresql_drop_function(const std::string& table, const std::string& column);

/// The statements that turn the column `from` into `to`, of the same name.
std::vector<std::string> postgresql_alter_column(const std::string& table,
                                                 const schema::Column& from,
                                                 const schema::Column& to);

}  // namespace parley::dialect
