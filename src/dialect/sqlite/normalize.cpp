#include <algorithm>

#include "base/text.h"
#include "dialect/ddl.h"
#include "dialect/enum_check.h"
#include "dialect/normal_form.h"
#include "dialect/sqlite/sqlite_dialect.h"
#include "dialect/sqlite/stored_sql.h"
#include "dialect/sqlite/token_list.h"
#include "dialect/type_words.h"

namespace parley::dialect {
namespace {

using schema::Index;
using schema::IndexPart;
using schema::NullsOrder;
using schema::SqlTexts;
using schema::Table;
using schema::Trigger;
using schema::Type;
using schema::TypeKind;

Type normal_type(const Type& type) {
  Type normal = tidy_type(type.kind == TypeKind::Native ? sqlite_type(type.native) : type);
  if (normal.kind == TypeKind::Uuid) normal = schema::character(36);
  normal.spelling = type.spelling;
  if (type.kind == TypeKind::Native && type.spelling.text.empty()) normal.spelling = {type.native};
  // What is written is kept, so digits say nothing here; the zone is kept in the type's name.
  if (normal.kind == TypeKind::DateTime || normal.kind == TypeKind::Time) normal.precision = -1;
  return normal;
}

/// The one INTEGER column of a primary key is the row id, which is never NULL; the columns of other
/// primary keys may be (SQLite documentation, "CREATE TABLE", "The PRIMARY KEY").
void forbid_null_in_row_id(Table& table) {
  if (!table.primary_key || table.primary_key->columns.size() != 1) return;
  schema::Column* column = table.find_column(table.primary_key->columns.front());
  if (column != nullptr && column->type.kind == TypeKind::Integer) column->nullable = false;
}

std::string normal_collation(const std::string& collation) {
  const std::string name = lower(collation);
  return name == "binary" ? std::string() : name;
}

/// What stays of an index part: SQLite sorts NULLs before everything, and an index has the
/// collation of its column unless it says another.
void normalize_part(IndexPart& part, const Table& table) {
  part.prefix_length = 0;
  const NullsOrder usual = part.descending ? NullsOrder::Last : NullsOrder::First;
  if (part.nulls == usual) part.nulls = NullsOrder::Usual;
  part.collation = lower(part.collation);
  const schema::Column* column = table.find_column(part.column);
  const std::string inherited = column != nullptr ? column->collation : "";
  if (normal_collation(part.collation) == inherited && part.collation != "") {
    part.collation.clear();
  }
}

void normalize_column(schema::Column& column, const Table& table) {
  column.type = normal_type(column.type);
  if (table.is_strict) {
    const schema::Note spelling = column.type.spelling;
    column.type = sqlite_strict_type(column.type);
    column.type.spelling = spelling;
  }
  column.comment.clear();
  column.collation = normal_collation(column.collation);
  if (column.auto_increment) {
    column.type = schema::integer();
    column.default_value.reset();
  }
}

void normalize_table(Table& table) {
  table.comment.clear();
  normalize_on_update_triggers(table);
  for (schema::Column& column : table.columns) normalize_column(column, table);
  forbid_null_in_row_id(table);
  if (table.is_strict || table.is_without_rowid) forbid_null_in_primary_key(table);
  for (Index& index : table.indexes) {
    if (lower(index.method) == "btree") index.method.clear();
    for (IndexPart& part : index.parts) normalize_part(part, table);
  }
  sqlite_make_plain(table);
  normalize_expressions(table, sqlite_style());
}

/// The one text for this engine, in one spelling; nothing when there is none.
SqlTexts normal_text(const SqlTexts& texts) {
  const auto own = texts_for(texts, "sqlite", "sqlite");
  if (own.empty()) return {};
  const std::string all = join(own, ";\n");
  std::vector<SqlToken> tokens = tokenize(all, sqlite_style());
  while (!tokens.empty() && tokens.back().is(";")) tokens.pop_back();
  const std::string sql = source_text(all, tokens);
  return {{.dialect = "", .sql = canonical_tokens(sql, sqlite_style())}};
}

void normalize_triggers(schema::Schema& schema) {
  std::erase_if(schema.triggers, [&](const Trigger& trigger) {
    const schema::View* view = schema.find_view(trigger.table);
    return texts_for(trigger.body, "sqlite", "sqlite").empty() ||
           (view != nullptr && texts_for(view->query, "sqlite", "sqlite").empty());
  });
  for (Trigger& trigger : schema.triggers) {
    trigger.when = normal_text(trigger.when);
    trigger.body = normal_text(trigger.body);
    trigger.body.front().sql += ";";
    trigger.function.clear();
  }
}

void normalize_views(schema::Schema& schema) {
  for (schema::View& view : schema.views) view.query = normal_text(view.query);
  std::erase_if(schema.views, [](const schema::View& view) { return view.query.empty(); });
}

}  // namespace

schema::Schema SqliteDialect::normalize(const schema::Schema& schema) const {
  schema::Schema normal = schema;
  for (Table& table : normal.tables) normalize_table(table);
  normalize_triggers(normal);
  normalize_views(normal);
  normalize_enums(normal);
  complete_references(normal);
  sort_objects(normal);
  return normal;
}

}  // namespace parley::dialect
