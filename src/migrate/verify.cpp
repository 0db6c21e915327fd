#include "migrate/verify.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/overloaded.h"
#include "migrate/diff.h"

namespace parley::migrate {
namespace {

using namespace schema;

constexpr std::string_view kNothing = "nothing";

std::string column_object(const std::string& table, const std::string& column) {
  return table + "." + column;
}

std::string index_object(const std::string& table, const std::string& index) {
  return fmt::format("index {} on {}", index, table);
}

/// `table users` is `table: users`, `users.email` is `column: users.email`.
std::string kind_and_name(const std::string& object) {
  for (const std::string_view kind : {"table ", "index ", "trigger ", "view ", "enum ",
                                      "foreign key ", "unique key ", "check "}) {
    if (!object.starts_with(kind)) continue;
    return fmt::format("{}: {}", kind.substr(0, kind.size() - 1), object.substr(kind.size()));
  }
  return object.find('.') == std::string::npos ? object : "column: " + object;
}

std::string columns_text(const std::vector<std::string>& columns) {
  return fmt::format("({})", fmt::join(columns, ", "));
}

std::string parts_text(const Index& index) {
  std::vector<std::string> parts;
  for (const IndexPart& part : index.parts) {
    const std::string& name = part.expression.empty() ? part.column : part.expression;
    parts.push_back(part.descending ? name + " DESC" : name);
  }
  return fmt::format("{}({})", index.unique ? "unique " : "", fmt::join(parts, ", "));
}

std::string trigger_object(const std::string& table, const std::string& trigger) {
  return fmt::format("trigger {} on {}", trigger, table);
}

std::string options_text(const SetTableOptions& options) {
  if (!options.is_strict && !options.is_without_rowid) return "none";
  if (options.is_strict && options.is_without_rowid) return "STRICT, WITHOUT ROWID";
  return options.is_strict ? "STRICT" : "WITHOUT ROWID";
}

/// Says of each change that would lead from the live schema to the wanted one what it means to the
/// code.
class Judge {
 public:
  Judge(const Schema& live, const Schema& wanted, const dialect::Dialect& dialect)
      : live_(live), wanted_(wanted), dialect_(dialect) {}

