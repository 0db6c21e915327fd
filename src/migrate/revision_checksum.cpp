// The checksum of a revision: a canonical text of what it applies, hashed.

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/overloaded.h"
#include "base/text.h"
#include "migrate/revision.h"

namespace parley::migrate {
namespace {

using schema::ReferenceAction;
using schema::TypeKind;

// These words are part of every checksum ever stored: they are never changed, whatever happens to
// the words of the file or the names in the code. That is why they are not shared with either.

std::string_view type_word(TypeKind kind) {
  switch (kind) {
    case TypeKind::Boolean: return "boolean";
    case TypeKind::SmallInteger: return "smallint";
    case TypeKind::Integer: return "integer";
    case TypeKind::BigInteger: return "bigint";
    case TypeKind::Float: return "float";
    case TypeKind::Double: return "double";
    case TypeKind::Decimal: return "decimal";
    case TypeKind::String: return "string";
    case TypeKind::Char: return "char";
    case TypeKind::Text: return "text";
    case TypeKind::Binary: return "binary";
    case TypeKind::Date: return "date";
    case TypeKind::Time: return "time";
    case TypeKind::DateTime: return "datetime";
    case TypeKind::Json: return "json";
    case TypeKind::Uuid: return "uuid";
    case TypeKind::Enum: return "enum";
    case TypeKind::Native: return "native";
  }
  return {};
}

std::string_view action_word(ReferenceAction action) {
  switch (action) {
    case ReferenceAction::NoAction: return "";
    case ReferenceAction::Restrict: return "restrict";
    case ReferenceAction::Cascade: return "cascade";
    case ReferenceAction::SetNull: return "set null";
    case ReferenceAction::SetDefault: return "set default";
  }
  return {};
}

std::string_view deferral_word(schema::Deferral deferral) {
  switch (deferral) {
    case schema::Deferral::NotDeferrable: return "";
    case schema::Deferral::InitiallyImmediate: return "initially immediate";
    case schema::Deferral::InitiallyDeferred: return "initially deferred";
  }
  return {};
}

std::string_view nulls_word(schema::NullsOrder nulls) {
  switch (nulls) {
    case schema::NullsOrder::Usual: return "";
    case schema::NullsOrder::First: return "first";
    case schema::NullsOrder::Last: return "last";
  }
  return {};
}

std::string_view time_word(schema::TriggerTime time) {
  switch (time) {
    case schema::TriggerTime::Before: return "before";
    case schema::TriggerTime::After: return "after";
    case schema::TriggerTime::InsteadOf: return "instead of";
  }
  return {};
}

/// One line per property, `name length:value`. What is empty or usual is left out, so that a
/// property added to the model later does not change the checksums of revisions that do not use it.
class CanonicalText {
 public:
  CanonicalText() : text_("parley revision 1\n") {}

  const std::string& text() const { return text_; }

  /// Begins something, even when `value` is empty.
  void begin(std::string_view name, std::string_view value) {
    text_ += fmt::format("{} {}:{}\n", name, value.size(), value);
  }
  void put(std::string_view name, std::string_view value) {
    if (!value.empty()) begin(name, value);
  }
  void put_flag(std::string_view name, bool flag) {
    if (flag) begin(name, "yes");
  }
  void put_number(std::string_view name, int number, int usual) {
    if (number != usual) begin(name, std::to_string(number));
  }
  void put_all(std::string_view name, const std::vector<std::string>& values) {
    for (const std::string& value : values) begin(name, value);
  }

