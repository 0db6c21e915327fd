#pragma once

// What a database looks like, as plain values: a `Schema` holds tables, a table holds columns, keys
// and indexes. Everything refers to everything else by name, compares with `==`, and knows no
// engine: the words are neutral, and `dialect/` translates. Declared, recorded (replayed) and live
// (inspected) schemas are all of this type, which is what makes them comparable. Values only; any
// thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parley::schema {

enum class TypeKind {
  Boolean,
  SmallInteger,
  Integer,
  BigInteger,
  Float,
  Double,
  Decimal,
  String,  ///< Variable length, at most `length` characters.
  Char,    ///< Fixed length.
  Text,    ///< Any length; `length` says how many characters there are at most, 0 is unknown.
  Binary,  ///< At most `length` bytes; 0 is unbounded.
  Date,
  Time,
  DateTime,  ///< `with_time_zone` or without; fraction digits in `precision`, -1 for the engine's
             ///< usual.
  Json,
  Uuid,
  Native,  ///< A type that the model has no word for: `native` is the engine's own text.
};

struct Type {
  TypeKind kind = TypeKind::Text;
  int length = 0;
  int precision = -1;
  int scale = 0;
  bool with_time_zone = false;
  std::string native;

  bool operator==(const Type&) const = default;
};

/// A number exactly as it was written: `0`, `-1`, `0.50`.
struct Number {
  std::string digits;
  bool operator==(const Number&) const = default;
};

/// The time of the statement or transaction, as the engine sees it.
struct CurrentTimestamp {
  bool operator==(const CurrentTimestamp&) const = default;
};

/// An expression in the engine's own SQL, kept as text.
struct Expression {
  std::string sql;
  bool operator==(const Expression&) const = default;
};

/// A server default. A `std::string` is a text literal, unquoted.
using Default = std::variant<bool, Number, std::string, CurrentTimestamp, Expression>;

struct Column {
  std::string name;
  Type type;
  bool nullable = false;
  std::optional<Default> default_value;
  bool auto_increment = false;
  bool on_update_now =
      false;  ///< The engine sets it to now when a statement changes the row but not it.
  std::string collation;  ///< Empty: the table's or engine's own.
  std::string comment;

  bool operator==(const Column&) const = default;
};

enum class ReferenceAction { NoAction, Restrict, Cascade, SetNull, SetDefault };

struct PrimaryKey {
  std::string name;  ///< Empty: the engine names it.
  std::vector<std::string> columns;
  bool operator==(const PrimaryKey&) const = default;
};

struct Unique {
  std::string name;  ///< Empty: the engine names it.
  std::vector<std::string> columns;
  bool operator==(const Unique&) const = default;
};

struct Check {
  std::string name;
  std::string expression;  ///< SQL, without the outer parentheses.
  bool operator==(const Check&) const = default;
};

struct ForeignKey {
  std::string name;  ///< Empty: the engine names it.
  std::vector<std::string> columns;
  std::string referenced_table;
  std::vector<std::string> referenced_columns;
  ReferenceAction on_delete = ReferenceAction::NoAction;
  ReferenceAction on_update = ReferenceAction::NoAction;
  bool operator==(const ForeignKey&) const = default;
};

struct IndexPart {
  std::string column;
  bool descending = false;
  bool operator==(const IndexPart&) const = default;
};

struct Index {
  std::string name;
  std::vector<IndexPart> parts;
  bool unique = false;
  std::string where;  ///< Condition of a partial index, SQL; empty: all rows.
  bool operator==(const Index&) const = default;
};

/// An index together with the table it is on: for those that do not come with their table.
struct TableIndex {
  std::string table;
  Index index;
  bool operator==(const TableIndex&) const = default;
};

struct Table {
  std::string name;
  std::vector<Column> columns;
  std::optional<PrimaryKey> primary_key;
  std::vector<Unique> uniques;
  std::vector<Check> checks;
  std::vector<ForeignKey> foreign_keys;
  std::vector<Index> indexes;
  std::string comment;

  bool operator==(const Table&) const = default;

  /// The column, index… of that name, or null. The pointer lives as long as the table is not
  /// changed.
  const Column* find_column(std::string_view column) const;
  Column* find_column(std::string_view column);
  const Index* find_index(std::string_view index) const;
};

struct Schema {
  std::vector<Table> tables;  ///< In order of creation.

  bool operator==(const Schema&) const = default;

  const Table* find_table(std::string_view table) const;
  Table* find_table(std::string_view table);
};

// Short ways to write types in code and tests.
Type boolean();
Type small_integer();
Type integer();
Type big_integer();
Type float_number();
Type double_number();
Type decimal(int precision, int scale);
Type string(int length);
Type character(int length);
Type text();
Type binary(int length = 0);
Type date();
Type time();
Type datetime();
Type datetime_with_time_zone();
Type json();
Type uuid();
Type native(std::string name);

}  // namespace parley::schema
