#pragma once

// The clauses of DDL that read the same on every engine, given how it quotes. What differs (types,
// defaults, how a column is altered) is in the engines' folders. Pure; any thread.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/sql_style.h"
#include "schema/change.h"
#include "schema/schema.h"

namespace parley::dialect {

/// `CREATE TABLE name (…)` with one line per column and constraint.
std::string create_table_text(const std::string& quoted_name, std::span<const std::string> lines);

/// The lines of CREATE TABLE behind the columns: `PRIMARY KEY (id)`, `CONSTRAINT uq UNIQUE (a)`…
std::vector<std::string> constraint_lines(const schema::Table& table, const SqlStyle& style);

std::string constraint_text(const schema::PrimaryKey& key, const SqlStyle& style);
std::string constraint_text(const schema::Unique& unique, const SqlStyle& style);
std::string constraint_text(const schema::Check& check, const SqlStyle& style);
std::string constraint_text(const schema::ForeignKey& key, const SqlStyle& style);

std::string create_index_text(const std::string& table, const schema::Index& index,
                              const SqlStyle& style);

/// The texts of `texts` for this dialect, without blanks and semicolon at their end; nothing when
/// there is none. A text for the dialect itself goes before one for its `family` and one for all.
std::vector<std::string> texts_for(const schema::SqlTexts& texts, std::string_view dialect,
                                   std::string_view family);

/// The texts of an `Execute` for this dialect, as `texts_for`.
std::vector<std::string> execute_texts(const schema::Execute& change, std::string_view dialect,
                                       std::string_view family);

/// The table in the state before a change. Throws Error{InvalidRevisionFile} when it is not there.
const schema::Table& table_in(const schema::Schema& schema, const std::string& table);
const schema::Column& column_in(const schema::Table& table, const std::string& column);

/// The name of the trigger that stands in for `on_update_now` of the column: its own, or the usual
/// `trg_<table>_<column>`.
std::string on_update_trigger_name(std::string_view table, const schema::Column& column);
std::string usual_on_update_trigger_name(std::string_view table, std::string_view column);

/// Leaves out a name of that trigger that is the usual one, or that nothing needs.
void normalize_on_update_triggers(schema::Table& table);

}  // namespace parley::dialect
