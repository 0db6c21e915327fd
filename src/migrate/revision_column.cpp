#include "migrate/revision_column.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/check.h"
#include "base/overloaded.h"
#include "base/text.h"

namespace parley::migrate {
namespace {

using schema::Column;
using schema::Default;
using schema::Type;
using schema::TypeKind;

constexpr std::string_view kNoDefaultWhenGenerated =
    "a generated column has no default, and nothing else sets it";

/// What stands in parentheses behind a type word.
enum class Argument { None, Length, Digits, Fraction, Enum, Native };

struct TypeWord {
  std::string_view word;
  TypeKind kind;
  Argument argument = Argument::None;
  bool with_time_zone = false;
};

constexpr auto kTypeWords = std::to_array<TypeWord>({
    {"boolean", TypeKind::Boolean},
    {"smallint", TypeKind::SmallInteger},
    {"integer", TypeKind::Integer},
    {"bigint", TypeKind::BigInteger},
    {"float", TypeKind::Float},
    {"double", TypeKind::Double},
    {"decimal", TypeKind::Decimal, Argument::Digits},
    {"string", TypeKind::String, Argument::Length},
    {"char", TypeKind::Char, Argument::Length},
    {"text", TypeKind::Text, Argument::Length},
    {"binary", TypeKind::Binary, Argument::Length},
    {"date", TypeKind::Date},
    {"time", TypeKind::Time, Argument::Fraction},
    {"datetime", TypeKind::DateTime, Argument::Fraction},
    {"datetimetz", TypeKind::DateTime, Argument::Fraction, true},
    {"json", TypeKind::Json},
    {"uuid", TypeKind::Uuid},
    {"enum", TypeKind::Enum, Argument::Enum},
    {"native", TypeKind::Native, Argument::Native},
});

/// The words of SQL that people write out of habit, and ours for the same type.
constexpr auto kSqlTypeWords = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"bool", "boolean"},
    {"int", "integer"},
    {"serial", "integer auto_increment"},
    {"numeric", "decimal"},
    {"real", "float"},
    {"varchar", "string"},
    {"timestamp", "datetime"},
    {"timestamptz", "datetimetz"},
    {"blob", "binary"},
    {"bytea", "binary"},
    {"varbinary", "binary"},
    {"jsonb", "json"},
    {"longtext", "text"},
    {"clob", "text"},
});

std::string nearest_type_word(std::string_view word) {
  for (const auto& [sql, ours] : kSqlTypeWords) {
    if (equals_ignoring_case(word, sql)) return std::string(ours);
  }
  std::vector<std::string> words;
  for (const TypeWord& each : kTypeWords) words.emplace_back(each.word);
  return nearest(lower(word), words);
}

[[noreturn]] void fail_unknown_type(const ShortForm& text) {
  const std::string_view word = text.peek_word();
  if (word.empty()) text.fail_expecting("a type");
  const std::string near = nearest_type_word(word);
  text.fail(near.empty() ? fmt::format("unknown type '{}'", word)
                         : fmt::format("unknown type '{}'; did you mean '{}'?", word, near),
            text.offset());
}

/// `enum(name)`, and behind the name the length of the text that holds the values where the engine
/// has no enums.
void read_enum(ShortForm& text, Type& type) {
  if (text.is_next('\'')) {
    text.fail("an enum is named here; its values are listed by 'create_enum'", text.offset());
  }
  type.native = text.name("the name of an enum");
  if (text.accept_sign(",")) type.length = text.whole_number("a length", 1);
}

void read_argument(ShortForm& text, const TypeWord& word, Type& type) {
  if (word.argument == Argument::None || !text.accept_sign("(")) {
    if (word.argument == Argument::Native) text.fail_expecting("(\"the engine's own type\")");
    if (word.argument == Argument::Enum) text.fail_expecting("(the name of the enum)");
    return;
  }
  switch (word.argument) {
    case Argument::None: break;
    case Argument::Length: type.length = text.whole_number("a length", 1); break;
    case Argument::Fraction: type.precision = text.whole_number("the digits of a second", 0); break;
    case Argument::Enum: read_enum(text, type); break;
    case Argument::Native:
      type.native = text.quoted('"', "the engine's own type in double quotes");
      break;
    case Argument::Digits:
      type.precision = text.whole_number("the number of digits", 1);
      if (text.accept_sign(",")) type.scale = text.whole_number("the digits behind the point", 0);
      break;
  }
  text.expect_sign(")");
}

Type read_type(ShortForm& text) {
  const auto word = std::ranges::find_if(kTypeWords, [&](const TypeWord& each) {
    return equals_ignoring_case(each.word, text.peek_word());
  });
  if (word == kTypeWords.end()) fail_unknown_type(text);
  text.accept_word(word->word);
  Type type{.kind = word->kind, .with_time_zone = word->with_time_zone};
  read_argument(text, *word, type);
  return type;
}

std::string argument_text(const Type& type, Argument argument) {
  switch (argument) {
    case Argument::None: return {};
    case Argument::Length: return type.length == 0 ? "" : fmt::format("({})", type.length);
    case Argument::Digits:
      return type.precision < 0 ? "" : fmt::format("({}, {})", type.precision, type.scale);
    case Argument::Fraction: return type.precision < 0 ? "" : fmt::format("({})", type.precision);
    case Argument::Enum:
      return type.length == 0 ? fmt::format("({})", name_text(type.native))
                              : fmt::format("({}, {})", name_text(type.native), type.length);
    case Argument::Native: return fmt::format("({})", quoted_text(type.native, '"'));
  }
  return {};
}

