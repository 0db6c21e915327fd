#include "dialect/expression.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <map>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "base/overloaded.h"
#include "base/text.h"
#include "dialect/expression_tree.h"
#include "dialect/sql_tokens.h"

namespace parley::dialect {
namespace {

using schema::CurrentTimestamp;
using schema::Default;
using schema::Expression;
using schema::Number;
using schema::TypeKind;

Default literal_or_expression(const ExpressionNode& node, const SqlStyle& style) {
  using Kind = ExpressionNode::Kind;
  if (node.kind == Kind::String) return node.text;
  if (node.kind == Kind::Number) return Number{node.text};
  if (node.is_word("TRUE") || node.is_word("FALSE")) return node.text == "TRUE";
  if (node.is_word("CURRENT_TIMESTAMP")) return CurrentTimestamp{};
  return Expression{write_expression(node, style)};
}

bool is_numeric(TypeKind kind) {
  return kind == TypeKind::SmallInteger || kind == TypeKind::Integer ||
         kind == TypeKind::BigInteger || kind == TypeKind::Float || kind == TypeKind::Double ||
         kind == TypeKind::Decimal;
}

bool is_textual(TypeKind kind) {
  return kind == TypeKind::String || kind == TypeKind::Char || kind == TypeKind::Text;
}

std::string literal_text(const Default& value) {
  if (const bool* truth = std::get_if<bool>(&value)) return *truth ? "1" : "0";
  if (const Number* number = std::get_if<Number>(&value)) return number->digits;
  return std::get<std::string>(value);
}

/// The truth that a literal stands for in a boolean column.
Default as_truth(const Default& value) {
  const std::string text = lower(literal_text(value));
  if (text == "1" || text == "t" || text == "true") return true;
  if (text == "0" || text == "f" || text == "false") return false;
  return value;
}

Default as_number(const Default& value) {
  const auto number = canonical_number(literal_text(value));
  return number ? Default(Number{*number}) : value;
}

Json sorted(const Json& value) {
  if (value.is_array()) {
    json::array items;
    for (const Json& item : value.get_array()) items.push_back(sorted(item));
    return items;
  }
  if (!value.is_object()) return value;
  std::map<std::string, Json> members;
  for (const auto& member : value.get_object())
    members[std::string(member.key())] = sorted(member.value());
  JsonObject object;
  for (const auto& [name, member] : members) object[name] = member;
  return object;
}

/// PostgreSQL stores jsonb, not the text: blanks and the order of the members are lost.
std::string canonical_json(const std::string& text) {
  boost::system::error_code error;
  const Json value = json::parse(text, error);
  return error ? text : to_text(sorted(value));
}

/// `2020-01-01` becomes `2020-01-01 00:00:00`, as the engines keep it.
std::string canonical_time(const std::string& text) {
  auto time = parse_timestamp(text);
  if (!time) time = parse_timestamp(text + " 00:00:00");
  return time ? format_sql(*time) : text;
}

Default literal_in(const Default& value, const schema::Type& type) {
  if (type.kind == TypeKind::Boolean) return as_truth(value);
  if (is_numeric(type.kind)) return as_number(value);
  const std::string text = literal_text(value);
  if (is_textual(type.kind)) return text;
  if (type.kind == TypeKind::Json) return canonical_json(text);
  const bool is_time = type.kind == TypeKind::DateTime && !type.with_time_zone;
  return is_time ? Default(canonical_time(text)) : value;
}

}  // namespace

std::string canonical_expression(std::string_view sql, const SqlStyle& style,
                                 const schema::Table* table) {
  const auto node = read_expression(sql, style, table);
  return node ? write_expression(*node, style) : canonical_tokens(sql, style);
}

std::optional<Default> default_from_sql(std::string_view sql, const SqlStyle& style) {
  if (trim(sql).empty()) return std::nullopt;
  const auto node = read_expression(sql, style, nullptr);
  if (!node) return Expression{canonical_tokens(sql, style)};
  if (node->is_word("NULL")) return std::nullopt;
  return literal_or_expression(*node, style);
}

std::optional<Default> normal_default(const std::optional<Default>& default_value,
                                      const schema::Type& type, const SqlStyle& style) {
  if (!default_value) return std::nullopt;
  std::optional<Default> value = default_value;
  if (const auto* expression = std::get_if<Expression>(&*default_value)) {
    value = default_from_sql(expression->sql, style);
  }
  const bool is_literal = value && !std::holds_alternative<Expression>(*value) &&
                          !std::holds_alternative<CurrentTimestamp>(*value);
  return is_literal ? literal_in(*value, type) : value;
}

std::string default_text(const Default& default_value, const SqlStyle& style) {
  return std::visit(overloaded{
                        [&](bool value) -> std::string {
                          if (style.truth_is_number) return value ? "1" : "0";
                          return value ? "TRUE" : "FALSE";
                        },
                        [](const Number& value) { return value.digits; },
                        [&](const std::string& value) { return quote_string(value, style); },
                        [](const CurrentTimestamp&) { return std::string("CURRENT_TIMESTAMP"); },
                        [](const Expression& value) { return "(" + value.sql + ")"; },
                    },
                    default_value);
}

std::optional<std::string> canonical_number(std::string_view text) {
  text = trim(text);
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);

  std::string digits;
  std::size_t point = std::string::npos;
  std::size_t at = 0;
  for (; at < text.size() && text[at] != 'e' && text[at] != 'E'; ++at) {
    if (text[at] == '.' && point == std::string::npos) {
      point = digits.size();
    } else if (text[at] >= '0' && text[at] <= '9') {
      digits += text[at];
    } else {
      return std::nullopt;
    }
  }
  if (digits.empty()) return std::nullopt;
  if (point == std::string::npos) point = digits.size();

  int exponent = 0;
  if (at < text.size()) {
    std::string_view rest = text.substr(at + 1);
    if (rest.starts_with('+')) rest.remove_prefix(1);
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), exponent);
    // Past any double: such text stays as it was written.
    if (error != std::errc() || end != rest.data() + rest.size() || std::abs(exponent) > 400) {
      return std::nullopt;
    }
  }
  long place = static_cast<long>(point) + exponent;
  if (place < 0) digits.insert(0, static_cast<std::size_t>(-place), '0'), place = 0;
  if (place > static_cast<long>(digits.size())) digits.resize(static_cast<std::size_t>(place), '0');

  std::string whole = digits.substr(0, static_cast<std::size_t>(place));
  std::string fraction = digits.substr(static_cast<std::size_t>(place));
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  fraction.erase(fraction.find_last_not_of('0') + 1);
  if (whole.empty()) whole = std::string(1, '0');
  if (!fraction.empty()) whole += "." + fraction;
  return is_negative && whole != "0" ? "-" + whole : whole;
}

std::string bytes_from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::string(digits);
  std::string bytes;
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    unsigned value = 0;
    const char* begin = digits.data() + at;
    const auto [end, error] = std::from_chars(begin, begin + 2, value, 16);
    if (error != std::errc() || end != begin + 2) return std::string(digits);
    bytes += static_cast<char>(value);
  }
  return bytes;
}

}  // namespace parley::dialect
