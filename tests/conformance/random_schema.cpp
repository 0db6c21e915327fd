#include "conformance/random_schema.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "schema/change.h"

namespace parley::test {
namespace {

using namespace schema;

constexpr int kRows = 5;

bool is_used(const Table& table, const std::string& column) {
  const auto holds = [&](const std::vector<std::string>& columns) {
    return std::ranges::find(columns, column) != columns.end();
  };
  const auto in_index = [&](const Index& index) {
    return std::ranges::find(index.parts, column, &IndexPart::column) != index.parts.end();
  };
  return (table.primary_key && holds(table.primary_key->columns)) ||
         std::ranges::any_of(table.uniques,
                             [&](const auto& each) { return holds(each.columns); }) ||
         std::ranges::any_of(table.foreign_keys,
                             [&](const auto& each) { return holds(each.columns); }) ||
         std::ranges::any_of(table.checks,
                             [&](const Check& each) {
                               return each.expression.find(column) != std::string::npos;
                             }) ||
         std::ranges::any_of(table.indexes, in_index) ||
         std::ranges::any_of(table.columns, [&](const Column& each) {
           return each.generated && each.generated->expression.find(column) != std::string::npos;
         });
}

bool is_read(const Schema& schema, const std::string& table) {
  const auto reads = [&](const SqlTexts& texts) {
    return std::ranges::any_of(
        texts, [&](const SqlText& text) { return text.sql.find(table) != std::string::npos; });
  };
  return std::ranges::any_of(schema.views, [&](const View& view) { return reads(view.query); }) ||
         std::ranges::any_of(schema.triggers, [&](const Trigger& trigger) {
           return trigger.table == table || reads(trigger.body);
         });
}

}  // namespace

Column RandomSchema::make_column(const std::string& name, const Schema& so_far) {
  Column column{.name = name, .nullable = chance(50)};
  if (!so_far.enums.empty() && chance(20)) {
    const auto at = below(static_cast<std::uint32_t>(so_far.enums.size()));
    column.type = enumeration(so_far.enums[at].name, 20);
    if (chance(50)) column.default_value = so_far.enums[at].values.front();
    return column;
  }
  switch (below(7)) {
    case 0: column.type = integer(); break;
    case 1: column.type = big_integer(); break;
    case 2: column.type = string(40); break;
    case 3: column.type = text(); break;
    case 4: column.type = boolean(); break;
    case 5: column.type = datetime(); break;
    default: column.type = decimal(10, 2); break;
  }
  if (column.type == integer() && chance(50)) column.default_value = Number{"7"};
  if (column.type == string(40) && chance(50)) column.default_value = std::string("it's");
  if (column.type == boolean() && chance(50)) column.default_value = true;
  if (column.type == datetime() && chance(50)) column.default_value = CurrentTimestamp{};
  if (column.type == decimal(10, 2) && chance(50)) column.default_value = Number{"0.50"};
  return column;
}

/// One that doubles a number of the same row.
void RandomSchema::add_generated_column(Table& table) {
  const auto& can = dialect_.capabilities();
  const bool is_stored = !can.virtual_generated_columns || chance(50);
  if (is_stored && !can.stored_generated_columns) return;
  const auto source = std::ranges::find_if(table.columns, [](const Column& column) {
    return column.name != "id" && column.type == integer();
  });
  if (source == table.columns.end()) return;
  const std::string expression = source->name + " * 2";
  table.columns.push_back({.name = new_name("gen"),
                           .type = big_integer(),
                           .nullable = true,
                           .generated = Generated{expression, is_stored}});
}

Table RandomSchema::make_table(const std::string& name, const Schema& so_far) {
  Table table{.name = name};
  table.columns.push_back({.name = "id", .type = integer()});
  table.primary_key = PrimaryKey{"", {"id"}};
  const std::uint32_t count = 1 + below(5);
  for (std::uint32_t i = 0; i < count; ++i) {
    table.columns.push_back(make_column(new_name("col"), so_far));
    const Column& column = table.columns.back();
    if (column.type == string(40) && chance(40)) {
      table.uniques.push_back({new_name("uq"), {column.name}});
    }
    if (column.type == integer() && chance(40)) {
      table.checks.push_back({new_name("ck"), column.name + " >= 0"});
    }
    const bool can_be_indexed = column.type != text();
    if (can_be_indexed && chance(30)) {
      table.indexes.push_back({.name = new_name("ix"),
                               .parts = {{.column = column.name, .descending = chance(30)}},
                               .unique = false});
    }
  }
  if (chance(50)) add_generated_column(table);
  if (!so_far.tables.empty() && chance(60)) {
    const auto at = below(static_cast<std::uint32_t>(so_far.tables.size()));
    table.columns.push_back({.name = "ref_id", .type = integer(), .nullable = true});
    table.foreign_keys.push_back({.name = new_name("fk"),
                                  .columns = {"ref_id"},
                                  .referenced_table = so_far.tables[at].name,
                                  .referenced_columns = {"id"},
                                  .on_delete = ReferenceAction::Cascade});
  }
  return table;
}

void RandomSchema::add_views(Schema& schema) {
  for (const Table& table : schema.tables) {
    if (!chance(40)) continue;
    const std::string& column = table.columns.back().name;
    View view{
        .name = new_name("view"),
        .query = {{"", fmt::format("SELECT id, {} FROM {} WHERE id > 0", column, table.name)}}};
    try {
      dialect_.render(CreateView{view}, schema);
    } catch (const Error&) {
      return;  // This engine's dialect has none.
    }
    schema.views.push_back(std::move(view));
  }
}

/// A trigger that does nothing to the rows, in the words of each engine.
void RandomSchema::add_triggers(Schema& schema) {
  for (const Table& table : schema.tables) {
    if (!chance(40)) continue;
    Trigger trigger{.name = new_name("trg"),
                    .table = table.name,
                    .time = TriggerTime::Before,
                    .events = {.insert = false, .update = true},
                    .body = {{"sqlite", "SELECT 1;"},
                             {"postgresql", "BEGIN RETURN NEW; END"},
                             {"mysql", "SET @parley_test = 1;"},
                             {"mariadb", "SET @parley_test = 1;"}}};
    try {
      dialect_.render(CreateTrigger{trigger}, schema);
    } catch (const Error&) {
      return;
    }
    schema.triggers.push_back(std::move(trigger));
  }
}

Schema RandomSchema::make() {
  Schema schema;
  const std::uint32_t enums = below(3);
  for (std::uint32_t i = 0; i < enums; ++i) {
    schema.enums.push_back({new_name("enum"), {"queued", "it's sent", "read"}});
  }
  const std::uint32_t count = 1 + below(4);
  for (std::uint32_t i = 0; i < count; ++i) {
    schema.tables.push_back(make_table(new_name("tab"), schema));
  }
  add_views(schema);
  add_triggers(schema);
  return schema;
}

void RandomSchema::rename_column(Table& table, Variation& variation) {
  for (const Column& column : table.columns) {
    if (column.name == "id" || !column.name.starts_with("col")) continue;
    const std::string name = new_name("named");
    const std::string old_name = column.name;
    variation.schema.views.clear();
    variation.schema.triggers.clear();
    schema::apply(variation.schema, RenameColumn{table.name, old_name, name});
    variation.renames.columns.push_back({table.name, old_name, name});
    return;
  }
}

void RandomSchema::vary(Table& table, Variation& variation) {
  // Before the others are changed: on the way back the column must be able to come to rows.
  std::erase_if(table.columns, [&](const Column& column) {
    const bool can_come_back = column.nullable || column.default_value;
    return column.name != "id" && can_come_back && !is_used(table, column.name) &&
           !is_read(variation.schema, table.name) && chance(20);
  });
  for (Column& column : table.columns) {
    if (column.name == "id" || column.name == "ref_id" || column.generated) continue;
    const bool is_plain = !is_used(table, column.name);
    if (column.type == integer() && is_plain && chance(30)) {
      column.type = big_integer();
    } else if (column.type == string(40) && chance(30)) {
      column.type = string(80);
    } else if (chance(15)) {
      column.nullable = true;
    }
    if (column.type == big_integer() && chance(30)) column.default_value = Number{"12"};
  }
  if (chance(40)) {
    Column added = make_column(new_name("col"), variation.schema);
    if (!added.default_value) added.nullable = true;
    table.columns.push_back(std::move(added));
  }
  if (chance(30)) table.indexes.clear();
  if (chance(30)) table.checks.clear();
  if (chance(20)) table.uniques.clear();
  if (chance(20)) table.foreign_keys.clear();
  if (chance(30)) {
    table.indexes.push_back({.name = new_name("ix"),
                             .parts = {{.column = "id", .descending = true}},
                             .unique = chance(50)});
  }
  if (chance(25)) rename_column(table, variation);
}

/// New values come in front, in the middle or behind; an enum without a column may go.
void RandomSchema::vary_enums(Schema& schema) {
  for (Enum& each : schema.enums) {
    if (!chance(40)) continue;
    const auto at = below(static_cast<std::uint32_t>(each.values.size()) + 1);
    each.values.insert(each.values.begin() + at, new_name("value"));
  }
  std::erase_if(schema.enums, [&](const Enum& each) {
    const auto is_of_it = [&](const Column& column) { return column.type.native == each.name; };
    return chance(30) && std::ranges::none_of(schema.tables, [&](const Table& table) {
             return std::ranges::any_of(table.columns, is_of_it);
           });
  });
}

Variation RandomSchema::vary(const Schema& schema) {
  Variation variation{schema, {}};
  vary_enums(variation.schema);
  for (std::size_t i = 0; i < variation.schema.tables.size(); ++i) {
    vary(variation.schema.tables[i], variation);
  }
  if (chance(50)) {
    variation.schema.tables.push_back(make_table(new_name("tab"), variation.schema));
  }
  if (chance(30)) variation.schema.views.clear();
  if (chance(30)) variation.schema.triggers.clear();
  if (chance(30)) {
    const std::string old_name = variation.schema.tables.front().name;
    const std::string name = new_name("renamed");
    schema::apply(variation.schema, RenameTable{old_name, name});
    for (auto& each : variation.renames.columns) {
      if (each.table == old_name) each.table = name;
    }
    variation.renames.tables.push_back({old_name, name});
  }
  return variation;
}

std::string RandomSchema::value(const Column& column, int row, const Schema& schema) {
  if (column.nullable && chance(30)) return "NULL";
  switch (column.type.kind) {
    case TypeKind::Boolean: return row % 2 == 0 ? "TRUE" : "FALSE";
    case TypeKind::DateTime: return fmt::format("'2024-02-{:02} 10:11:12'", row + 1);
    case TypeKind::Decimal: return fmt::format("{}.25", row);
    case TypeKind::String:
    case TypeKind::Text: return fmt::format("'row {} of {}'", row, column.name);
    case TypeKind::Enum: {
      const auto& values = schema.find_enum(column.type.native)->values;
      return dialect_.literal(values[static_cast<std::size_t>(row) % values.size()]);
    }
    case TypeKind::SmallInteger:
    case TypeKind::Integer:
    case TypeKind::BigInteger:
    case TypeKind::Float:
    case TypeKind::Double:
    case TypeKind::Char:
    case TypeKind::Binary:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::Json:
    case TypeKind::Uuid:
    case TypeKind::Native: break;
  }
  return std::to_string(row * 3);
}

void RandomSchema::insert_rows(database::Connection& connection, const Schema& schema) {
  for (const Table& table : schema.tables) {
    for (int row = 1; row <= kRows; ++row) {
      std::string columns;
      std::string values;
      for (const Column& column : table.columns) {
        if (column.generated) continue;
        const bool is_first = columns.empty();
        columns += (is_first ? "" : ", ") + dialect_.quote(column.name);
        const bool is_key = column.name == "id" || column.name == "ref_id";
        values +=
            (is_first ? "" : ", ") + (is_key ? std::to_string(row) : value(column, row, schema));
      }
      connection.execute(fmt::format("INSERT INTO {} ({}) VALUES ({})", dialect_.quote(table.name),
                                     columns, values));
    }
  }
}

}  // namespace parley::test