  Difference operator()(const Change& change) const {
    return std::visit(
        overloaded{
            [&](const CreateTable& c) {
              return Difference{Level::Missing, "table " + c.table.name, "a table",
                                std::string(kNothing), change};
            },
            [&](const DropTable& c) { return note("table " + c.table, "a table"); },
            [&](const RenameTable& c) { return note("table " + c.table, c.new_name); },
            [&](const AddColumn& c) {
              return Difference{Level::Missing, column_object(c.table, c.column.name),
                                column_text(c.column), std::string(kNothing),
                                Change{AddColumn{c.table, addable(c.column)}}};
            },
            [&](const DropColumn& c) { return extra_column(c); },
            [&](const AlterColumn& c) { return altered_column(c); },
            [&](const RenameColumn& c) {
              return note(column_object(c.table, c.column), c.new_name);
            },
            [&](const CreateIndex& c) {
              return Difference{Level::Repairable, index_object(c.table, c.index.name),
                                parts_text(c.index), found_index(c.table, c.index.name), change};
            },
            [&](const DropIndex& c) { return dropped_index(c, change); },
            [&](const AddPrimaryKey& c) {
              return Difference{Level::Wrong, "primary key of " + c.table,
                                columns_text(c.primary_key.columns), "another or none",
                                std::nullopt};
            },
            [&](const DropPrimaryKey& c) { return note("primary key of " + c.table, "a key"); },
            [&](const AddUnique& c) {
              return Difference{Level::Repairable, "unique key on " + c.table,
                                columns_text(c.unique.columns), std::string(kNothing), change};
            },
            [&](const DropUnique& c) {
              return note("unique key on " + c.table, columns_text(c.unique.columns));
            },
            [&](const AddCheck& c) {
              return Difference{Level::Repairable,
                                fmt::format("check {} on {}", c.check.name, c.table),
                                c.check.expression, std::string(kNothing), change};
            },
            [&](const DropCheck& c) {
              return note(fmt::format("check {} on {}", c.check, c.table), "a check");
            },
            [&](const AddForeignKey& c) {
              return Difference{Level::Repairable, foreign_key_object(c.table, c.foreign_key),
                                "to " + c.foreign_key.referenced_table, std::string(kNothing),
                                change};
            },
            [&](const DropForeignKey& c) { return dropped_foreign_key(c, change); },
            [&](const RenameIndex& c) { return note(index_object(c.table, c.index), c.new_name); },
            [&](const CreateView& c) {
              return Difference{Level::Missing, "view " + c.view.name, "a view",
                                std::string(kNothing), change};
            },
            [&](const DropView& c) { return note("view " + c.view, "a view"); },
            [&](const ReplaceView& c) {
              return Difference{Level::Repairable, "view " + c.view.name, "its definition",
                                "another definition", change};
            },
            [&](const CreateTrigger& c) {
              return Difference{Level::Missing, trigger_object(c.trigger.table, c.trigger.name),
                                "a trigger", std::string(kNothing), change};
            },
            [&](const DropTrigger& c) {
              return note(trigger_object(c.table, c.trigger), "a trigger");
            },
            [&](const ReplaceTrigger& c) {
              return Difference{Level::Repairable, trigger_object(c.trigger.table, c.trigger.name),
                                "its definition", "another definition", change};
            },
            [&](const CreateEnum& c) {
              // Where an enum is a check on columns, the columns work without it.
              const bool is_type = dialect_.capabilities().native_enums;
              return Difference{is_type ? Level::Missing : Level::Repairable,
                                "enum " + c.enumeration.name, columns_text(c.enumeration.values),
                                std::string(kNothing), change};
            },
            [&](const AlterEnum& c) { return altered_enum(c); },
            [&](const DropEnum& c) { return note("enum " + c.enumeration, "an enum"); },
            [&](const SetComment& c) {
              return Difference{
                  Level::Repairable,
                  "comment of " + (c.column.empty() ? c.table : column_object(c.table, c.column)),
                  c.comment.empty() ? "none" : c.comment, "another", change};
            },
            [&](const SetTableOptions& c) {
              return Difference{Level::Repairable, "options of table " + c.table, options_text(c),
                                "others", change};
            },
            [&](const Backfill& c) { return note("rows of " + c.table, "rows"); },
            [&](const Execute&) { return note("statement", "SQL"); },
        },
        change);
  }

 private:
  static Difference note(std::string object, std::string found) {
    return {Level::Note, std::move(object), "absent", std::move(found), std::nullopt};
  }

  static std::string foreign_key_object(const std::string& table, const ForeignKey& key) {
    return fmt::format("foreign key {} on {}", columns_text(key.columns), table);
  }

  std::string column_text(const Column& column) const {
    return dialect_.type_text(column.type) + (column.nullable ? "" : " NOT NULL");
  }

  /// A column that can be added to a table with rows: without a default there is nothing that old
  /// rows could hold in a NOT NULL column, so the value stays unknown until somebody says it.
  static Column addable(Column column) {
    if (!column.nullable && !column.default_value && !column.auto_increment) column.nullable = true;
    return column;
  }

  /// Values that the code uses and the database refuses lose messages; one too many harms nothing.
  Difference altered_enum(const AlterEnum& change) const {
    const Enum& found = *live_.find_enum(change.enumeration.name);
    Difference difference{Level::Note, "enum " + found.name,
                          columns_text(change.enumeration.values), columns_text(found.values),
                          std::nullopt};
    const auto is_missing = [&](const std::string& value) {
      return std::ranges::find(found.values, value) == found.values.end();
    };
    if (!std::ranges::any_of(change.enumeration.values, is_missing)) return difference;
    AlterEnum fix{found, {}, {}};
    std::ranges::copy_if(change.enumeration.values, std::back_inserter(fix.enumeration.values),
                         is_missing);
    const bool has_more = fix.enumeration.values.size() > change.enumeration.values.size();
    difference.level = Level::Wrong;
    difference.fix = Change{has_more ? fix : change};
    return difference;
  }

