#include "dialect/sqlite/refusals.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/overloaded.h"
#include "base/text.h"
#include "dialect/ddl.h"
#include "dialect/sqlite/create.h"
#include "dialect/sqlite/sqlite_dialect.h"

namespace parley::dialect {
namespace {

using schema::Change;
using schema::Column;
using schema::Index;
using schema::IndexPart;
using schema::NullsOrder;
using schema::Schema;
using schema::Table;
using schema::Trigger;
using schema::TriggerTime;

[[noreturn]] void refuse(const std::string& message, const std::string& way_out) {
  throw Error(ErrorCode::UnsupportedChange, message, way_out);
}

void require_type(const Table& table, const Column& column) {
  if (!table.is_strict || !sqlite_strict_type_text(column.type).empty()) return;
  refuse(fmt::format("a STRICT table of SQLite has no type for '{}.{}': {}", table.name,
                     column.name, sqlite().type_text(column.type)),
         "Choose a number, text, binary or ANY, or do not make the table STRICT.");
}

void require_collation(const Table& table, const Column& column) {
  static constexpr std::array<std::string_view, 4> kKnown = {"", "binary", "nocase", "rtrim"};
  if (std::ranges::find(kKnown, lower(column.collation)) != kKnown.end()) return;
  refuse(fmt::format("SQLite has no collation '{}', which '{}.{}' asks for", column.collation,
                     table.name, column.name),
         "Choose binary, nocase or rtrim, or none.");
}

/// AUTOINCREMENT exists only inline, on the one column of an INTEGER primary key.
void require_countable(const Table& table, const Column& column) {
  if (!column.auto_increment) return;
  const bool is_alone = table.primary_key && table.primary_key->columns == std::vector{column.name};
  if (!is_alone) {
    refuse(fmt::format("SQLite can count up '{}.{}' only if it is the whole primary key",
                       table.name, column.name),
           "Make it the only column of the primary key, or drop auto_increment.");
  }
  if (table.is_without_rowid) {
    refuse(fmt::format("SQLite cannot count up '{}.{}' in a table WITHOUT ROWID", table.name,
                       column.name),
           "Let the table have its row id, or drop auto_increment.");
  }
}

void require_table(const Table& table) {
  for (const Column& column : table.columns) {
    require_type(table, column);
    require_countable(table, column);
    const bool is_key =
        table.primary_key && std::ranges::find(table.primary_key->columns, column.name) !=
                                 table.primary_key->columns.end();
    if (is_key && column.generated) {
      refuse(fmt::format("SQLite has no generated columns in a primary key: '{}.{}'", table.name,
                         column.name),
             "Take another column, or a unique index.");
    }
  }
  if (table.is_without_rowid && !table.primary_key) {
    refuse(fmt::format("SQLite keeps the rows of a table WITHOUT ROWID in its primary key, and "
                       "'{}' has none",
                       table.name),
           "Give it a primary key, or let it have its row id.");
  }
}

void require_part(const Index& index, const IndexPart& part) {
  const auto lacks = [&](const std::string& what, const std::string& way_out) {
    refuse(fmt::format("SQLite has no {} in an index: '{}'", what, index.name), way_out);
  };
  if (!part.operator_class.empty()) {
    lacks("operator classes", "Leave the operator class away.");
  }
  const NullsOrder usual = part.descending ? NullsOrder::Last : NullsOrder::First;
  if (part.nulls != NullsOrder::Usual && part.nulls != usual) {
    lacks("NULLS FIRST or LAST other than its own", "SQLite takes NULL for the smallest value.");
  }
  if (part.prefix_length > 0 && index.unique) {
    lacks("prefixes of columns", "Make an index on an expression: substr(column, 1, length).");
  }
}

void require_index(const Index& index, const std::string& table, const Schema& before) {
  if (!index.method.empty() && lower(index.method) != "btree") {
    refuse(fmt::format("SQLite has only B-tree indexes, and '{}' asks for {}", index.name,
                       index.method),
           "Leave the method away; for full text make a virtual table by `execute`.");
  }
  if (!index.include.empty()) {
    refuse(fmt::format("SQLite has no included columns: index '{}'", index.name),
           "Put them behind the columns of the index.");
  }
  for (const IndexPart& part : index.parts) require_part(index, part);
  for (const Table& other : before.tables) {
    if (other.name == table || other.find_index(index.name) == nullptr) continue;
    refuse(fmt::format("SQLite has one set of index names for all tables, and '{}' is an index of "
                       "'{}'",
                       index.name, other.name),
           "Choose another name.");
  }
}

void require_view(const schema::View& view) {
  if (!view.is_materialized) return;
  refuse(fmt::format("SQLite has no materialized views: '{}'", view.name),
         "Make it a plain view, or a table that triggers keep.");
}

void require_time(const Trigger& trigger, const Schema& before) {
  const bool is_on_view = before.find_view(trigger.table) != nullptr;
  if (is_on_view == (trigger.time == TriggerTime::InsteadOf)) return;
  refuse(fmt::format("trigger '{}': SQLite has INSTEAD OF triggers on views, BEFORE and AFTER "
                     "triggers on tables, and '{}' is a {}",
                     trigger.name, trigger.table, is_on_view ? "view" : "table"),
         is_on_view ? "Make it `instead of`." : "Make it `before` or `after`.");
}

void require_trigger(const Trigger& trigger, const Schema& before) {
  if (!sqlite_has(trigger, before)) return;
  if (trigger.for_each_statement) {
    refuse(fmt::format("SQLite has only triggers for each row: '{}'", trigger.name),
           "Fire it for each row.");
  }
  const auto& events = trigger.events;
  if (int{events.insert} + int{events.update} + int{events.remove} != 1) {
    refuse(fmt::format("a trigger of SQLite fires on one event, and '{}' on several", trigger.name),
           "Make one trigger for each.");
  }
  require_time(trigger, before);
  for (const Trigger& other : before.triggers) {
    if (other.table == trigger.table || !equals_ignoring_case(other.name, trigger.name)) continue;
    refuse(fmt::format("SQLite has one set of trigger names for all tables, and '{}' is a trigger "
                       "of '{}'",
                       trigger.name, other.table),
           "Choose another name.");
  }
}

void require_column_change(const Table& after, const Column& column, const Column* before) {
  require_type(after, column);
  if (before == nullptr || before->collation != column.collation) require_collation(after, column);
}

}  // namespace

void refuse_what_sqlite_cannot(const Change& change, const Schema& before) {
  const auto nothing = [](const auto&) {};
  const auto resulting = [&](const auto& c) {
    Schema after = sqlite_part(before, c.table);
    schema::apply(after, change);
    require_table(table_in(after, c.table));
  };
  std::visit(overloaded{
                 [&](const schema::CreateTable& c) {
                   require_table(c.table);
                   for (const Column& each : c.table.columns) require_collation(c.table, each);
                   for (const Index& each : c.table.indexes)
                     require_index(each, c.table.name, before);
                 },
                 [&](const schema::AddColumn& c) {
                   require_column_change(table_in(before, c.table), c.column, nullptr);
                   resulting(c);
                 },
                 [&](const schema::AlterColumn& c) {
                   const Table& table = table_in(before, c.table);
                   require_column_change(table, c.column, table.find_column(c.column.name));
                   resulting(c);
                 },
                 [&](const schema::AddPrimaryKey& c) { resulting(c); },
                 [&](const schema::DropPrimaryKey& c) { resulting(c); },
                 [&](const schema::SetTableOptions& c) { resulting(c); },
                 [&](const schema::CreateIndex& c) { require_index(c.index, c.table, before); },
                 [&](const schema::RenameIndex& c) {
                   require_index(Index{.name = c.new_name}, c.table, before);
                 },
                 [&](const schema::CreateView& c) { require_view(c.view); },
                 [&](const schema::ReplaceView& c) { require_view(c.view); },
                 [&](const schema::CreateTrigger& c) { require_trigger(c.trigger, before); },
                 [&](const schema::ReplaceTrigger& c) { require_trigger(c.trigger, before); },
                 [&](const schema::DropTable& c) { nothing(c); },
                 [&](const schema::RenameTable& c) { nothing(c); },
                 [&](const schema::DropColumn& c) { nothing(c); },
                 [&](const schema::RenameColumn& c) { nothing(c); },
                 [&](const schema::DropIndex& c) { nothing(c); },
                 [&](const schema::AddUnique& c) { nothing(c); },
                 [&](const schema::DropUnique& c) { nothing(c); },
                 [&](const schema::AddCheck& c) { nothing(c); },
                 [&](const schema::DropCheck& c) { nothing(c); },
                 [&](const schema::AddForeignKey& c) { nothing(c); },
                 [&](const schema::DropForeignKey& c) { nothing(c); },
                 [&](const schema::DropView& c) { nothing(c); },
                 [&](const schema::DropTrigger& c) { nothing(c); },
                 [&](const schema::CreateEnum& c) { nothing(c); },
                 [&](const schema::AlterEnum& c) { nothing(c); },
                 [&](const schema::DropEnum& c) { nothing(c); },
                 [&](const schema::SetComment& c) { nothing(c); },
                 [&](const schema::Backfill& c) { nothing(c); },
                 [&](const schema::Execute& c) { nothing(c); },
             },
             change);
}

}  // namespace parley::dialect
