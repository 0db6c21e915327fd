#include "dialect/mysql/enums.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "dialect/enum_check.h"

namespace parley::dialect {
namespace {

using fmt::format;
using schema::Column;
using schema::Schema;
using schema::Table;

std::string literal(const std::string& text) { return quote_string(text, mysql_style()); }

/// `values` and behind them those of `more` that are not among them.
std::vector<std::string> both(std::vector<std::string> values,
                              const std::vector<std::string>& more) {
  for (const std::string& value : more) {
    if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
  }
  return values;
}

/// The statements for one column.
class ColumnAlteration {
 public:
  ColumnAlteration(const schema::AlterEnum& change, const Table& table, const Column& column,
                   const MysqlState& state, const Schema& after)
      : change_(change),
        table_(table),
        state_(state),
        after_(after),
        now_(column),
        held_(stored_mysql_column(column, state)) {}

  Statements run() {
    const MysqlState after{after_, state_.flavor};
    const Column wanted = *after_.find_table(table_.name)->find_column(now_.name);
    Statements statements;
    if (!change_.renamed.empty() || !change_.replaced.empty()) {
      Schema between = state_.before;
      const schema::Enum& old = *state_.before.find_enum(change_.enumeration.name);
      for (schema::Enum& each : between.enums) {
        if (each.name == old.name) each.values = both(old.values, change_.enumeration.values);
      }
      statements.push_back(hold_as(stored_mysql_column(now_, {between, state_.flavor}), between));
      statements.push_back(update_text());
    }
    statements.push_back(hold_as(stored_mysql_column(wanted, after), after_));
    return statements;
  }

 private:
  /// Puts the check of `schema` in the place of the one that is there.
  std::string hold_as(const Column& stored, const Schema& schema) {
    const schema::Check check = enum_check(now_, table_.name, schema, mysql_style());
    Statements actions = {drop_check_action(check.name, state_.flavor)};
    if (stored != held_) actions.push_back("MODIFY COLUMN " + mysql_column_text(stored));
    actions.push_back(add_check_action(check));
    held_ = stored;
    return alter_mysql_table(table_.name, actions);
  }

  std::string update_text() const {
    const std::string name = mysql_name(now_.name);
    std::string cases;
    std::vector<std::string> from;
    for (const auto* mappings : {&change_.renamed, &change_.replaced}) {
      for (const schema::ValueMapping& mapping : *mappings) {
        cases += format(" WHEN {} THEN {}", literal(mapping.from), literal(mapping.to));
        from.push_back(literal(mapping.from));
      }
    }
    std::string assignments = format("{} = CASE {}{} ELSE {} END", name, name, cases, name);
    // The rows say the same as before, in other words: the time of their last change stays.
    for (const Column& each : table_.columns) {
      if (each.on_update_now) assignments += format(", {0} = {0}", mysql_name(each.name));
    }
    return format("UPDATE {} SET {} WHERE {} IN ({})", mysql_name(table_.name), assignments, name,
                  join(from, ", "));
  }

  const schema::AlterEnum& change_;
  const Table& table_;
  const MysqlState& state_;
  const Schema& after_;
  const Column& now_;
  Column held_;
};

}  // namespace

Statements alter_mysql_enum(const schema::AlterEnum& change, const MysqlState& state) {
  Schema after = state.before;
  schema::apply(after, change);
  std::vector<const Table*> tables;
  for (const Table& table : state.before.tables) tables.push_back(&table);
  std::sort(tables.begin(), tables.end(),
            [](const Table* a, const Table* b) { return a->name < b->name; });
  Statements statements;
  for (const Table* table : tables) {
    for (const Column& column : table->columns) {
      const bool is_of_enum = column.type.kind == schema::TypeKind::Enum &&
                              column.type.native == change.enumeration.name;
      if (!is_of_enum) continue;
      for (std::string& each : ColumnAlteration(change, *table, column, state, after).run()) {
        statements.push_back(std::move(each));
      }
    }
  }
  return statements;
}

}  // namespace parley::dialect