  Difference extra_column(const DropColumn& change) const {
    const Column& column = *live_.find_table(change.table)->find_column(change.column);
    const bool refuses_inserts =
        !column.nullable && !column.default_value && !column.auto_increment;
    Difference difference = note(column_object(change.table, change.column), column_text(column));
    if (!refuses_inserts) return difference;
    Column nullable = column;
    nullable.nullable = true;
    difference.level = Level::Wrong;
    difference.expected = "absent, or nullable";
    difference.fix = AlterColumn{change.table, std::move(nullable)};
    return difference;
  }

  Difference altered_column(const AlterColumn& change) const {
    const Column& wanted = change.column;
    const Column& found = *live_.find_table(change.table)->find_column(wanted.name);
    Difference difference{Level::Repairable, column_object(change.table, wanted.name),
                          column_text(wanted), column_text(found), Change{change}};
    const bool is_served = dialect_.serves_as(found.type, wanted.type);
    if (found.type != wanted.type && !is_served) {
      difference.level = Level::Wrong;
      difference.fix.reset();
    } else if (!found.nullable && wanted.nullable) {
      difference.level = Level::Wrong;
    } else if (found.type == wanted.type && found.nullable == wanted.nullable) {
      tell_properties(difference, found, wanted);
    }
    return served_as_it_is(std::move(difference), found, wanted);
  }

  /// A type that serves is left as it is; when nothing else differs, that is only a note.
  static Difference served_as_it_is(Difference difference, const Column& found,
                                    const Column& wanted) {
    Column with_live_type = wanted;
    with_live_type.type = found.type;
    if (with_live_type == found && difference.level == Level::Repairable) {
      difference.level = Level::Note;
      difference.fix.reset();
    }
    return difference;
  }

  static std::string mover(const Column& column) {
    return column.on_update_trigger.empty() ? "the usual trigger"
                                            : "the trigger " + column.on_update_trigger;
  }

  static void tell_properties(Difference& difference, const Column& found, const Column& wanted) {
    if (found.default_value != wanted.default_value) {
      difference.expected += wanted.default_value ? " with a default" : " without a default";
      difference.found += found.default_value ? " with another default" : " without a default";
    }
    if (found.on_update_now != wanted.on_update_now) {
      difference.expected += wanted.on_update_now ? ", moved on update" : ", not moved on update";
    }
    if (found.on_update_now && found.on_update_trigger != wanted.on_update_trigger) {
      difference.expected += ", moved by " + mover(wanted);
      difference.found += ", moved by " + mover(found);
    }
    if (found.auto_increment != wanted.auto_increment) difference.expected += ", auto-increment";
  }

  std::string found_index(const std::string& table, const std::string& index) const {
    const Table* live = live_.find_table(table);
    const Index* found = live == nullptr ? nullptr : live->find_index(index);
    return found == nullptr ? std::string(kNothing) : parts_text(*found);
  }

  /// An index that differs is dropped and created again; one that only the database has stays.
  Difference dropped_index(const DropIndex& change, const Change& whole) const {
    const Index* found = live_.find_table(change.table)->find_index(change.index);
    Difference difference = note(index_object(change.table, change.index), parts_text(*found));
    const Table* wanted = wanted_.find_table(change.table);
    if (wanted != nullptr && wanted->find_index(change.index) != nullptr) {
      difference.level = Level::Repairable;
      difference.expected = parts_text(*wanted->find_index(change.index));
      difference.fix = whole;
    }
    return difference;
  }

