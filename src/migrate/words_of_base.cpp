#include "migrate/words_of_base.h"

#include <optional>
#include <utility>

#include "base/overloaded.h"
#include "schema/fit.h"

namespace parley::migrate {
namespace {

using namespace schema;

/// A table as two schemas have it.
struct Both {
  const Table& base;
  const Table& known;
};

class Translator {
 public:
  Translator(const Schema& base, const Schema& known, const dialect::Dialect& dialect)
      : base_(base), known_(known), dialect_(dialect) {}

  Change translate(const Change& change) const {
    const auto other = std::visit(overloaded{[&](const DropUnique& c) { return translated(c); },
                                             [&](const DropIndex& c) { return translated(c); },
                                             [&](const DropCheck& c) { return translated(c); },
                                             [&](const DropForeignKey& c) { return translated(c); },
                                             [](const auto&) { return std::optional<Change>(); }},
                                  change);
    return other.value_or(change);
  }

 private:
  std::optional<Both> find(const std::string& table) const {
    const Table* base = base_.find_table(table);
    const Table* known = known_.find_table(table);
    if (base == nullptr || known == nullptr) return std::nullopt;
    return Both{*base, *known};
  }

  /// The normal form of a table with the columns of `known` and only those keys that `add` gives
  /// it.
  template <class Add>
  Table normal_with(const Table& known, Add add) const {
    Schema schema{.tables = known_.tables, .enums = known_.enums};
    Table& table = *schema.find_table(known.name);
    table.uniques.clear();
    table.checks.clear();
    table.foreign_keys.clear();
    table.indexes.clear();
    add(table);
    return *dialect_.normalize(schema).find_table(known.name);
  }

  /// The drop of the one unique constraint or index that `normal` has.
  static std::optional<Change> drop_of_key(const Table& normal, const Table& base) {
    if (normal.uniques.size() == 1 && find_unique(base, normal.uniques.front()) != nullptr) {
      return DropUnique{base.name, normal.uniques.front()};
    }
    if (normal.indexes.size() == 1 && base.find_index(normal.indexes.front().name) != nullptr) {
      return DropIndex{base.name, normal.indexes.front().name};
    }
    return std::nullopt;
  }

  std::optional<Change> translated(const DropUnique& change) const {
    const auto both = find(change.table);
    if (!both || find_unique(both->base, change.unique) != nullptr) return std::nullopt;
    const Unique* unique = find_unique(both->known, change.unique);
    if (unique == nullptr) return std::nullopt;
    return drop_of_key(normal_with(both->known, [&](Table& table) { table.uniques = {*unique}; }),
                       both->base);
  }

  std::optional<Change> translated(const DropIndex& change) const {
    const auto both = find(change.table);
    if (!both || both->base.find_index(change.index) != nullptr) return std::nullopt;
    const Index* index = both->known.find_index(change.index);
    if (index == nullptr) return std::nullopt;
    return drop_of_key(normal_with(both->known, [&](Table& table) { table.indexes = {*index}; }),
                       both->base);
  }

  std::optional<Change> translated(const DropCheck& change) const {
    const auto both = find(change.table);
    if (!both || find_check(both->base, change) != nullptr) return std::nullopt;
    const Check* check = find_check(both->known, change);
    if (check == nullptr) return std::nullopt;
    const Table normal = normal_with(both->known, [&](Table& table) { table.checks = {*check}; });
    if (normal.checks.size() != 1) return std::nullopt;
    const Check& there = normal.checks.front();
    const DropCheck drop{.table = change.table,
                         .check = there.name,
                         .expression = there.name.empty() ? there.expression : ""};
    if (find_check(both->base, drop) == nullptr) return std::nullopt;
    return drop;
  }

  std::optional<Change> translated(const DropForeignKey& change) const {
    const auto both = find(change.table);
    if (!both || find_foreign_key(both->base, change.foreign_key) != nullptr) return std::nullopt;
    const ForeignKey* key = find_foreign_key(both->known, change.foreign_key);
    if (key == nullptr) return std::nullopt;
    const Table normal =
        normal_with(both->known, [&](Table& table) { table.foreign_keys = {*key}; });
    if (normal.foreign_keys.size() != 1) return std::nullopt;
    if (find_foreign_key(both->base, normal.foreign_keys.front()) == nullptr) return std::nullopt;
    return DropForeignKey{change.table, normal.foreign_keys.front()};
  }

  const Schema& base_;
  const Schema& known_;
  const dialect::Dialect& dialect_;
};

}  // namespace

std::vector<Change> in_words_of(const Schema& base, const std::vector<Change>& changes,
                                const Schema& known, const dialect::Dialect& dialect) {
  const Translator translator(base, known, dialect);
  std::vector<Change> translated;
  for (const Change& change : changes) translated.push_back(translator.translate(change));
  return translated;
}

}  // namespace parley::migrate
