#include "base/error.h"
#include "base/overloaded.h"
#include "schema/change.h"
#include "schema/fit.h"

namespace parley::schema {
namespace {

Change undo_of(const Execute& change) {
  if (change.undo.empty()) {
    throw Error(ErrorCode::UnsupportedChange, "there is no way back from: " + describe(change),
                "Give the 'execute' change an 'undo', or restore a backup.");
  }
  return Execute{.texts = change.undo, .undo = change.texts};
}

}  // namespace

std::vector<Change> inverse(const Change& change, const Schema& before) {
  require_fit(before, change);
  const auto table = [&](const auto& c) -> const Table& { return *before.find_table(c.table); };
  return {std::visit(
      overloaded{
          [](const CreateTable& c) -> Change { return DropTable{c.table.name}; },
          [&](const DropTable& c) -> Change { return CreateTable{table(c)}; },
          [](const RenameTable& c) -> Change { return RenameTable{c.new_name, c.table}; },
          [](const AddColumn& c) -> Change { return DropColumn{c.table, c.column.name}; },
          // The column comes back behind the others: no engine but MySQL can put it where it was.
          [&](const DropColumn& c) -> Change {
            return AddColumn{c.table, *table(c).find_column(c.column)};
          },
          [&](const AlterColumn& c) -> Change {
            return AlterColumn{c.table, *table(c).find_column(c.column.name)};
          },
          [](const RenameColumn& c) -> Change {
            return RenameColumn{c.table, c.new_name, c.column};
          },
          [](const CreateIndex& c) -> Change { return DropIndex{c.table, c.index.name}; },
          [&](const DropIndex& c) -> Change {
            return CreateIndex{c.table, *table(c).find_index(c.index)};
          },
          [](const AddPrimaryKey& c) -> Change { return DropPrimaryKey{c.table}; },
          [&](const DropPrimaryKey& c) -> Change {
            return AddPrimaryKey{c.table, *table(c).primary_key};
          },
          [](const AddUnique& c) -> Change { return DropUnique{c.table, c.unique}; },
          [&](const DropUnique& c) -> Change {
            return AddUnique{c.table, *find_unique(table(c), c.unique)};
          },
          [](const AddCheck& c) -> Change { return DropCheck{c.table, c.check.name}; },
          [&](const DropCheck& c) -> Change {
            return AddCheck{c.table, *find_check(table(c), c.check)};
          },
          [](const AddForeignKey& c) -> Change { return DropForeignKey{c.table, c.foreign_key}; },
          [&](const DropForeignKey& c) -> Change {
            return AddForeignKey{c.table, *find_foreign_key(table(c), c.foreign_key)};
          },
          [](const Execute& c) -> Change { return undo_of(c); },
      },
      change)};
}

}  // namespace parley::schema
