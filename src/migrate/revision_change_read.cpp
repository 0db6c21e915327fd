// Reading one change of a revision file.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "migrate/revision_change.h"
#include "migrate/revision_column.h"
#include "migrate/revision_constraint.h"

namespace parley::migrate {
namespace {

using schema::Change;

/// A change as the file names it. `looks_like` is what the value of that key reads like.
struct ChangeForm {
  std::string_view name;
  std::string_view looks_like;
  std::span<const std::string_view> further_keys;
  Change (*read)(const YamlNode& item, const YamlNode& value, std::string_view looks_like);
};

// ---- Reading. Each function reads the value of the change's key, and `item` where it has further
// keys. ----

/// A value that is one name and nothing else.
std::string read_only_name(const YamlNode& value, std::string_view looks_like) {
  ShortForm text(value, looks_like);
  std::string name = text.name("a name");
  text.expect_end();
  return name;
}

Change read_create_table(const YamlNode& item, const YamlNode& value, std::string_view looks_like) {
  schema::CreateTable change{.table = {.name = read_only_name(value, looks_like)}};
  read_table_details(item, change.table);
  return change;
}

Change read_drop_table(const YamlNode&, const YamlNode& value, std::string_view looks_like) {
  return schema::DropTable{read_only_name(value, looks_like)};
}

Change read_rename_table(const YamlNode&, const YamlNode& value, std::string_view looks_like) {
  ShortForm text(value, looks_like);
  schema::RenameTable change{.table = text.name("a table")};
  text.expect_word("to");
  change.new_name = text.name("the new name");
  text.expect_end();
  return change;
}

struct ColumnSubject {
  std::string table;
  std::string column;
};

ColumnSubject read_column_subject(ShortForm& text) {
  ColumnSubject subject{.table = text.name("a table")};
  text.expect_sign(".");
  subject.column = text.name("a column");
  return subject;
}

/// `AddColumn` and `AlterColumn` say the same things.
template <class ColumnChange>
Change read_column_change(const YamlNode& item, const YamlNode& value,
                          std::string_view looks_like) {
  ShortForm text(value, looks_like);
  ColumnSubject subject = read_column_subject(text);
  ColumnChange change{.table = std::move(subject.table),
                      .column = read_column(text, std::move(subject.column))};
  read_column_details(item, change.column);
  return change;
}

Change read_drop_column(const YamlNode&, const YamlNode& value, std::string_view looks_like) {
  ShortForm text(value, looks_like);
  ColumnSubject subject = read_column_subject(text);
  text.expect_end();
  return schema::DropColumn{std::move(subject.table), std::move(subject.column)};
}

Change read_rename_column(const YamlNode&, const YamlNode& value, std::string_view looks_like) {
  ShortForm text(value, looks_like);
  ColumnSubject subject = read_column_subject(text);
  text.expect_word("to");
  std::string new_name = text.name("the new name");
  text.expect_end();
  return schema::RenameColumn{std::move(subject.table), std::move(subject.column),
                              std::move(new_name)};
}

Change read_create_index(const YamlNode&, const YamlNode& value, std::string_view looks_like) {
  ShortForm text(value, looks_like);
  schema::CreateIndex change{.index = {.unique = text.accept_word("unique")}};
  change.index.name = text.name("the name of the index");
  text.expect_word("on");
  change.table = text.name("a table");
  read_index_definition(text, change.index);
  return change;
}

/// `name on table`, both needed.
Subject read_named_subject(const YamlNode& value, std::string_view looks_like) {
  ShortForm text(value, looks_like);
  Subject subject{.name = text.name("a name")};
  text.expect_word("on");
  subject.table = text.name("a table");
  text.expect_end();
  return subject;
}

Change read_drop_index(const YamlNode&, const YamlNode& value, std::string_view looks_like) {
  Subject subject = read_named_subject(value, looks_like);
  return schema::DropIndex{std::move(subject.table), std::move(subject.name)};
}

Change read_add_primary_key(const YamlNode&, const YamlNode& value, std::string_view looks_like) {
  ShortForm text(value, looks_like);
  Subject subject = read_subject(text);
  schema::PrimaryKey key{std::move(subject.name), text.names_in_parentheses("a column")};
  text.expect_end();
  return schema::AddPrimaryKey{std::move(subject.table), std::move(key)};
}

Change read_drop_primary_key(const YamlNode&, const YamlNode& value, std::string_view looks_like) {
  return schema::DropPrimaryKey{read_only_name(value, looks_like)};
}

Change read_add_unique(const YamlNode&, const YamlNode& value, std::string_view looks_like) {
  ShortForm text(value, looks_like);
  Subject subject = read_subject(text);
  schema::Unique unique{std::move(subject.name), text.names_in_parentheses("a column")};
  text.expect_end();
  return schema::AddUnique{std::move(subject.table), std::move(unique)};
}

Change read_drop_unique(const YamlNode&, const YamlNode& value, std::string_view looks_like) {
  ShortForm text(value, looks_like);
  Subject subject = read_subject(text);
  schema::DropUnique change{std::move(subject.table), {.name = std::move(subject.name)}};
  if (change.unique.name.empty() || !text.at_end()) {
    change.unique.columns = text.names_in_parentheses("a column");
  }
  text.expect_end();
  return change;
}

Change read_add_check(const YamlNode&, const YamlNode& value, std::string_view looks_like) {
  ShortForm text(value, looks_like);
  Subject subject = read_subject(text);
  schema::Check check{std::move(subject.name), text.in_outer_parentheses("the condition")};
  text.expect_end();
  return schema::AddCheck{std::move(subject.table), std::move(check)};
}

Change read_drop_check(const YamlNode&, const YamlNode& value, std::string_view looks_like) {
  ShortForm text(value, looks_like);
  Subject subject = read_subject(text);
  schema::DropCheck change{std::move(subject.table), std::move(subject.name), ""};
  if (change.check.empty()) change.expression = text.in_outer_parentheses("the condition");
  text.expect_end();
  return change;
}

Change read_add_foreign_key(const YamlNode&, const YamlNode& value, std::string_view looks_like) {
  ShortForm text(value, looks_like);
  Subject subject = read_subject(text);
  schema::AddForeignKey change{std::move(subject.table), {.name = std::move(subject.name)}};
  change.foreign_key.columns = text.names_in_parentheses("a column");
  read_reference(text, change.foreign_key);
  return change;
}

Change read_drop_foreign_key(const YamlNode&, const YamlNode& value, std::string_view looks_like) {
  ShortForm text(value, looks_like);
  Subject subject = read_subject(text);
  schema::DropForeignKey change{std::move(subject.table), {.name = std::move(subject.name)}};
  if (change.foreign_key.name.empty() || !text.at_end()) {
    change.foreign_key.columns = text.names_in_parentheses("a column");
  }
  if (!text.at_end()) read_reference(text, change.foreign_key);
  return change;
}

Change read_execute(const YamlNode& item, const YamlNode& value, std::string_view) {
  schema::Execute change{.texts = read_sql_texts(value)};
  if (const YamlNode* undo = item.find("undo")) change.undo = read_sql_texts(*undo);
  for (const YamlNode& each : items_of(item, "stands_for")) {
    change.stands_for.push_back({read_change(each)});
  }
  return change;
}

constexpr auto kExecuteKeys = std::to_array<std::string_view>({"undo", "stands_for"});

Change read_rename_index(const YamlNode&, const YamlNode& value, std::string_view looks_like) {
  ShortForm text(value, looks_like);
  schema::RenameIndex change{.index = text.name("the name of the index")};
  text.expect_word("on");
  change.table = text.name("a table");
  text.expect_word("to");
  change.new_name = text.name("the new name");
  text.expect_end();
  return change;
}

template <class ViewChange>
Change read_view_change(const YamlNode& item, const YamlNode& value, std::string_view looks_like) {
  return ViewChange{read_view(item, value, looks_like)};
}

Change read_drop_view(const YamlNode&, const YamlNode& value, std::string_view looks_like) {
  return schema::DropView{read_only_name(value, looks_like)};
}

template <class TriggerChange>
Change read_trigger_change(const YamlNode& item, const YamlNode& value,
                           std::string_view looks_like) {
  return TriggerChange{read_trigger(item, value, looks_like)};
}

Change read_drop_trigger(const YamlNode&, const YamlNode& value, std::string_view looks_like) {
  Subject subject = read_named_subject(value, looks_like);
  return schema::DropTrigger{std::move(subject.table), std::move(subject.name)};
}

Change read_create_enum(const YamlNode& item, const YamlNode& value, std::string_view looks_like) {
  return schema::CreateEnum{read_enum(item, value, looks_like)};
}

Change read_alter_enum(const YamlNode& item, const YamlNode& value, std::string_view looks_like) {
  return schema::AlterEnum{.enumeration = read_enum(item, value, looks_like),
                           .renamed = read_value_mappings(item, "rename"),
                           .replaced = read_value_mappings(item, "replace")};
}

Change read_drop_enum(const YamlNode&, const YamlNode& value, std::string_view looks_like) {
  return schema::DropEnum{read_only_name(value, looks_like)};
}

Change read_set_comment(const YamlNode&, const YamlNode& value, std::string_view looks_like) {
  ShortForm text(value, looks_like);
  schema::SetComment change{.table = text.name("a table")};
  if (text.accept_sign(".")) change.column = text.name("a column");
  text.expect_word("to");
  change.comment = text.quoted('\'', "a text in single quotes");
  text.expect_end();
  return change;
}

Change read_set_table_options(const YamlNode& item, const YamlNode& value,
                              std::string_view looks_like) {
  schema::SetTableOptions change{.table = read_only_name(value, looks_like)};
  const YamlNode* strict = item.find("strict");
  const YamlNode* without_rowid = item.find("without_rowid");
  if (strict == nullptr && without_rowid == nullptr) {
    fail_at(item.position, "set_table_options says no option",
            "Say all that the table shall have: `strict: true`, `without_rowid: true`; what is not "
            "said is false.");
  }
  if (strict != nullptr) change.is_strict = read_truth(*strict, "strict");
  if (without_rowid != nullptr) {
    change.is_without_rowid = read_truth(*without_rowid, "without_rowid");
  }
  return change;
}

Change read_backfill(const YamlNode& item, const YamlNode& value, std::string_view looks_like) {
  schema::Backfill change{.table = read_only_name(value, looks_like)};
  const YamlNode* set = item.find("set");
  if (set == nullptr || set->kind != YamlNode::Kind::Mapping || set->entries.empty()) {
    fail_at(set == nullptr ? item.position : set->position, "a backfill sets columns",
            "Write them under 'set', each as `column: SQL`.");
  }
  for (const YamlEntry& entry : set->entries) {
    change.set.push_back({entry.key, read_sql_choice(entry.value)});
  }
  if (const YamlNode* where = item.find("where")) change.where = read_sql_choice(*where);
  return change;
}

constexpr auto kEnumKeys = std::to_array<std::string_view>({"values"});
constexpr auto kAlterEnumKeys = std::to_array<std::string_view>({"values", "rename", "replace"});
constexpr auto kTableOptionKeys = std::to_array<std::string_view>({"strict", "without_rowid"});
constexpr auto kBackfillKeys = std::to_array<std::string_view>({"set", "where"});

constexpr auto kChangeForms = std::to_array<ChangeForm>({
    {"create_table", "table", kTableKeys, read_create_table},
    {"drop_table", "table", {}, read_drop_table},
    {"rename_table", "table to new_name", {}, read_rename_table},
    {"add_column",
     "table.column type [null] [default …] [on update now [by trigger]] [generated as (SQL) "
     "[stored]]",
     kColumnDetailKeys, read_column_change<schema::AddColumn>},
    {"drop_column", "table.column", {}, read_drop_column},
    {"alter_column",
     "table.column type [null] [default …] [on update now [by trigger]] [generated as (SQL) "
     "[stored]], all that "
     "the column shall be",
     kColumnDetailKeys, read_column_change<schema::AlterColumn>},
    {"rename_column", "table.column to new_name", {}, read_rename_column},
    {"create_index",
     "[unique] name on table [using method] (column desc, column(20), lower(column), (SQL)) "
     "[include (column)] [where SQL]",
     {},
     read_create_index},
    {"drop_index", "name on table", {}, read_drop_index},
    {"rename_index", "name on table to new_name", {}, read_rename_index},
    {"add_primary_key", "[name on] table (column, column)", {}, read_add_primary_key},
    {"drop_primary_key", "table", {}, read_drop_primary_key},
    {"add_unique", "[name on] table (column, column)", {}, read_add_unique},
    {"drop_unique", "name on table, or table (column, column)", {}, read_drop_unique},
    {"add_check", "[name on] table (SQL)", {}, read_add_check},
    {"drop_check", "name on table, or table (SQL)", {}, read_drop_check},
    {"add_foreign_key",
     "[name on] table (column) -> other_table(column) [on delete cascade | set null | …] [on "
     "update …] [deferrable [initially deferred]]",
     {},
     read_add_foreign_key},
    {"drop_foreign_key", "name on table, or table (column)", {}, read_drop_foreign_key},
    {"create_view", "name", kViewKeys, read_view_change<schema::CreateView>},
    {"replace_view", "name", kViewKeys, read_view_change<schema::ReplaceView>},
    {"drop_view", "name", {}, read_drop_view},
    {"create_trigger", kTriggerLooksLike, kTriggerKeys, read_trigger_change<schema::CreateTrigger>},
    {"replace_trigger", kTriggerLooksLike, kTriggerKeys,
     read_trigger_change<schema::ReplaceTrigger>},
    {"drop_trigger", "name on table", {}, read_drop_trigger},
    {"create_enum", kEnumLooksLike, kEnumKeys, read_create_enum},
    {"alter_enum", "name (value, value), all values that it shall have", kAlterEnumKeys,
     read_alter_enum},
    {"drop_enum", "name", {}, read_drop_enum},
    {"set_comment", "table to 'text', or table.column to 'text'", {}, read_set_comment},
    {"set_table_options", "table", kTableOptionKeys, read_set_table_options},
    {"backfill", "table", kBackfillKeys, read_backfill},
    {"execute", "SQL", kExecuteKeys, read_execute},
});
static_assert(kChangeForms.size() == std::variant_size_v<Change>,
              "every change has a form in the file");

const ChangeForm* find_form(std::string_view name) {
  const auto found = std::ranges::find(kChangeForms, name, &ChangeForm::name);
  return found == kChangeForms.end() ? nullptr : &*found;
}

std::string listed(std::span<const std::string_view> words) {
  return join(std::vector<std::string>(words.begin(), words.end()), ", ");
}

[[noreturn]] void fail_unknown_change(const YamlNode& item) {
  std::vector<std::string_view> names;
  for (const ChangeForm& form : kChangeForms) names.push_back(form.name);
  const std::string hint = fmt::format("The changes are: {}.", listed(names));
  if (item.entries.empty())
    fail_at(item.position, "expected a change, such as `drop_table: name`", hint);
  const YamlEntry& first = item.entries.front();
  fail_at(first.position,
          fmt::format("unknown change '{}'{}", first.key, suggestion(first.key, names)), hint);
}

const ChangeForm& form_of(const YamlNode& item) {
  const ChangeForm* found = nullptr;
  for (const YamlEntry& entry : item.entries) {
    const ChangeForm* form = find_form(entry.key);
    if (form != nullptr && found != nullptr) {
      fail_at(entry.position, fmt::format("'{}' and '{}' are in one item", found->name, form->name),
              "Each change is an item of its own, with '- ' in front.");
    }
    if (form != nullptr) found = form;
  }
  if (found == nullptr) fail_unknown_change(item);
  return *found;
}

}  // namespace

std::string suggestion(std::string_view word, std::span<const std::string_view> known) {
  const std::vector<std::string> candidates(known.begin(), known.end());
  const std::string near = nearest(word, candidates);
  return near.empty() ? "" : fmt::format("; did you mean '{}'?", near);
}

bool read_truth(const YamlNode& node, std::string_view key) {
  if (node.kind == YamlNode::Kind::Scalar && node.text == "true") return true;
  if (node.kind == YamlNode::Kind::Scalar && node.text == "false") return false;
  fail_at(node.position, fmt::format("{} must be true or false", key));
}

std::span<const YamlNode> items_of(const YamlNode& item, std::string_view key) {
  const YamlNode* list = item.find(key);
  if (list == nullptr) return {};
  if (list->kind != YamlNode::Kind::Sequence) {
    fail_at(list->position,
            fmt::format("'{}' must be a list, one item per line with '- ' in front", key));
  }
  return list->items;
}

std::vector<std::string> read_texts(const YamlNode& node, std::string_view what) {
  if (node.kind != YamlNode::Kind::Sequence) return {scalar_text(node, what)};
  std::vector<std::string> texts;
  for (const YamlNode& item : node.items) texts.push_back(scalar_text(item, what));
  return texts;
}

std::string scalar_text(const YamlNode& node, std::string_view key) {
  if (node.kind == YamlNode::Kind::Scalar) return node.text;
  fail_at(node.position, fmt::format("{} must be a text", key),
          node.kind == YamlNode::Kind::Null
              ? "Put the word null in quotes when it is meant as a name."
              : "");
}

void check_keys(const YamlNode& mapping, std::span<const std::string_view> known,
                std::string_view of) {
  for (const YamlEntry& entry : mapping.entries) {
    if (std::ranges::find(known, entry.key) != known.end()) continue;
    fail_at(entry.position,
            fmt::format("unknown key '{}' in {}{}", entry.key, of, suggestion(entry.key, known)),
            fmt::format("Known here: {}.", listed(known)));
  }
}

Change read_change(const YamlNode& item) {
  const ChangeForm& form = form_of(item);
  std::vector<std::string_view> known = {form.name};
  known.insert(known.end(), form.further_keys.begin(), form.further_keys.end());
  check_keys(item, known, form.name);
  return form.read(item, *item.find(form.name), form.looks_like);
}

}  // namespace parley::migrate
