#include "migrate/touched.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/overloaded.h"
#include "base/text.h"

namespace parley::migrate {
namespace {

using Objects = std::vector<Object>;

Object table(const std::string& name) { return {"table " + name, ""}; }
Object column(const std::string& owner, const std::string& name) {
  return {"table " + owner, "column " + name};
}
Object index(const std::string& name) { return {"index " + name, ""}; }
Object view(const std::string& name) { return {"view " + name, ""}; }
Object enumeration(const std::string& name) { return {"enum " + name, ""}; }

Object part(const std::string& owner, std::string_view kind, const std::string& name) {
  return {"table " + owner, name.empty() ? std::string(kind) : fmt::format("{} {}", kind, name)};
}
/// That the table is there, whatever becomes of its parts.
Object existence(const std::string& owner) { return {"table " + owner, "name"}; }

Object constraint(const std::string& owner, std::string_view kind, const std::string& name,
                  const std::vector<std::string>& columns) {
  return part(owner, kind, name.empty() ? "(" + join(columns, ", ") + ")" : name);
}

void add_columns(Objects& objects, const std::string& owner,
                 const std::vector<std::string>& columns) {
  for (const std::string& name : columns) objects.push_back(column(owner, name));
}

/// What a foreign key of `owner` relies on besides its own columns.
void add_referenced(Objects& objects, const schema::ForeignKey& key) {
  objects.push_back(existence(key.referenced_table));
  add_columns(objects, key.referenced_table, key.referenced_columns);
}

void add_type(Objects& objects, const schema::Column& of) {
  if (of.type.kind == schema::TypeKind::Enum) objects.push_back(enumeration(of.type.native));
}

Touched of(const schema::CreateTable& change) {
  Touched touched{.writes = {table(change.table.name)}};
  for (const schema::Column& each : change.table.columns) add_type(touched.relies_on, each);
  for (const schema::ForeignKey& key : change.table.foreign_keys) {
    add_referenced(touched.relies_on, key);
  }
  for (const schema::Index& each : change.table.indexes) touched.writes.push_back(index(each.name));
  return touched;
}
Touched of(const schema::DropTable& change) { return {.writes = {table(change.table)}}; }
Touched of(const schema::RenameTable& change) {
  return {.writes = {table(change.table), table(change.new_name)}};
}

Touched of_column(const std::string& owner, const schema::Column& of) {
  Touched touched{.writes = {column(owner, of.name)}, .relies_on = {existence(owner)}};
  add_type(touched.relies_on, of);
  return touched;
}
Touched of(const schema::AddColumn& change) { return of_column(change.table, change.column); }
Touched of(const schema::AlterColumn& change) { return of_column(change.table, change.column); }
Touched of(const schema::DropColumn& change) {
  return {.writes = {column(change.table, change.column)}};
}
Touched of(const schema::RenameColumn& change) {
  return {.writes = {column(change.table, change.column), column(change.table, change.new_name)}};
}

Touched of(const schema::CreateIndex& change) {
  Touched touched{.writes = {index(change.index.name)}, .relies_on = {existence(change.table)}};
  for (const schema::IndexPart& each : change.index.parts) {
    if (!each.column.empty()) touched.relies_on.push_back(column(change.table, each.column));
  }
  add_columns(touched.relies_on, change.table, change.index.include);
  return touched;
}
Touched of(const schema::DropIndex& change) {
  return {.writes = {index(change.index)}, .relies_on = {existence(change.table)}};
}
Touched of(const schema::RenameIndex& change) {
  return {.writes = {index(change.index), index(change.new_name)},
          .relies_on = {existence(change.table)}};
}

Touched of(const schema::AddPrimaryKey& change) {
  Touched touched{.writes = {part(change.table, "primary key", "")}};
  add_columns(touched.relies_on, change.table, change.primary_key.columns);
  return touched;
}
Touched of(const schema::DropPrimaryKey& change) {
  return {.writes = {part(change.table, "primary key", "")}};
}
Touched of(const schema::AddUnique& change) {
  Touched touched{
      .writes = {constraint(change.table, "unique", change.unique.name, change.unique.columns)}};
  add_columns(touched.relies_on, change.table, change.unique.columns);
  return touched;
}
Touched of(const schema::DropUnique& change) {
  return {
      .writes = {constraint(change.table, "unique", change.unique.name, change.unique.columns)}};
}
Touched of(const schema::AddCheck& change) {
  return {
      .writes = {constraint(change.table, "check", change.check.name, {change.check.expression})},
      .relies_on = {existence(change.table)}};
}
Touched of(const schema::DropCheck& change) {
  return {.writes = {part(change.table, "check", change.check)}};
}
Touched of(const schema::AddForeignKey& change) {
  const schema::ForeignKey& key = change.foreign_key;
  Touched touched{.writes = {constraint(change.table, "foreign key", key.name, key.columns)}};
  add_columns(touched.relies_on, change.table, key.columns);
  add_referenced(touched.relies_on, key);
  return touched;
}
Touched of(const schema::DropForeignKey& change) {
  const schema::ForeignKey& key = change.foreign_key;
  return {.writes = {constraint(change.table, "foreign key", key.name, key.columns)}};
}

Touched of(const schema::CreateView& change) { return {.writes = {view(change.view.name)}}; }
Touched of(const schema::DropView& change) { return {.writes = {view(change.view)}}; }
Touched of(const schema::ReplaceView& change) { return {.writes = {view(change.view.name)}}; }

Touched of_trigger(const std::string& owner, const std::string& name) {
  return {.writes = {part(owner, "trigger", name)}, .relies_on = {existence(owner), view(owner)}};
}
Touched of(const schema::CreateTrigger& change) {
  return of_trigger(change.trigger.table, change.trigger.name);
}
Touched of(const schema::DropTrigger& change) { return of_trigger(change.table, change.trigger); }
Touched of(const schema::ReplaceTrigger& change) {
  return of_trigger(change.trigger.table, change.trigger.name);
}

Touched of(const schema::CreateEnum& change) {
  return {.writes = {enumeration(change.enumeration.name)}};
}
Touched of(const schema::AlterEnum& change) {
  return {.writes = {enumeration(change.enumeration.name)}};
}
Touched of(const schema::DropEnum& change) { return {.writes = {enumeration(change.enumeration)}}; }

Touched of(const schema::SetComment& change) {
  return {.writes = {change.column.empty() ? part(change.table, "comment", "")
                                           : column(change.table, change.column)},
          .relies_on = {existence(change.table)}};
}
Touched of(const schema::SetTableOptions& change) {
  return {.writes = {part(change.table, "options", "")}, .relies_on = {existence(change.table)}};
}
Touched of(const schema::Backfill& change) {
  Touched touched{.relies_on = {existence(change.table)}};
  for (const schema::Assignment& each : change.set) {
    touched.writes.push_back(column(change.table, each.column));
  }
  return touched;
}
/// What it stands for is what it does to the schema; without that it may do anything.
Touched of(const schema::Execute& change) {
  if (change.stands_for.empty()) return {.writes = {Object{}}};
  Touched all;
  for (const schema::AnyChange& each : change.stands_for) {
    Touched touched = touched_by(each.change);
    std::ranges::move(touched.writes, std::back_inserter(all.writes));
    std::ranges::move(touched.relies_on, std::back_inserter(all.relies_on));
  }
  return all;
}

}  // namespace

bool overlap(const Object& a, const Object& b) {
  if (a.owner.empty() || b.owner.empty()) return true;
  return a.owner == b.owner && (a.part.empty() || b.part.empty() || a.part == b.part);
}

std::string name_of(const Object& object) {
  if (object.owner.empty()) return "everything (SQL that is not looked into)";
  if (object.part.empty() || object.part == "name") return object.owner;
  const std::string owner = object.owner.substr(object.owner.find(' ') + 1);
  constexpr std::string_view kColumn = "column ";
  if (object.part.starts_with(kColumn)) {
    return fmt::format("column {}.{}", owner, object.part.substr(kColumn.size()));
  }
  return fmt::format("{} of {}", object.part, owner);
}

Touched touched_by(const schema::Change& change) {
  return std::visit([](const auto& one) { return of(one); }, change);
}

}  // namespace parley::migrate