 private:
  std::string text_;
};

void put_default(CanonicalText& out, const schema::Default& value) {
  std::visit(overloaded{
                 [&](bool truth) { out.begin("default boolean", truth ? "true" : "false"); },
                 [&](const schema::Number& number) { out.begin("default number", number.digits); },
                 [&](const std::string& text) { out.begin("default text", text); },
                 [&](const schema::CurrentTimestamp&) { out.begin("default now", ""); },
                 [&](const schema::Expression& sql) { out.begin("default expression", sql.sql); },
             },
             value);
}

void put_column(CanonicalText& out, const schema::Column& column) {
  out.begin("column", column.name);
  out.begin("type", type_word(column.type.kind));
  out.put_number("length", column.type.length, 0);
  out.put_number("precision", column.type.precision, -1);
  out.put_number("scale", column.type.scale, 0);
  out.put_flag("with time zone", column.type.with_time_zone);
  out.put("native", column.type.native);
  out.put_flag("null", column.nullable);
  if (column.default_value) put_default(out, *column.default_value);
  out.put_flag("auto increment", column.auto_increment);
  out.put_flag("on update now", column.on_update_now);
  out.put("on update trigger", column.on_update_trigger);
  out.put("collation", column.collation);
  out.put("comment", column.comment);
  if (!column.generated) return;
  out.begin("generated", column.generated->expression);
  out.put_flag("stored", column.generated->is_stored);
}

void put_key(CanonicalText& out, std::string_view kind, const std::string& name,
             const std::vector<std::string>& columns) {
  out.begin(kind, name);
  out.put_all("of", columns);
}

void put_check(CanonicalText& out, const schema::Check& check) {
  out.begin("check", check.name);
  out.put("expression", check.expression);
}

void put_foreign_key(CanonicalText& out, const schema::ForeignKey& key) {
  put_key(out, "foreign key", key.name, key.columns);
  out.put("references", key.referenced_table);
  out.put_all("to", key.referenced_columns);
  out.put("on delete", action_word(key.on_delete));
  out.put("on update", action_word(key.on_update));
  out.put("deferrable", deferral_word(key.deferral));
}

void put_index(CanonicalText& out, const schema::Index& index) {
  out.begin("index", index.name);
  for (const schema::IndexPart& part : index.parts) {
    out.begin(part.descending ? "desc" : "asc", part.column);
    out.put("expression", part.expression);
    out.put_number("prefix", part.prefix_length, 0);
    out.put("collation", part.collation);
    out.put("operator class", part.operator_class);
    out.put("nulls", nulls_word(part.nulls));
  }
  out.put_flag("unique", index.unique);
  out.put("where", index.where);
  out.put("method", index.method);
  out.put_all("include", index.include);
}

void put_table(CanonicalText& out, const schema::Table& table) {
  for (const auto& column : table.columns) put_column(out, column);
  if (table.primary_key)
    put_key(out, "primary key", table.primary_key->name, table.primary_key->columns);
  for (const auto& unique : table.uniques) put_key(out, "unique key", unique.name, unique.columns);
  for (const auto& check : table.checks) put_check(out, check);
  for (const auto& foreign_key : table.foreign_keys) put_foreign_key(out, foreign_key);
  for (const auto& index : table.indexes) put_index(out, index);
  out.put("comment", table.comment);
  out.put_flag("strict", table.is_strict);
  out.put_flag("without rowid", table.is_without_rowid);
}

/// White space around SQL is a matter of how YAML was written.
void put_sql(CanonicalText& out, std::string_view name, const std::vector<schema::SqlText>& texts) {
  for (const schema::SqlText& text : texts) {
    out.begin(name, text.dialect);
    out.begin("sql", trim(text.sql));
  }
}

void put_view(CanonicalText& out, const schema::View& view) {
  put_sql(out, "query for", view.query);
  out.put_all("column", view.columns);
  out.put_flag("materialized", view.is_materialized);
}

void put_trigger(CanonicalText& out, const schema::Trigger& trigger) {
  out.begin("trigger", trigger.name);
  out.begin("time", time_word(trigger.time));
  out.put_flag("insert", trigger.events.insert);
  out.put_flag("update", trigger.events.update);
  out.put_flag("delete", trigger.events.remove);
  out.put_all("update of", trigger.update_of);
  out.put_flag("for each statement", trigger.for_each_statement);
  put_sql(out, "when for", trigger.when);
  put_sql(out, "body for", trigger.body);
  out.put("function", trigger.function);
}

void put_mappings(CanonicalText& out, std::string_view name,
                  const std::vector<schema::ValueMapping>& mappings) {
  for (const schema::ValueMapping& each : mappings) {
    out.begin(name, each.from);
    out.begin("to", each.to);
  }
}

void put_backfill(CanonicalText& out, const schema::Backfill& backfill) {
  for (const schema::Assignment& each : backfill.set) {
    out.begin("set", each.column);
    put_sql(out, "for", each.value);
  }
  put_sql(out, "where for", backfill.where);
}

void put_change(CanonicalText& out, const schema::Change& change) {
  const auto begin = [&](std::string_view name, std::string_view table) {
    out.begin("change", name);
    out.put("table", table);
  };
  std::visit(overloaded{
                 [&](const schema::CreateTable& c) {
                   begin("create table", c.table.name);
                   put_table(out, c.table);
                 },
                 [&](const schema::DropTable& c) { begin("drop table", c.table); },
                 [&](const schema::RenameTable& c) {
                   begin("rename table", c.table);
                   out.put("new name", c.new_name);
                 },
                 [&](const schema::AddColumn& c) {
                   begin("add column", c.table);
                   put_column(out, c.column);
                 },
                 [&](const schema::DropColumn& c) {
                   begin("drop column", c.table);
                   out.put("name", c.column);
                 },
                 [&](const schema::AlterColumn& c) {
                   begin("alter column", c.table);
                   put_column(out, c.column);
                 },
                 [&](const schema::RenameColumn& c) {
                   begin("rename column", c.table);
                   out.put("name", c.column);
                   out.put("new name", c.new_name);
                 },
                 [&](const schema::CreateIndex& c) {
                   begin("create index", c.table);
                   put_index(out, c.index);
                 },
                 [&](const schema::DropIndex& c) {
                   begin("drop index", c.table);
                   out.put("name", c.index);
                 },
                 [&](const schema::AddPrimaryKey& c) {
                   begin("add primary key", c.table);
                   put_key(out, "primary key", c.primary_key.name, c.primary_key.columns);
                 },
                 [&](const schema::DropPrimaryKey& c) { begin("drop primary key", c.table); },
                 [&](const schema::AddUnique& c) {
                   begin("add unique", c.table);
                   put_key(out, "unique key", c.unique.name, c.unique.columns);
                 },
                 [&](const schema::DropUnique& c) {
                   begin("drop unique", c.table);
                   put_key(out, "unique key", c.unique.name, c.unique.columns);
                 },
                 [&](const schema::AddCheck& c) {
                   begin("add check", c.table);
                   put_check(out, c.check);
                 },
                 [&](const schema::DropCheck& c) {
                   begin("drop check", c.table);
                   out.put("name", c.check);
                   // Not for a check with a name: files that were applied keep their checksum.
                   if (c.check.empty()) out.put("expression", c.expression);
                 },
                 [&](const schema::AddForeignKey& c) {
                   begin("add foreign key", c.table);
                   put_foreign_key(out, c.foreign_key);
                 },
                 [&](const schema::DropForeignKey& c) {
                   begin("drop foreign key", c.table);
                   put_foreign_key(out, c.foreign_key);
                 },
                 [&](const schema::Execute& c) {
                   begin("execute", "");
                   put_sql(out, "for", c.texts);
                   put_sql(out, "undo for", c.undo);
                   for (const schema::AnyChange& each : c.stands_for) {
                     out.begin("stands for", "");
                     put_change(out, each.change);
                   }
                 },
                 [&](const schema::RenameIndex& c) {
                   begin("rename index", c.table);
                   out.put("name", c.index);
                   out.put("new name", c.new_name);
                 },
                 [&](const schema::CreateView& c) {
                   begin("create view", c.view.name);
                   put_view(out, c.view);
                 },
                 [&](const schema::DropView& c) { begin("drop view", c.view); },
                 [&](const schema::ReplaceView& c) {
                   begin("replace view", c.view.name);
                   put_view(out, c.view);
                 },
                 [&](const schema::CreateTrigger& c) {
                   begin("create trigger", c.trigger.table);
                   put_trigger(out, c.trigger);
                 },
                 [&](const schema::DropTrigger& c) {
                   begin("drop trigger", c.table);
                   out.put("name", c.trigger);
                 },
                 [&](const schema::ReplaceTrigger& c) {
                   begin("replace trigger", c.trigger.table);
                   put_trigger(out, c.trigger);
                 },
                 [&](const schema::CreateEnum& c) {
                   begin("create enum", c.enumeration.name);
                   out.put_all("value", c.enumeration.values);
                 },
                 [&](const schema::AlterEnum& c) {
                   begin("alter enum", c.enumeration.name);
                   out.put_all("value", c.enumeration.values);
                   put_mappings(out, "renamed", c.renamed);
                   put_mappings(out, "replaced", c.replaced);
                 },
                 [&](const schema::DropEnum& c) { begin("drop enum", c.enumeration); },
                 [&](const schema::SetComment& c) {
                   begin("set comment", c.table);
                   out.put("column", c.column);
                   out.begin("comment", c.comment);
                 },
                 [&](const schema::SetTableOptions& c) {
                   begin("set table options", c.table);
                   out.put_flag("strict", c.is_strict);
                   out.put_flag("without rowid", c.is_without_rowid);
                 },
                 [&](const schema::Backfill& c) {
                   begin("backfill", c.table);
                   put_backfill(out, c);
                 },
             },
             change);
}

std::vector<std::string> sorted(std::vector<std::string> names) {
  std::ranges::sort(names);
  return names;
}

}  // namespace

std::string checksum_of(const Revision& revision) {
  CanonicalText out;
  out.begin("revision", revision.id);
  out.put_all("down revision", sorted(revision.down_revisions));
  out.put_all("depends on", sorted(revision.depends_on));
  out.begin("upgrade", "");
  for (const schema::Change& change : revision.upgrade) put_change(out, change);
  if (revision.downgrade) {
    out.begin("downgrade", "");
    for (const schema::Change& change : *revision.downgrade) put_change(out, change);
  }
  return to_hex(sha256(out.text()));
}

}  // namespace parley::migrate
