#include "migrate/revision_constraint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "base/error.h"
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

bool is_whole_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

/// `body(20)` is the beginning of a column, `lower(email)` an expression: what stands in the
/// parentheses tells.
bool is_prefix(std::string_view call) {
  const std::size_t open = call.find('(');
  return is_whole_number(trim(call.substr(open + 1, call.size() - open - 2)));
}

/// `column`, `column(20)`, `lower(column)`, `(SQL)`; `sql '…'` for SQL whose parentheses do not
/// pair.
void read_index_key(ShortForm& text, schema::IndexPart& part) {
  if (text.is_next('(')) {
    part.expression = text.in_parentheses("the expression");
    return;
  }
  const std::size_t begin = text.offset();
  if (std::string call = text.accept_call(); !call.empty() && !is_prefix(call)) {
    part.expression = std::move(call);
    return;
  }
  text.go_back(begin);
  if (text.accept_word("sql") && text.is_next('\'')) {
    part.expression = text.quoted('\'', "SQL in single quotes");
    return;
  }
  text.go_back(begin);
  part.column = text.name("a column");
  if (!text.accept_sign("(")) return;
  part.prefix_length = text.whole_number("the length of the prefix", 1);
  text.expect_sign(")");
}

/// True for the names that the operator classes of PostgreSQL have.
bool looks_like_operator_class(std::string_view word) {
  return is_plain_word(word) && word.ends_with("_ops");
}

schema::NullsOrder read_nulls(ShortForm& text) {
  if (!text.accept_word("nulls")) return schema::NullsOrder::Usual;
  if (text.accept_word("first")) return schema::NullsOrder::First;
  if (text.accept_word("last")) return schema::NullsOrder::Last;
  text.fail_expecting("'first' or 'last'");
}

schema::IndexPart read_index_part(ShortForm& text) {
  schema::IndexPart part;
  read_index_key(text, part);
  if (text.accept_word("collate")) part.collation = text.name("a collation");
  // Other words than …_ops must be in quotes, or each misspelt `desc` would be an operator class.
  if (text.is_next('"') || looks_like_operator_class(text.peek_word())) {
    part.operator_class = text.name("an operator class");
  }
  part.descending = text.accept_word("desc");
  if (!part.descending) text.accept_word("asc");
  part.nulls = read_nulls(text);
  if (!text.is_next(',') && !text.is_next(')')) {
    text.fail_expecting("',' or ')', or 'collate', 'desc', 'nulls first', 'nulls last'");
  }
  return part;
}

bool reads_back(const std::string& text, const schema::IndexPart& wanted);

std::string index_key_text(const schema::IndexPart& part) {
  if (part.expression.empty()) {
    const std::string column = name_text(part.column);
    return part.prefix_length == 0 ? column : fmt::format("{}({})", column, part.prefix_length);
  }
  const schema::IndexPart wanted{.expression = part.expression};
  if (reads_back(part.expression, wanted)) return part.expression;
  const std::string in_parentheses = "(" + part.expression + ")";
  if (reads_back(in_parentheses, wanted)) return in_parentheses;
  return "sql " + quoted_text(part.expression, '\'');
}

/// True when `text`, in the place of an index part, is read as `wanted` and nothing else.
bool reads_back(const std::string& text, const schema::IndexPart& wanted) {
  const YamlNode node{.kind = YamlNode::Kind::Scalar, .text = text + ")"};
  try {
    ShortForm form(node, "");
    return read_index_part(form) == wanted && form.accept_sign(")") && form.at_end();
  } catch (const Error&) {
    return false;
  }
}

std::string index_part_text(const schema::IndexPart& part) {
  std::string text = index_key_text(part);
  if (!part.collation.empty()) text += " collate " + quoted_text(part.collation, '"');
  if (!part.operator_class.empty()) {
    text += " " + (looks_like_operator_class(part.operator_class)
                       ? part.operator_class
                       : quoted_text(part.operator_class, '"'));
  }
  if (part.descending) text += " desc";
  switch (part.nulls) {
    case schema::NullsOrder::Usual: return text;
    case schema::NullsOrder::First: return text + " nulls first";
    case schema::NullsOrder::Last: return text + " nulls last";
  }
  return text;
}

schema::Deferral read_deferral(ShortForm& text) {
  if (text.accept_words("initially deferred")) return schema::Deferral::InitiallyDeferred;
  text.accept_words("initially immediate");
  return schema::Deferral::InitiallyImmediate;
}

std::string deferral_text(schema::Deferral deferral) {
  switch (deferral) {
    case schema::Deferral::NotDeferrable: return {};
    case schema::Deferral::InitiallyImmediate: return " deferrable";
    case schema::Deferral::InitiallyDeferred: return " deferrable initially deferred";
  }
  return {};
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
  if (text.accept_word("using")) index.method = text.name("a method");
  text.expect_sign("(");
  do {
    index.parts.push_back(read_index_part(text));
  } while (text.accept_sign(","));
  text.expect_sign(")");
  if (text.accept_word("include")) index.include = text.names_in_parentheses("a column");
  if (text.accept_word("where")) index.where = text.rest("a condition");
  text.expect_end();
}

std::string index_definition_text(const schema::Index& index) {
  std::vector<std::string> parts;
  for (const schema::IndexPart& part : index.parts) parts.push_back(index_part_text(part));
  std::string text = "(" + join(parts, ", ") + ")";
  if (!index.method.empty()) text = "using " + name_text(index.method) + " " + text;
  if (!index.include.empty()) text += " include (" + names_text(index.include) + ")";
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
  bool has_deferral = false;
  while (!text.at_end()) {
    if (!has_delete && text.accept_words("on delete")) {
      foreign_key.on_delete = read_action(text);
      has_delete = true;
    } else if (!has_update && text.accept_words("on update")) {
      foreign_key.on_update = read_action(text);
      has_update = true;
    } else if (!has_deferral && text.accept_word("deferrable")) {
      foreign_key.deferral = read_deferral(text);
      has_deferral = true;
    } else {
      text.fail_expecting("'on delete', 'on update' or 'deferrable', each once");
    }
  }
}

std::string reference_text(const schema::ForeignKey& foreign_key) {
  std::string text = "-> " + name_text(foreign_key.referenced_table);
  if (!foreign_key.referenced_columns.empty()) {
    text += "(" + names_text(foreign_key.referenced_columns) + ")";
  }
  return text + action_text("delete", foreign_key.on_delete) +
         action_text("update", foreign_key.on_update) + deferral_text(foreign_key.deferral);
}

}  // namespace parley::migrate
