#include "migrate/verdict.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/overloaded.h"
#include "base/text.h"
#include "dialect/conversion.h"
#include "dialect/dialect.h"
#include "dialect/probe.h"
#include "migrate/live_names.h"
#include "migrate/progress.h"

namespace parley::migrate {
namespace {

using namespace schema;
using dialect::RowsFound;

std::string rows_text(std::int64_t count) {
  return fmt::format("{} {}", grouped(count), count == 1 ? "row" : "rows");
}

constexpr std::size_t kExamplesShown = 3;

std::string rows_text(const RowsFound& found, const Table& table) {
  if (found.examples.empty()) return rows_text(found.count);
  std::vector<std::string> examples = found.examples;
  if (examples.size() > kExamplesShown) examples.resize(kExamplesShown);
  const bool has_more = found.count > static_cast<std::int64_t>(examples.size());
  return fmt::format("{} ({} {}{})", rows_text(found.count), join(table.primary_key->columns, ", "),
                     join(examples, ", "), has_more ? ", …" : "");
}

bool is_text(const Type& type) {
  return type.kind == TypeKind::String || type.kind == TypeKind::Text ||
         type.kind == TypeKind::Char;
}

bool is_number(const Type& type) {
  return type.kind == TypeKind::SmallInteger || type.kind == TypeKind::Integer ||
         type.kind == TypeKind::BigInteger || type.kind == TypeKind::Decimal ||
         type.kind == TypeKind::Float || type.kind == TypeKind::Double;
}

bool is_whole_column(const IndexPart& part) {
  return part.expression.empty() && part.prefix_length == 0;
}

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::ranges::find(list, value) != list.end();
}

/// True when rows may stand in the way of the change.
bool may_fail(const Change& change) {
  if (const auto* add = std::get_if<AddColumn>(&change)) {
    return !add->column.nullable && !add->column.default_value;
  }
  if (const auto* index = std::get_if<CreateIndex>(&change)) return index->index.unique;
  return std::holds_alternative<AlterColumn>(change) ||
         std::holds_alternative<AddPrimaryKey>(change) ||
         std::holds_alternative<AddUnique>(change) || std::holds_alternative<AddCheck>(change) ||
         std::holds_alternative<AddForeignKey>(change) || std::holds_alternative<AlterEnum>(change);
}

class Judge {
 public:
  Judge(database::Connection& connection, const Schema& live)
      : connection_(connection), dialect_(dialect::dialect_of(connection)), names_(live) {}

  std::vector<Verdict> run(const std::vector<Change>& changes) {
    for (const Change& change : changes) {
      if (position_ > 0) names_.pass(changes[position_ - 1]);
      judge(change);
      ++position_;
    }
    return std::move(verdicts_);
  }

 private:
  void judge(const Change& change) {
    std::visit(overloaded{
                   [](const CreateTable&) {},
                   [&](const DropTable& c) { drop_table(c); },
                   [](const RenameTable&) {},
                   [&](const AddColumn& c) { add_column(c); },
                   [&](const DropColumn& c) { drop_column(c); },
                   [&](const AlterColumn& c) { alter_column(c); },
                   [](const RenameColumn&) {},
                   [&](const CreateIndex& c) { create_index(c); },
                   [](const DropIndex&) {},
                   [](const RenameIndex&) {},
                   [&](const AddPrimaryKey& c) { add_key(c.table, c.primary_key.columns); },
                   [](const DropPrimaryKey&) {},
                   [&](const AddUnique& c) { add_key(c.table, c.unique.columns); },
                   [](const DropUnique&) {},
                   [&](const AddCheck& c) { add_check(c); },
                   [](const DropCheck&) {},
                   [&](const AddForeignKey& c) { add_foreign_key(c); },
                   [](const DropForeignKey&) {},
                   [](const CreateView&) {},
                   [](const DropView&) {},
                   [](const ReplaceView&) {},
                   [](const CreateTrigger&) {},
                   [](const DropTrigger&) {},
                   [](const ReplaceTrigger&) {},
                   [](const CreateEnum&) {},
                   [&](const AlterEnum& c) { alter_enum(c); },
                   [](const DropEnum&) {},
                   [](const SetComment&) {},
                   [](const SetTableOptions&) {},
                   [](const Backfill&) {},
                   [](const Execute&) {},
               },
               change);
  }

  void say(Verdict::Kind kind, std::string text, std::string fix = {}) {
    verdicts_.push_back({kind, position_, std::move(text), std::move(fix)});
  }

  /// The table as it is in the database; null when its rows cannot be asked.
  const Table* rows_of(const std::string& table) const {
    return names_.has_new_rows(table) ? nullptr : names_.table(table);
  }

