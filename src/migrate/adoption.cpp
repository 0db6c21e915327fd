#include "migrate/adoption.h"

#include <algorithm>

namespace parley::migrate {
namespace {

using namespace schema;

/// Both sides of a column that is there and differs.
struct Pair {
  std::string table;
  Column found;
  Column wanted;
  bool is_in_key = false;  ///< Of the live table's primary key.
};

std::optional<Pair> columns_of(const std::string& object, const Schema& live,
                               const Schema& wanted) {
  for (const Table& table : wanted.tables) {
    if (!object.starts_with(table.name + ".")) continue;
    const std::string column = object.substr(table.name.size() + 1);
    const Table* other = live.find_table(table.name);
    const Column* to = table.find_column(column);
    const Column* from = other == nullptr ? nullptr : other->find_column(column);
    if (to == nullptr || from == nullptr) continue;
    const bool is_in_key =
        other->primary_key &&
        std::ranges::find(other->primary_key->columns, column) != other->primary_key->columns.end();
    return Pair{table.name, *from, *to, is_in_key};
  }
  return std::nullopt;
}

bool may_hold_times(const Type& type) {
  return type.kind == TypeKind::DateTime || type.kind == TypeKind::Text ||
         type.kind == TypeKind::String;
}

class Rules {
 public:
  Rules(const AdoptionRules& rules, const dialect::Dialect& dialect)
      : rules_(rules), dialect_(dialect) {}

  void note_what_is_known(Difference& difference) const {
    for (const KnownNote& note : rules_.notes) {
      if (note.object != difference.object || difference.expected != "absent") continue;
      difference.level = Level::Note;
      difference.reason = note.reason;
      difference.fix.reset();
    }
    for (const OtherProduct& other : rules_.other_products) {
      if (other.object == difference.object && difference.level == Level::Wrong) {
        difference.reason = other.reason;
      }
    }
    for (const OptionalColumn& optional : rules_.optional_columns) {
      const bool is_missing = difference.level == Level::Missing &&
                              difference.object == optional.table + "." + optional.column;
      if (!is_missing) continue;
      difference.level = Level::Note;
      difference.reason = optional.reason;
    }
  }

  /// A type that serves stays, and so does a NOT NULL that refuses nothing; what else differs is
  /// mended around them.
  void soften(Difference& difference, Pair pair) const {
    const Column& found = pair.found;
    Column target = pair.wanted;
    const bool is_changeable = std::ranges::any_of(rules_.changeables, [&](const Changeable& each) {
      return each.table == pair.table && each.column == target.name;
    });
    if (found.type != target.type) {
      const AcceptedType* accepted = accepted_type(pair);
      if (accepted != nullptr) difference.reason = accepted->reason;
      if (accepted != nullptr || dialect_.serves_as(found.type, target.type)) {
        target.type = found.type;
      } else if (!is_changeable) {
        return;
      }
    }
    if (!found.nullable && target.nullable && (target.default_value || is_always_written(pair))) {
      target.nullable = false;
      difference.reason = "stricter than a fresh database";
    }
    if (found.nullable && !target.nullable && pair.is_in_key) {
      // SQLite lets the columns of a primary key be NULL; nobody writes one.
      target.nullable = true;
      difference.reason = "part of the primary key";
    }
    if (target == found) {
      difference.level = Level::Note;
      difference.fix.reset();
      return;
    }
    const bool refuses_null = !found.nullable && target.nullable;
    difference.fix = AlterColumn{pair.table, target};
    difference.level = refuses_null && !is_changeable ? Level::Wrong : Level::Repairable;
  }

 private:
  bool is_always_written(const Pair& pair) const {
    return std::ranges::any_of(rules_.always_written, [&](const AlwaysWritten& each) {
      return each.table == pair.table && each.column == pair.wanted.name;
    });
  }

  const AcceptedType* accepted_type(const Pair& pair) const {
    const auto accepts = [&](const AcceptedType& rule) {
      if (rule.table != pair.table) return false;
      if (!rule.column.empty()) return rule.column == pair.wanted.name;
      return pair.wanted.type.kind == TypeKind::DateTime && may_hold_times(pair.found.type);
    };
    const auto found = std::ranges::find_if(rules_.accepted_types, accepts);
    return found == rules_.accepted_types.end() ? nullptr : &*found;
  }

  const AdoptionRules& rules_;
  const dialect::Dialect& dialect_;
};

}  // namespace

DriftReport judged(DriftReport report, const Schema& live, const Schema& wanted,
                   const AdoptionRules& rules, const dialect::Dialect& dialect) {
  const Rules known(rules, dialect);
  for (Difference& difference : report.differences) {
    known.note_what_is_known(difference);
    if (auto pair = columns_of(difference.object, live, wanted)) {
      known.soften(difference, std::move(*pair));
    }
  }
  std::ranges::stable_sort(report.differences, {}, &Difference::level);
  return report;
}

Applied recognized(const NamespaceDefinition& definition, Applied applied, const Schema& live) {
  for (const Revision& revision : definition.graph.revisions()) {
    const bool has_a_table = std::ranges::any_of(revision.upgrade, [&](const Change& change) {
      const auto* create = std::get_if<CreateTable>(&change);
      return create != nullptr && live.find_table(create->table.name) != nullptr;
    });
    if (has_a_table) applied.merge(definition.graph.with_ancestors(revision.id));
  }
  return applied;
}

}  // namespace parley::migrate
