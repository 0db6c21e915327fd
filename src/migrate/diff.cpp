#include "migrate/diff.h"

#include <algorithm>

namespace parley::migrate {
namespace {

using namespace schema;

// A constraint that one side does not name is the same as a named one of equal content: engines
// name what nobody named.
bool have_same_name(const std::string& a, const std::string& b) {
  return a == b || a.empty() || b.empty();
}

bool is_same(const Unique& a, const Unique& b) {
  return a.columns == b.columns && have_same_name(a.name, b.name);
}
bool is_same(const Check& a, const Check& b) { return a == b; }
bool is_same(const ForeignKey& a, ForeignKey b) {
  if (!have_same_name(a.name, b.name)) return false;
  b.name = a.name;
  return a == b;
}
bool is_same(const Index& a, const Index& b) { return a == b; }
bool is_same(const PrimaryKey& a, const PrimaryKey& b) {
  return a.columns == b.columns && have_same_name(a.name, b.name);
}

template <class T>
bool holds(const std::vector<T>& list, const T& wanted) {
  return std::ranges::any_of(list, [&](const T& each) { return is_same(each, wanted); });
}

/// Calls `report` with each element of `list` that `other` does not hold.
template <class T, class Report>
void for_each_missing(const std::vector<T>& list, const std::vector<T>& other, Report report) {
  for (const T& each : list) {
    if (!holds(other, each)) report(each);
  }
}

/// Tables such that each comes after those it refers to; a cycle keeps the given order.
std::vector<const Table*> in_dependency_order(const std::vector<const Table*>& tables) {
  std::vector<const Table*> left = tables;
  std::vector<const Table*> ordered;
  const auto waits = [&](const Table* table) {
    return std::ranges::any_of(table->foreign_keys, [&](const ForeignKey& key) {
      return key.referenced_table != table->name &&
             std::ranges::any_of(
                 left, [&](const Table* other) { return other->name == key.referenced_table; });
    });
  };
  while (!left.empty()) {
    auto next = std::ranges::find_if(left, [&](const Table* table) { return !waits(table); });
    if (next == left.end()) next = left.begin();
    ordered.push_back(*next);
    left.erase(next);
  }
  return ordered;
}

std::vector<const Table*> tables_missing_in(const Schema& schema, const Schema& other) {
  std::vector<const Table*> missing;
  for (const Table& table : schema.tables) {
    if (other.find_table(table.name) == nullptr) missing.push_back(&table);
  }
  return in_dependency_order(missing);
}

class Differ {
 public:
  Differ(const Schema& from, const Schema& to) : from_(from), to_(to) {}

  std::vector<Change> run() {
    for_each_pair([&](const Table& old, const Table& wanted) { drop_keys(old, wanted); });
    drop_tables();
    create_tables();
    for_each_pair([&](const Table& old, const Table& wanted) { change_columns(old, wanted); });
    for_each_pair([&](const Table& old, const Table& wanted) { add_keys(old, wanted); });
    for (Change& change : late_) changes_.push_back(std::move(change));
    return std::move(changes_);
  }

 private:
  template <class Visit>
  void for_each_pair(Visit visit) {
    for (const Table& wanted : to_.tables) {
      if (const Table* old = from_.find_table(wanted.name)) visit(*old, wanted);
    }
  }

  void drop_keys(const Table& old, const Table& wanted) {
    for_each_missing(old.foreign_keys, wanted.foreign_keys, [&](const ForeignKey& key) {
      changes_.push_back(DropForeignKey{old.name, key});
    });
    for_each_missing(old.indexes, wanted.indexes, [&](const Index& index) {
      changes_.push_back(DropIndex{old.name, index.name});
    });
    for_each_missing(old.uniques, wanted.uniques, [&](const Unique& unique) {
      changes_.push_back(DropUnique{old.name, unique});
    });
    for_each_missing(old.checks, wanted.checks, [&](const Check& check) {
      changes_.push_back(DropCheck{old.name, check.name});
    });
    if (old.primary_key && !has_primary_key(wanted, *old.primary_key)) {
      changes_.push_back(DropPrimaryKey{old.name});
    }
  }

  void drop_tables() {
    auto gone = tables_missing_in(from_, to_);
    std::ranges::reverse(gone);
    for (const Table* table : gone) changes_.push_back(DropTable{table->name});
  }

  /// Each new table, then its indexes. A foreign key to a table that comes later is added at the
  /// end.
  void create_tables() {
    std::vector<std::string> existing;
    for (const Table& table : from_.tables) existing.push_back(table.name);
    for (const Table* wanted : tables_missing_in(to_, from_)) {
      existing.push_back(wanted->name);
      Table table = *wanted;
      table.indexes.clear();
      std::erase_if(table.foreign_keys, [&](const ForeignKey& key) {
        if (std::ranges::find(existing, key.referenced_table) != existing.end()) return false;
        late_.push_back(AddForeignKey{table.name, key});
        return true;
      });
      changes_.push_back(CreateTable{std::move(table)});
      for (const Index& index : wanted->indexes) {
        changes_.push_back(CreateIndex{wanted->name, index});
      }
    }
  }

  void change_columns(const Table& old, const Table& wanted) {
    for (const Column& column : wanted.columns) {
      const Column* before = old.find_column(column.name);
      if (before == nullptr) {
        changes_.push_back(AddColumn{wanted.name, column});
      } else if (*before != column) {
        changes_.push_back(AlterColumn{wanted.name, column});
      }
    }
    for (const Column& column : old.columns) {
      if (wanted.find_column(column.name) == nullptr) {
        changes_.push_back(DropColumn{wanted.name, column.name});
      }
    }
  }

  void add_keys(const Table& old, const Table& wanted) {
    if (wanted.primary_key && !has_primary_key(old, *wanted.primary_key)) {
      changes_.push_back(AddPrimaryKey{wanted.name, *wanted.primary_key});
    }
    for_each_missing(wanted.uniques, old.uniques, [&](const Unique& unique) {
      changes_.push_back(AddUnique{wanted.name, unique});
    });
    for_each_missing(wanted.checks, old.checks,
                     [&](const Check& check) { changes_.push_back(AddCheck{wanted.name, check}); });
    for_each_missing(wanted.indexes, old.indexes, [&](const Index& index) {
      changes_.push_back(CreateIndex{wanted.name, index});
    });
    for_each_missing(wanted.foreign_keys, old.foreign_keys, [&](const ForeignKey& key) {
      late_.push_back(AddForeignKey{wanted.name, key});
    });
  }

  static bool has_primary_key(const Table& table, const PrimaryKey& key) {
    return table.primary_key && is_same(*table.primary_key, key);
  }

  const Schema& from_;
  const Schema& to_;
  std::vector<Change> changes_;
  std::vector<Change> late_;  ///< Foreign keys, which need every table, column and key to be there.
};

}  // namespace

std::vector<Change> diff(const Schema& from, const Schema& to) { return Differ(from, to).run(); }

}  // namespace parley::migrate