/// Digits with an optional sign, fraction and exponent: what every engine takes as a number.
bool is_number(std::string_view text) {
  const auto skip_digits = [&text] {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count > 0;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  if (!skip_digits()) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!skip_digits()) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    if (!skip_digits()) return false;
  }
  return text.empty();
}

/// The expression goes on to the last `)`, and so takes in what should stand behind it.
schema::Expression read_expression(ShortForm& text) {
  const std::size_t begin = text.offset();
  schema::Expression expression{text.in_outer_parentheses("the expression")};
  if (lower(expression.sql).find(") generated ") != std::string::npos) {
    text.fail(std::string(kNoDefaultWhenGenerated), begin);
  }
  return expression;
}

Default read_default(ShortForm& text) {
  if (text.is_next('\'')) return text.quoted('\'', "a text");
  if (text.is_next('(')) return read_expression(text);
  if (text.accept_word("true")) return true;
  if (text.accept_word("false")) return false;
  if (text.accept_word("now")) return schema::CurrentTimestamp{};
  const std::size_t begin = text.offset();
  if (text.at_end()) text.fail_expecting("a default");
  const std::string word(text.until_space());
  if (is_number(word)) return schema::Number{word};
  if (equals_ignoring_case(word, "null")) {
    text.fail("a column that may be null says 'null' and needs no default for it", begin);
  }
  text.fail(
      fmt::format("'{0}' is no default: a text stands in single quotes, '{0}', an expression in "
                  "parentheses, ({0})",
                  word),
      begin);
}

std::string default_text(const Default& value) {
  return std::visit(
      overloaded{
          [](bool truth) { return std::string(truth ? "true" : "false"); },
          [](const schema::Number& number) { return number.digits; },
          [](const std::string& text) { return quoted_text(text, '\''); },
          [](const schema::CurrentTimestamp&) { return std::string("now"); },
          [](const schema::Expression& expression) { return "(" + expression.sql + ")"; },
      },
      value);
}

/// Sets `flag` for a word just read; a word that was there before is a mistake.
void set_once(const ShortForm& text, bool& flag, std::string_view word, std::size_t offset) {
  if (flag) text.fail(fmt::format("'{}' is here twice", word), offset);
  flag = true;
}

[[noreturn]] void fail_unknown_property(const ShortForm& text) {
  const std::vector<std::string> words = {"null", "default", "auto_increment", "on update now",
                                          "generated"};
  const std::string near = nearest(lower(text.peek_word()), words);
  text.fail_expecting(near.empty() ? "a property of the column" : fmt::format("'{}'", near));
}

schema::Generated read_generated(ShortForm& text) {
  text.accept_word("always");
  text.expect_word("as");
  schema::Generated generated{.expression = text.in_outer_parentheses("the expression")};
  generated.is_stored = text.accept_word("stored");
  if (!generated.is_stored) text.accept_word("virtual");
  return generated;
}

/// What no engine can do, so that it is told here, where it stands.
void check_generated(const ShortForm& text, const Column& column) {
  if (!column.generated) return;
  if (column.default_value || column.auto_increment || column.on_update_now) {
    text.fail(std::string(kNoDefaultWhenGenerated), text.offset());
  }
}

void read_property(ShortForm& text, Column& column) {
  const std::size_t begin = text.offset();
  if (text.accept_word("null")) {
    set_once(text, column.nullable, "null", begin);
  } else if (text.accept_word("auto_increment")) {
    set_once(text, column.auto_increment, "auto_increment", begin);
  } else if (text.accept_word("on")) {
    text.expect_word("update");
    text.expect_word("now");
    set_once(text, column.on_update_now, "on update now", begin);
    if (text.accept_word("by")) column.on_update_trigger = text.name("the trigger");
  } else if (text.accept_word("default")) {
    bool has_default = column.default_value.has_value();
    set_once(text, has_default, "default", begin);
    column.default_value = read_default(text);
  } else if (text.accept_word("generated")) {
    bool is_generated = column.generated.has_value();
    set_once(text, is_generated, "generated", begin);
    column.generated = read_generated(text);
  } else if (text.accept_word("not")) {
    text.fail("a column is not null unless it says 'null'; leave 'not null' out", begin);
  } else {
    fail_unknown_property(text);
  }
}

}  // namespace

Column read_column(ShortForm& text, std::string name) {
  Column column{.name = std::move(name), .type = read_type(text)};
  while (!text.at_end()) {
    read_property(text, column);
    check_generated(text, column);
  }
  return column;
}

std::string type_text(const Type& type) {
  const auto word = std::ranges::find_if(kTypeWords, [&](const TypeWord& each) {
    return each.kind == type.kind && each.with_time_zone == type.with_time_zone;
  });
  PARLEY_CHECK(word != kTypeWords.end());
  return std::string(word->word) + argument_text(type, word->argument);
}

std::string column_text(const Column& column) {
  std::string text = type_text(column.type);
  if (column.auto_increment) text += " auto_increment";
  if (column.nullable) text += " null";
  if (column.default_value) text += " default " + default_text(*column.default_value);
  if (column.on_update_now) text += " on update now";
  if (!column.on_update_trigger.empty()) text += " by " + name_text(column.on_update_trigger);
  if (column.generated) {
    text += fmt::format(" generated as ({}){}", column.generated->expression,
                        column.generated->is_stored ? " stored" : "");
  }
  return text;
}

}  // namespace parley::migrate
