#include "database/mysql/mysql_value.h"

#include <array>
#include <charconv>
#include <limits>

#include "base/check.h"
#include "base/overloaded.h"

namespace parley::database {
namespace {

// The pseudo character set of bytes (MySQL manual, "C API Basic Data Structures", charsetnr).
constexpr unsigned kBinaryCharset = 63;

template <class Number>
Number number_in(std::string_view text) {
  Number number{};
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// An unsigned number beyond std::int64_t travels as text, so that no digit is lost.
Value from_unsigned(std::uint64_t number) {
  if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return std::to_string(number);
  }
  return static_cast<std::int64_t>(number);
}

// BIT(n) arrives as bytes, the highest first.
Value from_bits(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return from_unsigned(number);
}

// Fetches the column converted to `type`; false when it is NULL. `length` becomes its full length.
bool fetch(MYSQL_STMT* statement, unsigned column, enum_field_types type, void* buffer,
           unsigned long size, unsigned long& length) {
  my_bool null = 0;
  my_bool error = 0;
  MYSQL_BIND bind{};
  bind.buffer_type = type;
  bind.buffer = buffer;
  bind.buffer_length = size;
  bind.length = &length;
  bind.is_null = &null;
  bind.error = &error;
  PARLEY_CHECK(mysql_stmt_fetch_column(statement, &bind, column, 0) == 0);
  return null == 0;
}

template <class Number>
std::optional<Number> fetch_number(MYSQL_STMT* statement, unsigned column, enum_field_types type) {
  Number number{};
  unsigned long length = 0;
  if (!fetch(statement, column, type, &number, sizeof number, length)) return std::nullopt;
  return number;
}

std::optional<std::string> fetch_text(MYSQL_STMT* statement, unsigned column) {
  std::array<char, 256> short_buffer;
  unsigned long length = 0;
  if (!fetch(statement, column, MYSQL_TYPE_STRING, short_buffer.data(), short_buffer.size(),
             length)) {
    return std::nullopt;
  }
  if (length <= short_buffer.size()) return std::string(short_buffer.data(), length);
  std::string text(length, '\0');
  fetch(statement, column, MYSQL_TYPE_STRING, text.data(), length, length);
  return text;
}

}  // namespace

MysqlParameters::MysqlParameters(std::span<const Value> values)
    : binds_(values.size()), integers_(values.size()), doubles_(values.size()) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::visit(overloaded{[&](Null) { binds_[i].buffer_type = MYSQL_TYPE_NULL; },
                          [&](bool truth) { bind_integer(i, truth ? 1 : 0); },
                          [&](std::int64_t number) { bind_integer(i, number); },
                          [&](double number) { bind_double(i, number); },
                          [&](const std::string& text) { bind_bytes(i, MYSQL_TYPE_STRING, text); },
                          [&](const Blob& blob) { bind_bytes(i, MYSQL_TYPE_BLOB, blob.bytes); }},
               values[i]);
  }
}

void MysqlParameters::bind_integer(std::size_t i, std::int64_t number) {
  integers_[i] = number;
  binds_[i].buffer_type = MYSQL_TYPE_LONGLONG;
  binds_[i].buffer = &integers_[i];
}

void MysqlParameters::bind_double(std::size_t i, double number) {
  doubles_[i] = number;
  binds_[i].buffer_type = MYSQL_TYPE_DOUBLE;
  binds_[i].buffer = &doubles_[i];
}

void MysqlParameters::bind_bytes(std::size_t i, enum_field_types type, const std::string& bytes) {
  binds_[i].buffer_type = type;
  // The library only reads it; its interface has no const.
  binds_[i].buffer = const_cast<char*>(bytes.data());
  binds_[i].buffer_length = static_cast<unsigned long>(bytes.size());
}

MysqlKind kind_of(const MYSQL_FIELD& field) {
  switch (static_cast<int>(field.type)) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_YEAR:
      return (field.flags & UNSIGNED_FLAG) != 0 ? MysqlKind::Unsigned : MysqlKind::Integer;
    case MYSQL_TYPE_FLOAT:
    case MYSQL_TYPE_DOUBLE: return MysqlKind::Double;
    case MYSQL_TYPE_BIT: return MysqlKind::Bits;
    case MYSQL_TYPE_VARCHAR:
    case MYSQL_TYPE_VAR_STRING:
    case MYSQL_TYPE_STRING:
    case MYSQL_TYPE_TINY_BLOB:
    case MYSQL_TYPE_MEDIUM_BLOB:
    case MYSQL_TYPE_LONG_BLOB:
    case MYSQL_TYPE_BLOB:
    case MYSQL_TYPE_GEOMETRY:
      return field.charsetnr == kBinaryCharset ? MysqlKind::Binary : MysqlKind::Text;
    default: return MysqlKind::Text;  // Decimals, dates and times, and MySQL's JSON.
  }
}

Value fetch_value(MYSQL_STMT* statement, unsigned column, MysqlKind kind) {
  if (kind == MysqlKind::Integer || kind == MysqlKind::Unsigned) {
    const auto number = fetch_number<std::int64_t>(statement, column, MYSQL_TYPE_LONGLONG);
    if (!number) return Null{};
    if (kind == MysqlKind::Integer) return *number;
    return from_unsigned(static_cast<std::uint64_t>(*number));
  }
  if (kind == MysqlKind::Double) {
    const auto number = fetch_number<double>(statement, column, MYSQL_TYPE_DOUBLE);
    return number ? Value(*number) : Value(Null{});
  }
  std::optional<std::string> text = fetch_text(statement, column);
  if (!text) return Null{};
  if (kind == MysqlKind::Bits) return from_bits(*text);
  if (kind == MysqlKind::Binary) return Blob{std::move(*text)};
  return std::move(*text);
}

Value value_in_text(std::string_view text, MysqlKind kind) {
  switch (kind) {
    case MysqlKind::Integer: return number_in<std::int64_t>(text);
    case MysqlKind::Unsigned: return from_unsigned(number_in<std::uint64_t>(text));
    case MysqlKind::Double: return number_in<double>(text);
    case MysqlKind::Bits: return from_bits(text);
    case MysqlKind::Binary: return Blob{std::string(text)};
    case MysqlKind::Text: return std::string(text);
  }
  return Null{};
}

}  // namespace parley::database
