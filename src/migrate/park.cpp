#include "migrate/park.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/crypto.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "database/transaction.h"
#include "dialect/conversion.h"
#include "dialect/counter.h"
#include "dialect/probe.h"
#include "migrate/progress.h"

namespace parley::migrate {
namespace {

using namespace schema;

std::string name_of(const Revision& revision, const std::string& table, const std::string& column) {
  const std::string digest = sha256(fmt::format("{}\n{}\n{}", revision.id, table, column));
  std::string name = "parley_parked_";
  for (const char byte : digest.substr(0, 6)) {
    name += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  }
  return name;
}

std::string what(const Parked& parked) {
  return parked.column.empty() ? "table " + parked.table
                               : fmt::format("column {}.{}", parked.table, parked.column);
}

[[noreturn]] void refuse(const Parked& parked, const std::string& reason) {
  throw Error(ErrorCode::RefusedForSafety,
              fmt::format("The {} cannot be parked: {}", what(parked), reason),
              "Leave --park out to drop it for good, or change the revision. Nothing was changed.");
}

/// The columns that are kept: all of a table, or one with the key that finds its row.
std::vector<Column> kept_columns(const Parked& parked, const Schema& before) {
  const Table* table = before.find_table(parked.table);
  const bool is_there =
      table != nullptr && (parked.column.empty() || table->find_column(parked.column) != nullptr);
  if (!is_there) refuse(parked, "the revision renames it first");
  std::vector<Column> columns;
  if (parked.column.empty()) {
    std::ranges::copy_if(table->columns, std::back_inserter(columns),
                         [](const Column& column) { return !column.generated; });
    return columns;
  }
  if (!table->primary_key) refuse(parked, "its table has no primary key to find the rows by");
  for (const std::string& key : table->primary_key->columns) {
    if (key == parked.column) refuse(parked, "it is part of the primary key");
    columns.push_back(*table->find_column(key));
  }
  columns.push_back(*table->find_column(parked.column));
  return columns;
}

/// Anybody may fill it with anything. An enum is kept as text: the enum may go, and must not be
/// held by what is kept.
Table place_for(const Parked& parked, const std::vector<Column>& columns,
                const dialect::Dialect& dialect) {
  Table place{.name = parked.kept_in};
  for (const Column& column : columns) {
    const bool is_enum = column.type.kind == TypeKind::Enum;
    place.columns.push_back({.name = column.name,
                             .type = is_enum ? dialect.long_text() : column.type,
                             .nullable = true,
                             .collation = column.collation});
  }
  return place;
}

std::string names_text(const std::vector<Column>& columns, const dialect::Dialect& dialect) {
  std::vector<std::string> names;
  for (const Column& column : columns) names.push_back(dialect.quote(column.name));
  return join(names, ", ");
}

void park_one(Deployment& deployment, const Parked& parked, const Schema& before) {
  const dialect::Dialect& dialect = deployment.dialect();
  database::Connection& connection = deployment.connection();
  const auto columns = kept_columns(parked, before);
  const std::string place = dialect.quote(parked.kept_in);
  connection.execute("DROP TABLE IF EXISTS " + place);
  const Table table = place_for(parked, columns, dialect);
  for (const std::string& statement : dialect.render(CreateTable{table}, {})) {
    connection.execute(statement);
  }
  const std::string names = names_text(columns, dialect);
  connection.execute(fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}", place, names, names,
                                 dialect.quote(parked.table)));
  log::info("Parked {}: {} rows in {}", what(parked),
            grouped(dialect::count_rows(connection, parked.kept_in)), parked.kept_in);
}

Change statement(std::string sql) { return Execute{.texts = {SqlText{.sql = std::move(sql)}}}; }

/// What is kept of `column`, as the column takes it.
std::string value_text(const Column& column, const std::string& alias,
                       const dialect::Dialect& dialect) {
  const std::string value = alias + dialect.quote(column.name);
  return column.type.kind == TypeKind::Enum ? dialect::enum_from_text(value, column.type, dialect)
                                            : value;
}

class Restorer {
 public:
  Restorer(const std::vector<Parked>& kept, const Schema& before, const dialect::Dialect& dialect)
      : kept_(kept), before_(before), dialect_(dialect) {}

  std::vector<Change> run(const std::vector<Change>& back) {
    for (const Change& change : back) {
      const auto* create = std::get_if<CreateTable>(&change);
      const auto* add = std::get_if<AddColumn>(&change);
      const Parked* kept = create != nullptr ? find(create->table.name, "")
                           : add != nullptr  ? find(add->table, add->column.name)
                                             : nullptr;
      if (kept == nullptr) {
        changes_.push_back(change);
      } else {
        create != nullptr ? restore_table(*create, *kept) : restore_column(*add, *kept);
      }
    }
    return std::move(changes_);
  }

 private:
  const Parked* find(const std::string& table, const std::string& column) const {
    const auto found = std::ranges::find_if(kept_, [&](const Parked& parked) {
      return parked.table == table && parked.column == column;
    });
    return found == kept_.end() ? nullptr : &*found;
  }

  void restore_table(const CreateTable& create, const Parked& kept) {
    Table table = create.table;
    const auto keys = std::exchange(table.foreign_keys, {});
    std::vector<Column> columns;
    std::vector<std::string> values;
    const Table& whole = *before_.find_table(kept.table);
    for (const Column& column : table.columns) {
      const Column* known = whole.find_column(column.name);
      if (known == nullptr || known->generated) continue;
      columns.push_back(*known);
      values.push_back(value_text(*known, "", dialect_));
    }
    changes_.emplace_back(CreateTable{table});
    changes_.push_back(statement(fmt::format(
        "INSERT INTO {} ({}) SELECT {} FROM {}", dialect_.quote(table.name),
        names_text(columns, dialect_), join(values, ", "), dialect_.quote(kept.kept_in))));
    for (const ForeignKey& key : keys) changes_.emplace_back(AddForeignKey{table.name, key});
  }