  void drop_table(const DropTable& c) {
    const Table* table = names_.table(c.table);
    if (table == nullptr) return;
    const std::int64_t rows = dialect::count_rows(connection_, table->name);
    if (rows == 0) return;
    say(Verdict::Kind::Loses, fmt::format("dropping table {} loses {}", c.table, rows_text(rows)));
  }

  void drop_column(const DropColumn& c) {
    const Table* table = names_.table(c.table);
    const Column* column = names_.column(c.table, c.column);
    if (column == nullptr || column->generated) return;
    const std::string name = dialect_.quote(column->name);
    const std::int64_t values =
        is_text(column->type) ? dialect::count_rows_where(connection_, table->name, name + " <> ''")
                              : dialect::count_non_null(connection_, table->name, column->name);
    if (values == 0) return;
    say(Verdict::Kind::Loses, fmt::format("dropping {}.{} loses {} non-empty {}", c.table, c.column,
                                          grouped(values), values == 1 ? "value" : "values"));
  }

  void add_column(const AddColumn& c) {
    const Column& column = c.column;
    const bool fills_itself = column.nullable || column.default_value || column.generated ||
                              column.auto_increment || column.on_update_now;
    const Table* table = names_.table(c.table);
    if (fills_itself || table == nullptr) return;
    const std::int64_t rows = dialect::count_rows(connection_, table->name);
    if (rows == 0) return;
    say(Verdict::Kind::Fails,
        fmt::format("{}.{} cannot be NULL and has no default, but {} has {} already", c.table,
                    column.name, c.table, rows_text(rows)),
        "Give it a default; or add it as nullable, fill it with a backfill, and forbid NULL then.");
  }

  void alter_column(const AlterColumn& c) {
    const Table* table = rows_of(c.table);
    const Column* old = names_.column(c.table, c.column.name);
    if (table == nullptr || old == nullptr || c.column.generated) return;
    const std::string name = c.table + "." + c.column.name;
    if (old->nullable && !c.column.nullable) {
      fails(*table, dialect::rows_with_null(connection_, *table, old->name), "NOT NULL of " + name,
            fmt::format("Fill them first with a backfill (set: {}: …, where: {} is null), or leave "
                        "the column nullable.",
                        c.column.name, c.column.name));
    }
    if (old->type != c.column.type) change_type(*table, *old, c.column, name);
  }

  void change_type(const Table& table, const Column& old, const Column& wanted,
                   const std::string& name) {
    const Type& type = wanted.type;
    const auto convert = [&](const RowsFound& rows, std::string_view how) {
      fails(table, rows,
            fmt::format("{} as {}: {} the conversion, which", name, dialect_.type_text(type), how),
            "Mend those values first with a backfill, or choose another type.");
    };
    const bool is_bounded =
        (type.kind == TypeKind::String || type.kind == TypeKind::Char) && type.length > 0;
    const bool is_shorter =
        old.type.kind == TypeKind::Text || old.type.length == 0 || old.type.length > type.length;
    if (is_bounded && is_shorter && is_text(old.type)) {
      convert(dialect::rows_longer_than(connection_, table, old.name, type.length),
              "values are too long for");
    }
    const std::string no_number =
        is_number(type) ? dialect::is_no_number(old, type, dialect_) : std::string();
    if (!no_number.empty()) {
      convert(dialect::rows_where(connection_, table, no_number), "values do not survive");
    }
    const Enum* values =
        type.kind == TypeKind::Enum ? names_.state().find_enum(type.native) : nullptr;
    if (values != nullptr && is_text(old.type)) {
      convert(dialect::rows_outside(connection_, table, old.name, values->values),
              "values are not in its list for");
    }
  }

  /// Says so when there are such rows.
  void fails(const Table& table, const RowsFound& rows, const std::string& what,
             const std::string& fix) {
    if (rows.count == 0) return;
    say(Verdict::Kind::Fails, fmt::format("{} fails for {}", what, rows_text(rows, table)), fix);
  }

  void create_index(const CreateIndex& c) {
    // Of a partial index nobody knows beforehand which rows it will hold.
    const bool is_plain =
        c.index.where.empty() && std::ranges::all_of(c.index.parts, is_whole_column);
    if (!c.index.unique || !is_plain) return;
    std::vector<std::string> columns;
    for (const IndexPart& part : c.index.parts) columns.push_back(part.column);
    add_key(c.table, columns);
  }

