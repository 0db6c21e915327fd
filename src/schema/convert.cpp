#include "schema/convert.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/overloaded.h"
#include "base/text.h"
#include "base/time_zone.h"

namespace parley::schema {
namespace {

constexpr std::size_t kTextShownMax = 40;

std::string describe_value(const Value& value) {
  return std::visit(overloaded{
                        [](Null) -> std::string { return "NULL"; },
                        [](bool v) -> std::string { return v ? "true" : "false"; },
                        [](std::int64_t v) { return fmt::format("the number {}", v); },
                        [](double v) { return fmt::format("the number {}", v); },
                        [](const std::string& v) {
                          if (!is_storable_text(v))
                            return fmt::format("{} bytes of broken text", v.size());
                          return fmt::format("the text '{}'", first_code_points(v, kTextShownMax));
                        },
                        [](const Blob& v) { return fmt::format("{} bytes", v.bytes.size()); },
                    },
                    value);
}

[[noreturn]] void refuse(const Value& value, std::string_view wanted, const ColumnPath& column) {
  const std::string where =
      column.table.empty() ? "" : fmt::format(" for {}.{}", column.table, column.column);
  throw Error(
      ErrorCode::DatabaseFailure,
      fmt::format("the database gave {}{}, which is not {}", describe_value(value), where, wanted),
      "Compare the database with what the program declares: parley db verify");
}

/// `found`, or the error when nothing was.
template <class T>
T require(std::optional<T>&& found, const Value& value, std::string_view wanted,
          const ColumnPath& column) {
  if (!found) refuse(value, wanted, column);
  return *std::move(found);
}

/// The whole of `text` as a number, or nothing.
template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::optional<std::int64_t> whole_number_in(double value) {
  // 2^63 is the first double above the largest std::int64_t.
  constexpr double kLimit = 9223372036854775808.0;
  if (std::trunc(value) != value || value < -kLimit || value >= kLimit) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::optional<bool> truth_in(std::string_view text) {
  for (const std::string_view word : {"1", "t", "true"}) {
    if (equals_ignoring_case(text, word)) return true;
  }
  for (const std::string_view word : {"0", "f", "false"}) {
    if (equals_ignoring_case(text, word)) return false;
  }
  return std::nullopt;
}

std::optional<Json> json_in(std::string_view text) {
  json::error_code error;
  Json value = json::parse(text, error);
  if (error) return std::nullopt;
  return value;
}

}  // namespace

Value to_value(bool value) { return value; }
Value to_value(std::int64_t value) { return value; }
Value to_value(double value) { return value; }
Value to_value(const std::string& value) { return value; }
Value to_value(const Blob& value) { return value; }
Value to_value(const Json& value) { return to_text(value); }
Value to_value(Timestamp value) { return format_sql(value); }

void from_value(Value&& value, bool& out, const ColumnPath& column) {
  using Found = std::optional<bool>;
  Found found = std::visit(overloaded{
                               [](Null) -> Found { return std::nullopt; },
                               [](bool v) -> Found { return v; },
                               [](std::int64_t v) -> Found { return v != 0; },
                               [](double) -> Found { return std::nullopt; },
                               [](const std::string& v) { return truth_in(v); },
                               [](const Blob&) -> Found { return std::nullopt; },
                           },
                           value);
  out = require(std::move(found), value, "a truth value", column);
}

void from_value(Value&& value, std::int64_t& out, const ColumnPath& column) {
  using Found = std::optional<std::int64_t>;
  Found found = std::visit(overloaded{
                               [](Null) -> Found { return std::nullopt; },
                               [](bool v) -> Found { return v ? 1 : 0; },
                               [](std::int64_t v) -> Found { return v; },
                               [](double v) { return whole_number_in(v); },
                               [](const std::string& v) { return number_in<std::int64_t>(v); },
                               [](const Blob&) -> Found { return std::nullopt; },
                           },
                           value);
  out = require(std::move(found), value, "a whole number", column);
}

void from_value(Value&& value, double& out, const ColumnPath& column) {
  using Found = std::optional<double>;
  Found found = std::visit(overloaded{
                               [](Null) -> Found { return std::nullopt; },
                               [](bool) -> Found { return std::nullopt; },
                               [](std::int64_t v) -> Found { return static_cast<double>(v); },
                               [](double v) -> Found { return v; },
                               [](const std::string& v) { return number_in<double>(v); },
                               [](const Blob&) -> Found { return std::nullopt; },
                           },
                           value);
  out = require(std::move(found), value, "a number", column);
}

void from_value(Value&& value, std::string& out, const ColumnPath& column) {
  using Found = std::optional<std::string>;
  Found found = std::visit(overloaded{
                               [](Null) -> Found { return std::nullopt; },
                               [](bool) -> Found { return std::nullopt; },
                               // SQLite hands decimals out as numbers: its NUMERIC affinity
                               // ("Datatypes In SQLite", section 3) turns the text into one.
                               [](std::int64_t v) -> Found { return std::to_string(v); },
                               [](double v) -> Found { return fmt::format("{}", v); },
                               [](std::string& v) -> Found { return std::move(v); },
                               [](const Blob&) -> Found { return std::nullopt; },
                           },
                           value);
  out = require(std::move(found), value, "text", column);
}

void from_value(Value&& value, Blob& out, const ColumnPath& column) {
  using Found = std::optional<Blob>;
  Found found = std::visit(overloaded{
                               [](Null) -> Found { return std::nullopt; },
                               [](bool) -> Found { return std::nullopt; },
                               [](std::int64_t) -> Found { return std::nullopt; },
                               [](double) -> Found { return std::nullopt; },
                               [](std::string& v) -> Found { return Blob{std::move(v)}; },
                               [](Blob& v) -> Found { return std::move(v); },
                           },
                           value);
  out = require(std::move(found), value, "bytes", column);
}

void from_value(Value&& value, Json& out, const ColumnPath& column) {
  using Found = std::optional<Json>;
  Found found = std::visit(overloaded{
                               [](Null) -> Found { return std::nullopt; },
                               [](bool v) -> Found { return Json(v); },
                               // A column of type JSON has NUMERIC affinity in SQLite, so the JSON
                               // text `5` comes back as a number.
                               [](std::int64_t v) -> Found { return Json(v); },
                               [](double v) -> Found { return Json(v); },
                               [](const std::string& v) { return json_in(v); },
                               [](const Blob& v) { return json_in(v.bytes); },
                           },
                           value);
  out = require(std::move(found), value, "JSON", column);
}

void from_value(Value&& value, Timestamp& out, const ColumnPath& column) {
  using Found = std::optional<Timestamp>;
  Found found = std::visit(overloaded{
                               [](Null) -> Found { return std::nullopt; },
                               [](bool) -> Found { return std::nullopt; },
                               [](std::int64_t) -> Found { return std::nullopt; },
                               [](double) -> Found { return std::nullopt; },
                               [](const std::string& v) { return parse_timestamp(v); },
                               [](const Blob&) -> Found { return std::nullopt; },
                           },
                           value);
  out = require(std::move(found), value, "a time", column);
}

std::optional<Timestamp> time_in_iso_text(std::string_view text) {
  const std::optional<Timestamp> time = parse_timestamp(text);
  constexpr std::size_t kDateAndTime = std::string_view("2025-01-31T09:30:00").size();
  const bool has_t = text.size() >= kDateAndTime && text[10] == 'T';
  const bool has_zone = text.find_first_of("+-Zz", kDateAndTime - 1) != std::string_view::npos;
  return time && has_t && !has_zone ? from_local_time(*time) : time;
}

void from_iso_text(Value&& value, Timestamp& out, const ColumnPath&) {
  std::optional<Timestamp> time;
  from_iso_text(std::move(value), time);
  out = time.value_or(kUnreadableTime);
}

void from_iso_text(Value&& value, std::optional<Timestamp>& out, const ColumnPath&) {
  const std::string* text = std::get_if<std::string>(&value);
  out = text == nullptr ? std::nullopt : time_in_iso_text(*text);
}

std::string format_iso_text(Timestamp time) {
  std::string text = format_rfc3339(time);
  text.replace(text.size() - 1, 1, "+00:00");
  return text;
}

Json to_json(bool value) { return value; }
Json to_json(std::int64_t value) { return value; }
Json to_json(double value) { return value; }
Json to_json(const std::string& value) { return json::string(value); }
Json to_json(const Json& value) { return value; }
Json to_json(Timestamp value) { return json::string(format_rfc3339(value)); }

}  // namespace parley::schema
