#include "migrate/revision_constraint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/text.h"

namespace parley::migrate {
namespace {

using schema::ReferenceAction;

struct ActionWords {
  ReferenceAction action;
  std::string_view words;
};
constexpr auto kActionWords = std::to_array<ActionWords>({
    {ReferenceAction::NoAction, "no action"},
    {ReferenceAction::Restrict, "restrict"},
    {ReferenceAction::Cascade, "cascade"},
    {ReferenceAction::SetNull, "set null"},
    {ReferenceAction::SetDefault, "set default"},
});

ReferenceAction read_action(ShortForm& text) {
  for (const ActionWords& each : kActionWords) {
    if (text.accept_words(each.words)) return each.action;
  }
  text.fail_expecting("'cascade', 'restrict', 'set null', 'set default' or 'no action'");
}

std::string action_text(std::string_view event, ReferenceAction action) {
  if (action == ReferenceAction::NoAction) return {};
  const auto found = std::ranges::find(kActionWords, action, &ActionWords::action);
  PARLEY_CHECK(found != kActionWords.end());
  return fmt::format(" on {} {}", event, found->words);
}

schema::IndexPart read_index_part(ShortForm& text) {
  schema::IndexPart part{.column = text.name("a column")};
  part.descending = text.accept_word("desc");
  if (!part.descending) text.accept_word("asc");
  return part;
}

}  // namespace

Subject read_subject(ShortForm& text) {
  std::string first = text.name("a name");
  if (!text.accept_word("on")) return {.name = {}, .table = std::move(first)};
  return {.name = std::move(first), .table = text.name("a table")};
}

std::string subject_text(std::string_view name, std::string_view table) {
  return name.empty() ? name_text(table) : name_text(name) + " on " + name_text(table);
}

void read_index_definition(ShortForm& text, schema::Index& index) {
  text.expect_sign("(");
  do {
    index.parts.push_back(read_index_part(text));
  } while (text.accept_sign(","));
  text.expect_sign(")");
  if (text.accept_word("where")) index.where = text.rest("a condition");
  text.expect_end();
}

std::string index_definition_text(const schema::Index& index) {
  std::vector<std::string> parts;
  for (const schema::IndexPart& part : index.parts) {
    parts.push_back(name_text(part.column) + (part.descending ? " desc" : ""));
  }
  const std::string text = "(" + join(parts, ", ") + ")";
  return index.where.empty() ? text : text + " where " + index.where;
}

void read_reference(ShortForm& text, schema::ForeignKey& foreign_key) {
  text.expect_sign("->");
  foreign_key.referenced_table = text.name("the referenced table");
  if (text.is_next('(')) {
    foreign_key.referenced_columns = text.names_in_parentheses("a referenced column");
  }
  bool has_delete = false;
  bool has_update = false;
  while (!text.at_end()) {
    if (!has_delete && text.accept_words("on delete")) {
      foreign_key.on_delete = read_action(text);
      has_delete = true;
    } else if (!has_update && text.accept_words("on update")) {
      foreign_key.on_update = read_action(text);
      has_update = true;
    } else {
      text.fail_expecting("'on delete' or 'on update', each once");
    }
  }
}

std::string reference_text(const schema::ForeignKey& foreign_key) {
  std::string text = "-> " + name_text(foreign_key.referenced_table);
  if (!foreign_key.referenced_columns.empty()) {
    text += "(" + names_text(foreign_key.referenced_columns) + ")";
  }
  return text + action_text("delete", foreign_key.on_delete) +
         action_text("update", foreign_key.on_update);
}

}  // namespace parley::migrate
