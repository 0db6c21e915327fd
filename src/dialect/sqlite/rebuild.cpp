#include "dialect/sqlite/rebuild.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "dialect/ddl.h"
#include "dialect/sqlite/create.h"
#include "dialect/sqlite/sqlite_dialect.h"

namespace parley::dialect {
namespace {

using schema::Column;
using schema::Schema;
using schema::Table;
using Statements = std::vector<std::string>;

std::string name(const std::string& identifier) { return quote_name(identifier, sqlite_style()); }

std::string text(const std::string& value) { return quote_string(value, sqlite_style()); }

void append(Statements& list, Statements more) {
  std::move(more.begin(), more.end(), std::back_inserter(list));
}

bool counts_up(const Table& table) {
  return std::ranges::any_of(table.columns, &Column::auto_increment);
}

bool has_same_columns(const Table& before, const Table& after) {
  return std::ranges::equal(before.columns, after.columns, {}, &Column::name, &Column::name);
}

bool has_generated(const Table& table) {
  return std::ranges::any_of(table.columns,
                             [](const Column& column) { return column.generated.has_value(); });
}

class Rebuild {
 public:
  Rebuild(const Schema& before, const Schema& after, const std::string& table,
          const EnumMapping& mapping)
      : schema_before_(before),
        schema_after_(after),
        old_(table_in(before, table)),
        before_(sqlite_stored_form(old_, before)),
        after_(sqlite_stored_form(table_in(after, table), after)),
        mapping_(mapping),
        temporary_(free_name()) {}

  Statements statements() const {
    require_everything_modelled();
    Statements statements = {sqlite_create_table(after_, temporary_)};
    append(statements, copy_rows());
    if (counts_up(before_) && counts_up(after_)) append(statements, carry_high_water_mark());
    statements.push_back("DROP TABLE " + name(after_.name));
    // Without it RENAME reads every view and trigger of the database and fails on one that mentions
    // the table, which does not exist at this moment.
    statements.emplace_back("PRAGMA legacy_alter_table = ON");
    statements.push_back(
        fmt::format("ALTER TABLE {} RENAME TO {}", name(temporary_), name(after_.name)));
    statements.emplace_back("PRAGMA legacy_alter_table = OFF");
    append(statements, sqlite_create_indexes(after_));
    append(statements, sqlite_create_on_update_trigger(after_));
    for (const schema::Trigger& trigger : schema_after_.triggers) {
      const bool is_own = trigger.table == after_.name && sqlite_has(trigger, schema_after_);
      if (is_own) statements.push_back(sqlite_create_trigger(trigger));
    }
    return statements;
  }

 private:
  std::string free_name() const {
    std::string free = "parley_new_" + after_.name;
    while (schema_before_.find_table(free) != nullptr ||
           schema_before_.find_view(free) != nullptr) {
      free += "_";
    }
    return free;
  }

  void require_everything_modelled() const {
    const std::string& unmodelled = old_.unmodelled.text;
    if (unmodelled.empty()) return;
    throw Error(
        ErrorCode::UnsupportedChange,
        fmt::format("SQLite can change table '{}' in this way only by making it anew, and "
                    "that would lose what Parley has no word for: {}",
                    old_.name, unmodelled),
        "Write the change as `execute` with your own SQL, and say with `stands_for` what it "
        "makes true.");
  }

  /// In the order of the rows, which an index that has all columns would change.
  Statements copy_rows() const {
    const bool is_whole = has_same_columns(before_, after_) && !has_generated(before_) &&
                          !has_generated(after_) && mapping_.values.empty() &&
                          sqlite_has_row_id_key(after_) && sqlite_has_row_id_key(before_);
    // In this form SQLite may copy the rows without taking them apart (insert.c, "xfer").
    if (is_whole) {
      return {fmt::format("INSERT INTO {} SELECT * FROM {}", name(temporary_), name(after_.name))};
    }
    std::string targets;
    std::string sources;
    const auto add = [&](const std::string& target, const std::string& source) {
      targets += (targets.empty() ? "" : ", ") + target;
      sources += (sources.empty() ? "" : ", ") + source;
    };
    const auto old_row_id = sqlite_row_id(before_);
    const auto new_row_id = sqlite_row_id(after_);
    if (old_row_id && new_row_id && !sqlite_has_row_id_key(after_)) add(*new_row_id, *old_row_id);
    for (const Column& column : after_.columns) {
      const bool is_kept = before_.find_column(column.name) != nullptr && !column.generated;
      if (is_kept) add(name(column.name), value_of(column));
    }
    if (targets.empty()) return {};
    return {fmt::format("INSERT INTO {} ({}) SELECT {} FROM {} {}", name(temporary_), targets,
                        sources, name(after_.name), in_order_of_rows())};
  }

  /// NOT INDEXED means the row id, and nothing in a table that has none.
  std::string in_order_of_rows() const {
    if (!before_.is_without_rowid) return "NOT INDEXED";
    return "ORDER BY " + quote_names(before_.primary_key->columns, sqlite_style());
  }

  std::string value_of(const Column& column) const {
    const Column& before = column_in(old_, column.name);
    const bool is_mapped = before.type.kind == schema::TypeKind::Enum &&
                           before.type.native == mapping_.enumeration && !mapping_.values.empty();
    if (!is_mapped) return name(column.name);
    std::string cases;
    for (const schema::ValueMapping& each : mapping_.values) {
      cases += fmt::format(" WHEN {} THEN {}", text(each.from), text(each.to));
    }
    return fmt::format("CASE {0}{1} ELSE {0} END", name(column.name), cases);
  }

  /// The copied rows have set the mark to the highest id that is left; ids of deleted rows must not
  /// come back either.
  Statements carry_high_water_mark() const {
    return {fmt::format("DELETE FROM sqlite_sequence WHERE name = {}", text(temporary_)),
            fmt::format("INSERT INTO sqlite_sequence (name, seq) "
                        "SELECT {}, seq FROM sqlite_sequence WHERE name = {}",
                        text(temporary_), text(after_.name))};
  }

  const Schema& schema_before_;
  const Schema& schema_after_;
  const Table& old_;
  const Table before_;
  const Table after_;
  const EnumMapping& mapping_;
  const std::string temporary_;
};

}  // namespace

std::vector<std::string> sqlite_rebuild(const Schema& before, const Schema& after,
                                        const std::string& table, const EnumMapping& mapping) {
  return Rebuild(before, after, table, mapping).statements();
}

}  // namespace parley::dialect
