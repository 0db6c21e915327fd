#include "dialect/normal_form.h"

#include <algorithm>
#include <tuple>

#include "dialect/ddl.h"
#include "dialect/expression.h"

namespace parley::dialect {
namespace {

template <class List, class Key>
void sort_by(List& list, const Key& key) {
  std::sort(list.begin(), list.end(),
            [&](const auto& a, const auto& b) { return key(a) < key(b); });
}

}  // namespace

void normalize_expressions(schema::Table& table, const SqlStyle& style) {
  for (schema::Column& column : table.columns) {
    column.default_value = normal_default(column.default_value, column.type, style);
    if (column.generated) {
      column.generated->expression =
          canonical_expression(column.generated->expression, style, &table);
    }
  }
  for (schema::Check& check : table.checks) {
    check.expression = canonical_expression(check.expression, style, &table);
  }
  for (schema::Index& index : table.indexes) {
    if (!index.where.empty()) index.where = canonical_expression(index.where, style, &table);
    for (schema::IndexPart& part : index.parts) {
      if (part.expression.empty()) continue;
      part.expression = canonical_expression(part.expression, style, &table);
    }
  }
}

void complete_references(schema::Schema& schema) {
  for (schema::Table& table : schema.tables) {
    for (schema::ForeignKey& key : table.foreign_keys) {
      if (!key.referenced_columns.empty()) continue;
      const schema::Table* referenced = schema.find_table(key.referenced_table);
      if (referenced != nullptr && referenced->primary_key) {
        key.referenced_columns = referenced->primary_key->columns;
      }
    }
  }
}

void sort_objects(schema::Schema& schema) {
  sort_by(schema.tables, [](const schema::Table& table) { return table.name; });
  sort_by(schema.views, [](const schema::View& view) { return view.name; });
  sort_by(schema.enums, [](const schema::Enum& each) { return each.name; });
  sort_by(schema.triggers,
          [](const schema::Trigger& each) { return std::tie(each.table, each.name); });
  for (schema::Table& table : schema.tables) {
    sort_by(table.uniques,
            [](const schema::Unique& unique) { return std::tie(unique.name, unique.columns); });
    sort_by(table.checks,
            [](const schema::Check& check) { return std::tie(check.name, check.expression); });
    sort_by(table.foreign_keys, [](const schema::ForeignKey& key) {
      return std::tie(key.name, key.columns, key.referenced_table);
    });
    sort_by(table.indexes, [](const schema::Index& index) { return index.name; });
  }
}

void forbid_null_in_primary_key(schema::Table& table) {
  if (!table.primary_key) return;
  for (const std::string& name : table.primary_key->columns) {
    if (schema::Column* column = table.find_column(name)) column->nullable = false;
  }
}

}  // namespace parley::dialect
