#include "dialect/impact.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/overloaded.h"
#include "base/text.h"

namespace parley::dialect {
namespace {

using namespace schema;

constexpr const char* kNobody = "nobody";
constexpr const char* kWriters = "writers";
constexpr const char* kAll = "readers and writers";

const Column* old_column(const Schema& before, const std::string& table,
                         const std::string& column) {
  const Table* found = before.find_table(table);
  return found == nullptr ? nullptr : found->find_column(column);
}

bool mentions(const std::vector<std::string>& statements, std::string_view words) {
  return std::ranges::any_of(statements, [&](const std::string& statement) {
    return upper(statement).find(words) != std::string::npos;
  });
}

/// What every engine has to do with the rows, whatever it locks.
RowWork row_work(const Change& change, const Schema& before) {
  return std::visit(
      overloaded{
          [](const CreateTable&) { return RowWork::None; },
          [](const DropTable&) { return RowWork::Rewrites; },
          [](const RenameTable&) { return RowWork::None; },
          [](const AddColumn& c) {
            const bool is_computed = c.column.generated && c.column.generated->is_stored;
            return is_computed || c.column.auto_increment ? RowWork::Rewrites : RowWork::None;
          },
          [](const DropColumn&) { return RowWork::None; },
          [&](const AlterColumn& c) {
            const Column* old = old_column(before, c.table, c.column.name);
            if (old == nullptr) return RowWork::None;
            if (old->type != c.column.type || old->generated != c.column.generated ||
                old->collation != c.column.collation) {
              return RowWork::Rewrites;
            }
            return old->nullable && !c.column.nullable ? RowWork::Reads : RowWork::None;
          },
          [](const RenameColumn&) { return RowWork::None; },
          [](const CreateIndex&) { return RowWork::Reads; },
          [](const DropIndex&) { return RowWork::None; },
          [](const RenameIndex&) { return RowWork::None; },
          [](const AddPrimaryKey&) { return RowWork::Reads; },
          [](const DropPrimaryKey&) { return RowWork::None; },
          [](const AddUnique&) { return RowWork::Reads; },
          [](const DropUnique&) { return RowWork::None; },
          [](const AddCheck&) { return RowWork::Reads; },
          [](const DropCheck&) { return RowWork::None; },
          [](const AddForeignKey&) { return RowWork::Reads; },
          [](const DropForeignKey&) { return RowWork::None; },
          [](const CreateView&) { return RowWork::None; },
          [](const DropView&) { return RowWork::None; },
          [](const ReplaceView&) { return RowWork::None; },
          [](const CreateTrigger&) { return RowWork::None; },
          [](const DropTrigger&) { return RowWork::None; },
          [](const ReplaceTrigger&) { return RowWork::None; },
          [](const CreateEnum&) { return RowWork::None; },
          [](const AlterEnum&) { return RowWork::None; },
          [](const DropEnum&) { return RowWork::None; },
          [](const SetComment&) { return RowWork::None; },
          [](const SetTableOptions&) { return RowWork::Rewrites; },
          [](const Backfill&) { return RowWork::Rewrites; },
          [](const Execute&) { return RowWork::None; },
      },
      change);
}

// ---- PostgreSQL: manual, section 13.3.1, and the notes of each command. ----

Impact postgresql_impact(const Change& change, const Schema& before,
                         const std::vector<std::string>& statements) {
  const RowWork rows = row_work(change, before);
  const std::string table = table_of(change);
  const auto exclusive = [&] { return Impact{"ACCESS EXCLUSIVE on " + table, kAll, rows}; };
  const auto none = [&] { return Impact{"none", kNobody, rows}; };
  return std::visit(
      overloaded{
          [&](const CreateTable& c) {
            if (c.table.foreign_keys.empty()) return none();
            return Impact{"SHARE ROW EXCLUSIVE on " + c.table.foreign_keys[0].referenced_table,
                          kWriters, rows};
          },
          [&](const DropTable&) { return exclusive(); },
          [&](const RenameTable&) { return exclusive(); },
          [&](const AddColumn&) { return exclusive(); },
          [&](const DropColumn&) { return exclusive(); },
          [&](const AlterColumn&) { return exclusive(); },
          [&](const RenameColumn&) { return exclusive(); },
          [&](const CreateIndex&) {
            if (mentions(statements, "CONCURRENTLY")) {
              return Impact{"SHARE UPDATE EXCLUSIVE on " + table, kNobody, rows};
            }
            return Impact{"SHARE on " + table, kWriters, rows};
          },
          [&](const DropIndex&) { return exclusive(); },
          [&](const RenameIndex& c) {
            return Impact{"SHARE UPDATE EXCLUSIVE on " + c.index, kNobody, rows};
          },
          [&](const AddPrimaryKey&) { return exclusive(); },
          [&](const DropPrimaryKey&) { return exclusive(); },
          [&](const AddUnique&) { return exclusive(); },
          [&](const DropUnique&) { return exclusive(); },
          [&](const AddCheck&) { return exclusive(); },
          [&](const DropCheck&) { return exclusive(); },
          [&](const AddForeignKey& c) {
            return Impact{fmt::format("SHARE ROW EXCLUSIVE on {} and {}", table,
                                      c.foreign_key.referenced_table),
                          kWriters, rows};
          },
          [&](const DropForeignKey& c) {
            return Impact{
                fmt::format("ACCESS EXCLUSIVE on {} and {}", table, c.foreign_key.referenced_table),
                kAll, rows};
          },
          [&](const CreateView&) { return none(); },
          [&](const DropView&) { return exclusive(); },
          [&](const ReplaceView&) { return exclusive(); },
          [&](const CreateTrigger&) {
            return Impact{"SHARE ROW EXCLUSIVE on " + table, kWriters, rows};
          },
          [&](const DropTrigger&) { return exclusive(); },
          [&](const ReplaceTrigger&) { return exclusive(); },
          [&](const CreateEnum&) { return none(); },
          [&](const AlterEnum&) {
            const bool only_adds = !mentions(statements, "ALTER TABLE");
            if (only_adds) return none();
            return Impact{"ACCESS EXCLUSIVE on every table with a column of it", kAll,
                          RowWork::Rewrites};
          },
          [&](const DropEnum&) { return none(); },
          [&](const SetComment&) {
            return Impact{"SHARE UPDATE EXCLUSIVE on " + table, kNobody, rows};
          },
          [&](const SetTableOptions&) { return none(); },
          [&](const Backfill&) {
            return Impact{"row locks on " + table + ", a batch at a time",
                          "writers of the same rows", rows};
          },
          [&](const Execute&) { return Impact{"what its SQL takes", "not known", rows}; },
      },
      change);
}

// ---- SQLite: one writer at a time; a change that ALTER TABLE cannot do copies the table. ----

Impact sqlite_impact(const Change& change, const Schema& before,
                     const std::vector<std::string>& statements) {
  const bool is_rebuild =
      mentions(statements, "INSERT INTO") && !std::holds_alternative<Backfill>(change);
  RowWork rows = row_work(change, before);
  if (is_rebuild || std::holds_alternative<DropColumn>(change)) rows = RowWork::Rewrites;
  return {"the database's write lock", "other writers", rows};
}

// ---- MySQL and MariaDB: metadata lock; what may go on meanwhile depends on the algorithm. ----

Impact mysql_impact(const Change& change, const Schema& before,
                    const std::vector<std::string>& statements) {
  const RowWork rows = row_work(change, before);
  const std::string lock = "metadata lock on " + table_of(change);
  if (std::holds_alternative<CreateTable>(change) || std::holds_alternative<CreateView>(change) ||
      std::holds_alternative<CreateEnum>(change) || std::holds_alternative<DropEnum>(change)) {
    return {"none", kNobody, rows};
  }
  if (std::holds_alternative<Execute>(change)) return {"what its SQL takes", "not known", rows};
  if (std::holds_alternative<Backfill>(change)) {
    return {"row locks, a batch at a time", "writers of the same rows", rows};
  }
  if (mentions(statements, "ALGORITHM=INSTANT")) return {lock, kNobody, RowWork::None};
  if (mentions(statements, "LOCK=NONE")) return {lock, kNobody, rows};
  // Building an index goes on beside writers; a copy of the table does not.
  if (rows == RowWork::Rewrites && !std::holds_alternative<DropTable>(change)) {
    return {lock, kWriters, rows};
  }
  if (std::holds_alternative<AddForeignKey>(change) || std::holds_alternative<AddCheck>(change)) {
    return {lock, kWriters, rows};
  }
  return {lock, "nobody for long", rows};
}

}  // namespace

Impact impact_of(const Change& change, const Schema& before,
                 const std::vector<std::string>& statements, const Dialect& dialect) {
  const std::string& name = dialect.capabilities().name;
  if (name == "sqlite") return sqlite_impact(change, before, statements);
  if (name == "postgresql") return postgresql_impact(change, before, statements);
  return mysql_impact(change, before, statements);
}

}  // namespace parley::dialect
