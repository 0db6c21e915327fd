#include "migrate/scope.h"

#include <algorithm>

#include "base/overloaded.h"

namespace parley::migrate {
namespace {

using namespace schema;
using Names = std::set<std::string>;

/// The tables that a change alters, and those it only refers to.
struct Named {
  Names touched;
  Names referenced;
};

void add_referenced(Named& named, const Table& table) {
  for (const ForeignKey& key : table.foreign_keys) named.referenced.insert(key.referenced_table);
}

/// Adds what `change` names; false when that does not say what it touches.
bool add_named(Named& named, const Change& change) {
  const auto touch = [&](const std::string& table) { return named.touched.insert(table), true; };
  return std::visit(
      overloaded{[&](const CreateTable& c) {
                   add_referenced(named, c.table);
                   return touch(c.table.name);
                 },
                 [&](const DropTable& c) { return touch(c.table); },
                 [&](const RenameTable& c) { return touch(c.table) && touch(c.new_name); },
                 [&](const AddColumn& c) { return touch(c.table); },
                 [&](const DropColumn& c) { return touch(c.table); },
                 [&](const AlterColumn& c) { return touch(c.table); },
                 [&](const RenameColumn& c) { return touch(c.table); },
                 [&](const CreateIndex& c) { return touch(c.table); },
                 [&](const DropIndex& c) { return touch(c.table); },
                 [&](const RenameIndex& c) { return touch(c.table); },
                 [&](const AddPrimaryKey& c) { return touch(c.table); },
                 [&](const DropPrimaryKey& c) { return touch(c.table); },
                 [&](const AddUnique& c) { return touch(c.table); },
                 [&](const DropUnique& c) { return touch(c.table); },
                 [&](const AddCheck& c) { return touch(c.table); },
                 [&](const DropCheck& c) { return touch(c.table); },
                 [&](const AddForeignKey& c) {
                   named.referenced.insert(c.foreign_key.referenced_table);
                   return touch(c.table);
                 },
                 [&](const DropForeignKey& c) { return touch(c.table); },
                 [&](const SetComment& c) { return touch(c.table); },
                 [&](const SetTableOptions& c) { return touch(c.table); },
                 [&](const Backfill& c) { return touch(c.table); },
                 [](const CreateView&) { return false; },
                 [](const DropView&) { return false; },
                 [](const ReplaceView&) { return false; },
                 [](const CreateTrigger&) { return false; },
                 [](const DropTrigger&) { return false; },
                 [](const ReplaceTrigger&) { return false; },
                 [](const CreateEnum&) { return false; },
                 [](const AlterEnum&) { return false; },
                 [](const DropEnum&) { return false; },
                 [](const Execute&) { return false; }},
      change);
}

/// True for what leaves views and triggers alone, whatever they say.
bool only_adds(const Change& change) {
  return std::holds_alternative<CreateTable>(change) || std::holds_alternative<AddColumn>(change) ||
         std::holds_alternative<CreateIndex>(change) || std::holds_alternative<Backfill>(change);
}

/// Adds the tables of `schema` that a foreign key ties to the touched ones, in either direction.
void add_neighbours(Named& named, const Schema& schema) {
  for (const Table& table : schema.tables) {
    if (named.touched.contains(table.name)) add_referenced(named, table);
    const bool refers = std::ranges::any_of(table.foreign_keys, [&](const ForeignKey& key) {
      return named.touched.contains(key.referenced_table);
    });
    if (refers) named.referenced.insert(table.name);
  }
}

}  // namespace

Scope scope_of(const std::vector<Change>& changes, const Schema& before) {
  Named named;
  const bool may_be_mentioned = !before.views.empty() || !before.triggers.empty();
  for (const Change& change : changes) {
    if (may_be_mentioned && !only_adds(change)) return std::nullopt;
    if (!add_named(named, change)) return std::nullopt;
  }
  add_neighbours(named, before);
  named.touched.merge(named.referenced);
  return named.touched;
}

Schema part_of(const Schema& schema, const Scope& scope) {
  if (!scope) return schema;
  Schema part{.views = schema.views, .triggers = schema.triggers, .enums = schema.enums};
  for (const Table& table : schema.tables) {
    if (scope->contains(table.name)) part.tables.push_back(table);
  }
  return part;
}

Schema with_hidden(Schema shown, const Schema& known) {
  for (const Enum& each : known.enums) {
    if (shown.find_enum(each.name) == nullptr) shown.enums.push_back(each);
  }
  for (const View& each : known.views) {
    if (shown.find_view(each.name) == nullptr) shown.views.push_back(each);
  }
  for (const Trigger& each : known.triggers) {
    if (shown.find_trigger(each.table, each.name) == nullptr) shown.triggers.push_back(each);
  }
  return shown;
}

void replace_part(Schema& schema, const Scope& scope, const Schema& part) {
  if (!scope) {
    schema = part;
    return;
  }
  std::erase_if(schema.tables, [&](const Table& table) { return scope->contains(table.name); });
  schema.tables.insert(schema.tables.end(), part.tables.begin(), part.tables.end());
}

}  // namespace parley::migrate