  /// Putting a value back is no change of the row: what moves with each change rests meanwhile.
  void restore_column(const AddColumn& add, const Parked& kept) {
    const Table& table = *before_.find_table(kept.table);
    std::vector<Column> moving;
    std::ranges::copy_if(table.columns, std::back_inserter(moving), [&](const Column& column) {
      return column.on_update_now && column.name != kept.column;
    });
    for (Column column : moving) {
      column.on_update_now = false;
      changes_.emplace_back(AlterColumn{table.name, column});
    }
    AddColumn room = add;
    const bool needs_value =
        !add.column.nullable && !add.column.default_value && !add.column.auto_increment;
    room.column.nullable = add.column.nullable || needs_value;
    room.column.on_update_now = false;
    changes_.emplace_back(room);
    changes_.push_back(statement(update_text(table, kept)));
    if (!(room.column == add.column)) changes_.emplace_back(AlterColumn{table.name, add.column});
    for (const Column& column : moving) changes_.emplace_back(AlterColumn{table.name, column});
  }

  std::string update_text(const Table& table, const Parked& kept) const {
    const std::string rows = dialect_.quote(table.name);
    std::vector<std::string> same;
    for (const std::string& key : table.primary_key->columns) {
      same.push_back(fmt::format("k.{0} = {1}.{0}", dialect_.quote(key), rows));
    }
    const std::string from =
        fmt::format("FROM {} k WHERE {}", dialect_.quote(kept.kept_in), join(same, " AND "));
    const Column& column = *table.find_column(kept.column);
    return fmt::format("UPDATE {} SET {} = (SELECT {} {}) WHERE EXISTS (SELECT 1 {})", rows,
                       dialect_.quote(kept.column), value_text(column, "k.", dialect_), from, from);
  }

  const std::vector<Parked>& kept_;
  const Schema& before_;
  const dialect::Dialect& dialect_;
  std::vector<Change> changes_;
};

}  // namespace

std::vector<Parked> dropped_by(const Revision& revision, const Schema& before) {
  std::vector<Parked> dropped;
  std::vector<std::pair<std::string, std::string>> own;  // What the revision itself creates.
  const auto add = [&](const std::string& table, const std::string& column) {
    const auto is_own = [&](const auto& each) {
      return each.first == table && (each.second.empty() || each.second == column);
    };
    if (std::ranges::any_of(own, is_own)) return;
    const Table* found = before.find_table(table);
    const Column* known = found == nullptr ? nullptr : found->find_column(column);
    if (known != nullptr && known->generated) return;
    dropped.push_back({table, column, name_of(revision, table, column)});
  };
  for (const Change& change : revision.upgrade) {
    if (const auto* create = std::get_if<CreateTable>(&change))
      own.push_back({create->table.name, ""});
    if (const auto* made = std::get_if<AddColumn>(&change)) {
      own.push_back({made->table, made->column.name});
    }
    if (const auto* drop = std::get_if<DropTable>(&change)) add(drop->table, "");
    if (const auto* drop = std::get_if<DropColumn>(&change)) add(drop->table, drop->column);
  }
  return dropped;
}

void park(Deployment& deployment, const std::vector<Parked>& dropped, const Schema& before) {
  for (const Parked& parked : dropped) kept_columns(parked, before);  // Refused before any is kept.
  std::optional<database::Transaction> transaction;
  if (!deployment.connection().in_transaction()) transaction.emplace(deployment.connection());
  for (const Parked& parked : dropped) park_one(deployment, parked, before);
  if (transaction) transaction->commit();
}

std::vector<Parked> kept_of(const Deployment& deployment, const std::vector<Parked>& dropped) {
  std::set<std::string> places;
  for (const Parked& parked : dropped) places.insert(parked.kept_in);
  if (places.empty()) return {};
  const Schema there = deployment.dialect().inspect_tables(deployment.connection(), places);
  std::vector<Parked> kept;
  std::ranges::copy_if(dropped, std::back_inserter(kept), [&](const Parked& parked) {
    return there.find_table(parked.kept_in) != nullptr;
  });
  return kept;
}

std::vector<Change> with_kept_values(const std::vector<Change>& back,
                                     const std::vector<Parked>& kept, const Schema& before,
                                     const dialect::Dialect& dialect) {
  return kept.empty() ? back : Restorer(kept, before, dialect).run(back);
}

void go_on_counting(Deployment& deployment, const std::vector<Parked>& kept, const Schema& before) {
  database::Connection& connection = deployment.connection();
  for (const Parked& parked : kept) {
    const Table* table = before.find_table(parked.table);
    if (!parked.column.empty() || table == nullptr) continue;
    const auto counted = std::ranges::find_if(table->columns, &Column::auto_increment);
    if (counted == table->columns.end()) continue;
    const dialect::Dialect& dialect = deployment.dialect();
    const auto rows = database::query(
        connection, fmt::format("SELECT MAX({}) FROM {}", dialect.quote(counted->name),
                                dialect.quote(table->name)));
    const std::int64_t next = database::integer_of(rows.front().front()) + 1;
    if (dialect::next_id(connection, *table).value_or(next) < next) {
      dialect::set_next_id(connection, *table, next);
    }
  }
}

void forget(Deployment& deployment, const std::vector<Parked>& kept) {
  for (const Parked& parked : kept) {
    deployment.connection().execute("DROP TABLE IF EXISTS " +
                                    deployment.dialect().quote(parked.kept_in));
    log::info("Brought back the {}", what(parked));
  }
}

}  // namespace parley::migrate
