#include "migrate/table_diff.h"

#include <algorithm>

#include "migrate/same_keys.h"

namespace parley::migrate {
namespace {

using namespace schema;
using Changes = std::vector<Change>;

bool has_same_content(Index a, const Index& b) {
  a.name = b.name;
  return a == b;
}

/// The index of `wanted` that `old` is under another name; null when there is none. Certain, and no
/// guess: an index is nothing but its definition.
const Index* renamed_to(const MatchedTable& table, const Index& old) {
  if (table.wanted->find_index(old.name) != nullptr) return nullptr;
  for (const Index& index : table.wanted->indexes) {
    if (table.base->find_index(index.name) == nullptr && has_same_content(old, index)) {
      return &index;
    }
  }
  return nullptr;
}

const Index* renamed_from(const MatchedTable& table, const Index& wanted) {
  for (const Index& index : table.base->indexes) {
    if (renamed_to(table, index) == &wanted) return &index;
  }
  return nullptr;
}

/// When several are alike, the first one is the renamed one.
bool is_renamed(const MatchedTable& table, const Index& old) {
  const Index* index = renamed_to(table, old);
  return index != nullptr && renamed_from(table, *index) == &old;
}

bool changes_primary_key(const MatchedTable& table) {
  return !have_same_primary_key(*table.base, *table.wanted);
}

SetTableOptions options_of(const Table& table) {
  return {table.name, table.is_strict, table.is_without_rowid};
}

/// Options that are taken away go before what they forbid, options that are given come after what
/// they need.
SetTableOptions options_of_both(const MatchedTable& table) {
  return {table.old->name, table.base->is_strict && table.wanted->is_strict,
          table.base->is_without_rowid && table.wanted->is_without_rowid};
}

/// MySQL and MariaDB count only in a key, so counting ends before the primary key goes.
void stop_counting(const MatchedTable& table, Changes& changes) {
  for (Column column : table.old->columns) {
    if (!column.auto_increment) continue;
    column.auto_increment = false;
    changes.emplace_back(AlterColumn{table.old->name, column});
  }
}

bool differs_only_in_comment(Column a, const Column& b) {
  a.comment = b.comment;
  return a == b;
}

/// The column as it is when the drops are done.
Column at_rest(const MatchedTable& table, Column column) {
  if (changes_primary_key(table)) column.auto_increment = false;
  return column;
}

void alter(const MatchedTable& table, const Column& base, const Column& wanted, Changes& changes) {
  const Column now = at_rest(table, base);
  const Column next = at_rest(table, wanted);
  if (now == next) return;
  if (differs_only_in_comment(now, next)) {
    changes.emplace_back(SetComment{table.wanted->name, wanted.name, wanted.comment});
  } else {
    changes.emplace_back(AlterColumn{table.wanted->name, next});
  }
}

void start_counting(const MatchedTable& table, Changes& changes) {
  for (const Column& column : table.wanted->columns) {
    if (column.auto_increment) changes.emplace_back(AlterColumn{table.wanted->name, column});
  }
}

enum class Kind { Plain, Generated };

void drop_columns(const MatchedTable& table, Kind kind, Changes& changes) {
  for (const Column& column : table.base->columns) {
    if (column.generated.has_value() != (kind == Kind::Generated)) continue;
    if (table.wanted->find_column(column.name) != nullptr) continue;
    changes.emplace_back(DropColumn{table.wanted->name, column.name});
  }
}

void add_and_alter(const MatchedTable& table, Kind kind, Changes& changes) {
  for (const Column& column : table.wanted->columns) {
    if (column.generated.has_value() != (kind == Kind::Generated)) continue;
    const Column* base = table.base->find_column(column.name);
    if (base == nullptr) {
      changes.emplace_back(AddColumn{table.wanted->name, at_rest(table, column)});
    } else {
      alter(table, *base, column, changes);
    }
  }
}

/// What is added to a table that is there needs a name; a name is no difference where there was
/// none.
std::vector<Check> named_checks(const MatchedTable& table) {
  std::vector<Check> checks = table.wanted->checks;
  const auto has = [](const std::vector<Check>& list, const std::string& name) {
    return std::ranges::find(list, name, &Check::name) != list.end();
  };
  int number = 0;
  for (Check& check : checks) {
    while (check.name.empty()) {
      std::string name = "ck_" + table.wanted->name + "_" + std::to_string(++number);
      if (!has(checks, name) && !has(table.base->checks, name)) check.name = std::move(name);
    }
  }
  return checks;
}

}  // namespace

void drop_parts(const MatchedTable& table, Changes& changes) {
  const Table& old = *table.old;
  const Table& base = *table.base;
  const Table& wanted = *table.wanted;
  if (const auto options = options_of_both(table); options != options_of(old)) {
    changes.emplace_back(options);
  }
  for (std::size_t i = 0; i < base.indexes.size(); ++i) {
    if (holds_same(wanted.indexes, base.indexes[i]) || is_renamed(table, base.indexes[i])) continue;
    changes.emplace_back(DropIndex{old.name, old.indexes[i].name});
  }
  for (std::size_t i = 0; i < base.uniques.size(); ++i) {
    if (holds_same(wanted.uniques, base.uniques[i])) continue;
    changes.emplace_back(DropUnique{old.name, old.uniques[i]});
  }
  for (std::size_t i = 0; i < base.checks.size(); ++i) {
    if (holds_same(wanted.checks, base.checks[i])) continue;
    const Check& check = old.checks[i];
    changes.emplace_back(
        DropCheck{old.name, check.name, check.name.empty() ? check.expression : ""});
  }
  if (!changes_primary_key(table)) return;
  stop_counting(table, changes);
  if (base.primary_key) changes.emplace_back(DropPrimaryKey{old.name});
}

void change_columns(const MatchedTable& table, Changes& changes) {
  for (const Index& index : table.base->indexes) {
    if (!is_renamed(table, index)) continue;
    changes.emplace_back(
        RenameIndex{table.wanted->name, index.name, renamed_to(table, index)->name});
  }
  drop_columns(table, Kind::Generated, changes);
  add_and_alter(table, Kind::Plain, changes);
  add_and_alter(table, Kind::Generated, changes);
  drop_columns(table, Kind::Plain, changes);
}

void add_parts(const MatchedTable& table, Changes& changes) {
  const Table& base = *table.base;
  const Table& wanted = *table.wanted;
  if (changes_primary_key(table)) {
    if (wanted.primary_key) changes.emplace_back(AddPrimaryKey{wanted.name, *wanted.primary_key});
    start_counting(table, changes);
  }
  SetTableOptions options = options_of_both(table);
  options.table = wanted.name;
  if (options != options_of(wanted)) changes.emplace_back(options_of(wanted));
  for (const Unique& unique : wanted.uniques) {
    if (!holds_same(base.uniques, unique)) changes.emplace_back(AddUnique{wanted.name, unique});
  }
  const auto checks = named_checks(table);
  for (std::size_t i = 0; i < checks.size(); ++i) {
    if (holds_same(base.checks, wanted.checks[i])) continue;
    changes.emplace_back(AddCheck{wanted.name, checks[i]});
  }
  for (const Index& index : wanted.indexes) {
    if (holds_same(base.indexes, index) || renamed_from(table, index) != nullptr) continue;
    changes.emplace_back(CreateIndex{wanted.name, index});
  }
  if (base.comment != wanted.comment) {
    changes.emplace_back(SetComment{wanted.name, "", wanted.comment});
  }
}

}  // namespace parley::migrate