  void add_key(const std::string& name, const std::vector<std::string>& wanted) {
    const Table* table = rows_of(name);
    const auto columns = names_.columns(name, wanted);
    if (table == nullptr || !columns) return;
    const auto found = dialect::duplicates(connection_, table->name, *columns);
    if (found.groups == 0) return;
    say(Verdict::Kind::Fails,
        fmt::format("a unique key on {} ({}) fails: {} {} of duplicates ({}{})", name,
                    join(wanted, ", "), grouped(found.groups),
                    found.groups == 1 ? "group" : "groups", join(found.examples, "; "),
                    found.groups > static_cast<std::int64_t>(found.examples.size()) ? "; …" : ""),
        "Change or remove the duplicates first, or choose columns that tell the rows apart.");
  }

  void add_check(const AddCheck& c) {
    const Table* table = rows_of(c.table);
    const Table* now = names_.state().find_table(c.table);
    // Under other names than the database has now, the condition cannot be asked.
    if (table == nullptr || now == nullptr || table->name != now->name) return;
    for (const Column& column : now->columns) {
      const Column* old = names_.column(c.table, column.name);
      if (old == nullptr || old->name != column.name || old->type != column.type) return;
    }
    fails(*table,
          dialect::rows_where(connection_, *table, fmt::format("NOT ({})", c.check.expression)),
          fmt::format("check {} of {}", c.check.name, c.table),
          "Mend those rows first with a backfill, or choose another condition.");
  }

  void add_foreign_key(const AddForeignKey& c) {
    const Table* table = rows_of(c.table);
    const Table* referenced = rows_of(c.foreign_key.referenced_table);
    const auto columns = names_.columns(c.table, c.foreign_key.columns);
    const auto keys =
        names_.columns(c.foreign_key.referenced_table, c.foreign_key.referenced_columns);
    if (table == nullptr || referenced == nullptr || !columns || !keys) return;
    ForeignKey live = c.foreign_key;
    live.columns = *columns;
    live.referenced_table = referenced->name;
    live.referenced_columns = *keys;
    fails(*table, dialect::orphans(connection_, *table, live),
          fmt::format("a foreign key of {} ({}) to {}", c.table, join(c.foreign_key.columns, ", "),
                      c.foreign_key.referenced_table),
          "They refer to rows that are not there: add those, or set the reference to NULL, or "
          "delete the rows, first.");
  }

  void alter_enum(const AlterEnum& c) {
    const Enum* old = names_.state().find_enum(c.enumeration.name);
    if (old == nullptr) return;
    const auto is_mapped = [](const std::vector<ValueMapping>& mappings, const std::string& value) {
      return std::ranges::find(mappings, value, &ValueMapping::from) != mappings.end();
    };
    for (const std::string& value : old->values) {
      const bool stays = contains(c.enumeration.values, value) || is_mapped(c.renamed, value) ||
                         is_mapped(c.replaced, value);
      if (!stays) remove_value(c.enumeration.name, value);
    }
  }

  void remove_value(const std::string& enumeration, const std::string& value) {
    for (const Table& table : names_.state().tables) {
      const Table* live = rows_of(table.name);
      if (live == nullptr) continue;
      for (const Column& column : table.columns) {
        if (column.type.kind != TypeKind::Enum || column.type.native != enumeration) continue;
        const Column* old = names_.column(table.name, column.name);
        if (old == nullptr) continue;
        const RowsFound rows = dialect::rows_where(
            connection_, *live,
            fmt::format("{} = {}", dialect_.quote(old->name), dialect_.literal(value)));
        if (rows.count == 0) continue;
        say(Verdict::Kind::Fails,
            fmt::format("'{}' of enum {} is still used by {} of {}.{}", value, enumeration,
                        rows_text(rows, *live), table.name, column.name),
            fmt::format("Say what they become: --rename {}.{}=VALUE, or leave the value in the "
                        "list.",
                        enumeration, value));
      }
    }
  }

  database::Connection& connection_;
  const dialect::Dialect& dialect_;
  LiveNames names_;
  std::vector<Verdict> verdicts_;
  std::size_t position_ = 0;
};

}  // namespace

std::vector<Verdict> verdicts_on(database::Connection& connection,
                                 const std::vector<Change>& changes, const Schema& live) {
  return Judge(connection, live).run(changes);
}

void check_verdicts(database::Connection& connection, const std::vector<Change>& changes,
                    const Schema& live) {
  if (std::ranges::none_of(changes, may_fail)) return;
  std::string text;
  std::string hint;
  for (const Verdict& verdict : verdicts_on(connection, changes, live)) {
    if (verdict.kind != Verdict::Kind::Fails) continue;
    text += (text.empty() ? "" : "\n") + verdict.text;
    if (hint.find(verdict.fix) == std::string::npos)
      hint += (hint.empty() ? "" : "\n") + verdict.fix;
  }
  if (!text.empty()) throw Error(ErrorCode::RefusedForSafety, text, hint);
}

}  // namespace parley::migrate
