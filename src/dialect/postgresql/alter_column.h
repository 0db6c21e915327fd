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

/// The trigger that moves the column, with its function.
std::vector<std::string> postgresql_create_on_update(const std::string& table,
                                                     const schema::Column& column);
std::vector<std::string> postgresql_drop_on_update(const std::string& table,
                                                   const schema::Column& column);
std::string postgresql_drop_on_update_function(const std::string& table,
                                               const schema::Column& column);

std::string postgresql_comment_on_table(const std::string& table, const std::string& comment);
std::string postgresql_comment_on_column(const std::string& table, const std::string& column,
                                         const std::string& comment);

/// Throws Error{UnsupportedChange} when the engine has no such column.
void postgresql_require_possible(const std::string& table, const schema::Column& column);

/// The statements that give the column all properties of `to`, the way around views and triggers
/// included. Throws Error{UnsupportedChange} when the column becomes, or stays, one that is
/// generated otherwise.
std::vector<std::string> postgresql_alter_column(const schema::Table& table,
                                                 const schema::Column& to,
                                                 const schema::Schema& before);

}  // namespace parley::dialect
