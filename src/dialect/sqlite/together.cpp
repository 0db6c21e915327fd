#include <algorithm>
#include <set>

#include "base/overloaded.h"
#include "dialect/sqlite/rebuild.h"
#include "dialect/sqlite/refusals.h"
#include "dialect/sqlite/sqlite_dialect.h"

namespace parley::dialect {
namespace {

using schema::Change;
using schema::Schema;

/// True for a change of one table that is wholly told by the table before and after it.
bool is_of_one_table(const Change& change) {
  const auto yes = [](const auto&) { return true; };
  const auto no = [](const auto&) { return false; };
  return std::visit(overloaded{
                        [&](const schema::AddColumn& c) { return yes(c); },
                        [&](const schema::DropColumn& c) { return yes(c); },
                        [&](const schema::AlterColumn& c) { return yes(c); },
                        [&](const schema::CreateIndex& c) { return yes(c); },
                        [&](const schema::DropIndex& c) { return yes(c); },
                        [&](const schema::RenameIndex& c) { return yes(c); },
                        [&](const schema::AddPrimaryKey& c) { return yes(c); },
                        [&](const schema::DropPrimaryKey& c) { return yes(c); },
                        [&](const schema::AddUnique& c) { return yes(c); },
                        [&](const schema::DropUnique& c) { return yes(c); },
                        [&](const schema::AddCheck& c) { return yes(c); },
                        [&](const schema::DropCheck& c) { return yes(c); },
                        [&](const schema::AddForeignKey& c) { return yes(c); },
                        [&](const schema::DropForeignKey& c) { return yes(c); },
                        [&](const schema::SetComment& c) { return yes(c); },
                        [&](const schema::SetTableOptions& c) { return yes(c); },
                        [&](const schema::CreateTable& c) { return no(c); },
                        [&](const schema::DropTable& c) { return no(c); },
                        [&](const schema::RenameTable& c) { return no(c); },
                        // The copy finds the columns by their names.
                        [&](const schema::RenameColumn& c) { return no(c); },
                        [&](const schema::CreateView& c) { return no(c); },
                        [&](const schema::DropView& c) { return no(c); },
                        [&](const schema::ReplaceView& c) { return no(c); },
                        [&](const schema::CreateTrigger& c) { return no(c); },
                        [&](const schema::DropTrigger& c) { return no(c); },
                        [&](const schema::ReplaceTrigger& c) { return no(c); },
                        [&](const schema::CreateEnum& c) { return no(c); },
                        [&](const schema::AlterEnum& c) { return no(c); },
                        [&](const schema::DropEnum& c) { return no(c); },
                        [&](const schema::Backfill& c) { return no(c); },
                        [&](const schema::Execute& c) { return no(c); },
                    },
                    change);
}

/// A column that goes and comes again under its name is another one: it must not get the values of
/// the first.
bool uses_name_again(std::set<std::string>& seen, const Change& change) {
  if (const auto* add = std::get_if<schema::AddColumn>(&change)) {
    return !seen.insert(add->column.name).second;
  }
  if (const auto* drop = std::get_if<schema::DropColumn>(&change)) {
    return !seen.insert(drop->column).second;
  }
  return false;
}

}  // namespace

std::size_t SqliteDialect::done_together(std::span<const Change> changes,
                                         const Schema& before) const {
  std::set<std::string> seen;
  std::size_t count = 0;
  while (count < changes.size() && is_of_one_table(changes[count]) &&
         schema::table_of(changes[count]) == schema::table_of(changes.front()) &&
         !uses_name_again(seen, changes[count])) {
    ++count;
  }
  if (count < 2) return 1;
  Schema state = before;
  int rebuilds = 0;
  for (const Change& change : changes.first(count)) {
    rebuilds += rebuilt_tables(change, state).empty() ? 0 : 1;
    schema::apply(state, change);
  }
  return rebuilds < 2 ? 1 : count;
}

std::vector<std::string> SqliteDialect::render_together(std::span<const Change> changes,
                                                        const Schema& before) const {
  Schema state = before;
  for (const Change& change : changes) {
    refuse_what_sqlite_cannot(change, state);
    schema::apply(state, change);
  }
  return sqlite_rebuild(before, state, schema::table_of(changes.front()));
}

}  // namespace parley::dialect