  /// A key that differs is dropped and added again; one that only the database has stays.
  Difference dropped_foreign_key(const DropForeignKey& change, const Change& whole) const {
    Difference difference = note(foreign_key_object(change.table, change.foreign_key),
                                 "to " + change.foreign_key.referenced_table);
    const Table* wanted = wanted_.find_table(change.table);
    const bool is_replaced =
        wanted != nullptr && std::ranges::any_of(wanted->foreign_keys, [&](const ForeignKey& key) {
          return key.columns == change.foreign_key.columns;
        });
    if (is_replaced) {
      difference.level = Level::Repairable;
      difference.expected = "another";
      difference.fix = whole;
    }
    return difference;
  }

  const Schema& live_;
  const Schema& wanted_;
  const dialect::Dialect& dialect_;
};

template <class Object>
bool is_same(const Object* one, const Object* other) {
  return one != nullptr && other != nullptr && *one == *other;
}

/// True for what is only taken away and brought back because something else changes, such as a view
/// on a column that gets another type: it is there, and as it should be.
bool is_detour(const Change& change, const Schema& live, const Schema& wanted) {
  const auto same_view = [&](const std::string& name) {
    return is_same(live.find_view(name), wanted.find_view(name));
  };
  const auto same_trigger = [&](const std::string& table, const std::string& name) {
    return is_same(live.find_trigger(table, name), wanted.find_trigger(table, name));
  };
  const auto has_key = [](const Schema& schema, const std::string& table, const ForeignKey& key) {
    const Table* found = schema.find_table(table);
    return found != nullptr &&
           std::ranges::find(found->foreign_keys, key) != found->foreign_keys.end();
  };
  const auto same_key = [&](const std::string& table, const ForeignKey& key) {
    return has_key(live, table, key) && has_key(wanted, table, key);
  };
  if (const auto* c = std::get_if<DropView>(&change)) return same_view(c->view);
  if (const auto* c = std::get_if<CreateView>(&change)) return same_view(c->view.name);
  if (const auto* c = std::get_if<DropTrigger>(&change)) return same_trigger(c->table, c->trigger);
  if (const auto* c = std::get_if<CreateTrigger>(&change)) {
    return same_trigger(c->trigger.table, c->trigger.name);
  }
  if (const auto* c = std::get_if<DropForeignKey>(&change))
    return same_key(c->table, c->foreign_key);
  if (const auto* c = std::get_if<AddForeignKey>(&change))
    return same_key(c->table, c->foreign_key);
  return false;
}

}  // namespace

std::string_view name_of(Level level) {
  switch (level) {
    case Level::Missing: return "missing";
    case Level::Wrong: return "wrong";
    case Level::Repairable: return "repairable";
    case Level::Note: return "note";
  }
  return "";
}

bool DriftReport::is_workable() const { return count(Level::Missing) + count(Level::Wrong) == 0; }

bool DriftReport::is_clean() const { return count(Level::Note) == differences.size(); }

std::size_t DriftReport::count(Level level) const {
  const auto has_level = [&](const Difference& difference) { return difference.level == level; };
  return static_cast<std::size_t>(std::ranges::count_if(differences, has_level));
}

DriftReport compare(const Schema& live, const Schema& wanted, const dialect::Dialect& dialect) {
  const Judge judge(live, wanted, dialect);
  DriftReport report;
  for (const Change& change : diff(live, wanted)) {
    if (!is_detour(change, live, wanted)) report.differences.push_back(judge(change));
  }
  std::ranges::stable_sort(report.differences, {}, &Difference::level);
  return report;
}

std::string object_of(const Change& change, const Schema& from, const Schema& to,
                      const dialect::Dialect& dialect) {
  return Judge(from, to, dialect)(change).object;
}

std::string to_text(const Difference& difference) {
  const std::string reason = difference.reason.empty() ? "" : " (" + difference.reason + ")";
  if (difference.found == kNothing) {
    return fmt::format("  {:<10} Missing {}, expected {}{}", name_of(difference.level),
                       kind_and_name(difference.object), difference.expected, reason);
  }
  return fmt::format("  {:<10} {}: expected {}, found {}{}", name_of(difference.level),
                     difference.object, difference.expected, difference.found, reason);
}

}  // namespace parley::migrate
