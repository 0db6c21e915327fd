#include "base/error.h"
#include "base/overloaded.h"
#include "schema/change.h"
#include "schema/fit.h"

namespace parley::schema {
namespace {

using Changes = std::vector<Change>;

/// The way back through `changes` from the state behind them, last first.
std::vector<AnyChange> inverse_of_all(const std::vector<AnyChange>& changes, Schema state) {
  std::vector<AnyChange> back;
  for (const AnyChange& each : changes) {
    Changes undo = inverse(each.change, state);
    apply(state, each.change);
    for (auto at = undo.rbegin(); at != undo.rend(); ++at) {
      back.insert(back.begin(), AnyChange{std::move(*at)});
    }
  }
  return back;
}

Change undo_of(const Execute& change, const Schema& before) {
  if (change.undo.empty()) {
    throw Error(ErrorCode::UnsupportedChange, "there is no way back from: " + describe(change),
                "Give the 'execute' change an 'undo', or restore a backup.");
  }
  return Execute{.texts = change.undo,
                 .undo = change.texts,
                 .stands_for = inverse_of_all(change.stands_for, before)};
}

/// Its triggers went with the table or view.
Changes with_triggers(Change created, const Schema& before, const std::string& owner) {
  Changes changes = {std::move(created)};
  for (const Trigger& trigger : before.triggers) {
    if (trigger.table == owner) changes.emplace_back(CreateTrigger{trigger});
  }
  return changes;
}

/// Rows that were mapped to another value keep that one: nobody knows any more which they were.
Change undo_of(const AlterEnum& change, const Schema& before) {
  AlterEnum back{*before.find_enum(change.enumeration.name), {}, {}};
  for (const ValueMapping& each : change.renamed) back.renamed.push_back({each.to, each.from});
  return back;
}

/// A check that is added needs a name, one that came with its table may lack it.
Check check_with_name(Check check, const std::string& table) {
  if (check.name.empty()) check.name = "ck_" + table;
  return check;
}

Change undo_of(const SetComment& change, const Table& before) {
  const std::string& comment =
      change.column.empty() ? before.comment : before.find_column(change.column)->comment;
  return SetComment{change.table, change.column, comment};
}

}  // namespace

std::vector<Change> inverse(const Change& change, const Schema& before) {
  require_fit(before, change);
  const auto table = [&](const auto& c) -> const Table& { return *before.find_table(c.table); };
  const auto only = [](Change back) { return Changes{std::move(back)}; };
  return std::visit(
      overloaded{
          [&](const CreateTable& c) { return only(DropTable{c.table.name}); },
          [&](const DropTable& c) { return with_triggers(CreateTable{table(c)}, before, c.table); },
          [&](const RenameTable& c) { return only(RenameTable{c.new_name, c.table}); },
          [&](const AddColumn& c) { return only(DropColumn{c.table, c.column.name}); },
          // The column comes back behind the others: no engine but MySQL can put it where it was.
          [&](const DropColumn& c) {
            return only(AddColumn{c.table, *table(c).find_column(c.column)});
          },
          [&](const AlterColumn& c) {
            return only(AlterColumn{c.table, *table(c).find_column(c.column.name)});
          },
          [&](const RenameColumn& c) { return only(RenameColumn{c.table, c.new_name, c.column}); },
          [&](const CreateIndex& c) { return only(DropIndex{c.table, c.index.name}); },
          [&](const DropIndex& c) {
            return only(CreateIndex{c.table, *table(c).find_index(c.index)});
          },
          [&](const AddPrimaryKey& c) { return only(DropPrimaryKey{c.table}); },
          [&](const DropPrimaryKey& c) {
            return only(AddPrimaryKey{c.table, *table(c).primary_key});
          },
          [&](const AddUnique& c) { return only(DropUnique{c.table, c.unique}); },
          [&](const DropUnique& c) {
            return only(AddUnique{c.table, *find_unique(table(c), c.unique)});
          },
          [&](const AddCheck& c) { return only(DropCheck{c.table, c.check.name, ""}); },
          [&](const DropCheck& c) {
            return only(AddCheck{c.table, check_with_name(*find_check(table(c), c), c.table)});
          },
          [&](const AddForeignKey& c) { return only(DropForeignKey{c.table, c.foreign_key}); },
          [&](const DropForeignKey& c) {
            return only(AddForeignKey{c.table, *find_foreign_key(table(c), c.foreign_key)});
          },
          [&](const Execute& c) { return only(undo_of(c, before)); },
          [&](const RenameIndex& c) { return only(RenameIndex{c.table, c.new_name, c.index}); },
          [&](const CreateView& c) { return only(DropView{c.view.name}); },
          [&](const DropView& c) {
            return with_triggers(CreateView{*before.find_view(c.view)}, before, c.view);
          },
          [&](const ReplaceView& c) { return only(ReplaceView{*before.find_view(c.view.name)}); },
          [&](const CreateTrigger& c) {
            return only(DropTrigger{c.trigger.table, c.trigger.name});
          },
          [&](const DropTrigger& c) {
            return only(CreateTrigger{*before.find_trigger(c.table, c.trigger)});
          },
          [&](const ReplaceTrigger& c) {
            return only(ReplaceTrigger{*before.find_trigger(c.trigger.table, c.trigger.name)});
          },
          [&](const CreateEnum& c) { return only(DropEnum{c.enumeration.name}); },
          [&](const AlterEnum& c) { return only(undo_of(c, before)); },
          [&](const DropEnum& c) { return only(CreateEnum{*before.find_enum(c.enumeration)}); },
          [&](const SetComment& c) { return only(undo_of(c, table(c))); },
          [&](const SetTableOptions& c) {
            return only(SetTableOptions{c.table, table(c).is_strict, table(c).is_without_rowid});
          },
          // The values stay: what they replaced is not known any more.
          [](const Backfill&) { return Changes{}; },
      },
      change);
}

}  // namespace parley::schema
