#pragma once

// What a database looks like, as plain values: a `Schema` holds tables, views, triggers and enums,
// a table holds columns, keys and indexes. Everything refers to everything else by name, compares
// with `==`, and knows no engine: the words are neutral, and `dialect/` translates. Declared,
// recorded (replayed) and live (inspected) schemas are all of this type, which is what makes them
// comparable. Values only; any thread.

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
  Enum,    ///< One of the values of the schema's enum that `native` names. Where the engine has no
           ///< such type: text of at most `length` characters (0: the longest value) and a check.
  Native,  ///< A type that the model has no word for: `native` is the engine's own text.
};

/// What inspection notes beside the model: whoever makes the object anew needs it, and comparison
/// passes over it, so that two notes are always equal.
struct Note {
  std::string text;
  bool operator==(const Note&) const { return true; }
};

struct Type {
  TypeKind kind = TypeKind::Text;
  int length = 0;
  int precision = -1;
  int scale = 0;
  bool with_time_zone = false;
  std::string native;
  Note spelling = {};  ///< As the catalogue spells it, where that may differ: `timestamp`.

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

/// SQL of the user's own, for one engine (`sqlite`, `postgresql`, `mysql`, `mariadb`) or for all
/// (empty).
struct SqlText {
  std::string dialect;
  std::string sql;
  bool operator==(const SqlText&) const = default;
};

/// One text for all engines, or one for each. In normal form: the one text of that engine, for all.
using SqlTexts = std::vector<SqlText>;

/// How a generated column gets its value.
struct Generated {
  std::string expression;  ///< SQL, without the outer parentheses.
  bool is_stored = false;  ///< Kept in the row; otherwise computed when it is read.
  bool operator==(const Generated&) const = default;
};

struct Column {
  std::string name;
  Type type;
  bool nullable = false;
  std::optional<Default> default_value;
  bool auto_increment = false;
  bool on_update_now =
      false;  ///< The engine sets it to now when a statement changes the row but not it.
  /// The name of the trigger that does that where the engine cannot by itself; empty:
  /// `trg_<table>_<column>`. SQLite has one trigger for all such columns of a table, with the name
  /// of the first.
  std::string on_update_trigger;
  std::string collation;  ///< Empty: the table's or engine's own.
  std::string comment;
  std::optional<Generated> generated;  ///< Then it has no default and nobody writes it.

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

/// When a foreign key is checked: at each statement, or at the latest at COMMIT.
enum class Deferral { NotDeferrable, InitiallyImmediate, InitiallyDeferred };

struct ForeignKey {
  std::string name;  ///< Empty: the engine names it.
  std::vector<std::string> columns;
  std::string referenced_table;
  std::vector<std::string> referenced_columns;
  ReferenceAction on_delete = ReferenceAction::NoAction;
  ReferenceAction on_update = ReferenceAction::NoAction;
  Deferral deferral = Deferral::NotDeferrable;
  bool operator==(const ForeignKey&) const = default;
};

enum class NullsOrder { Usual, First, Last };

/// A column or an expression: exactly one of the two is there.
struct IndexPart {
  std::string column;
  bool descending = false;
  std::string expression;  ///< SQL, without the outer parentheses.
  int prefix_length = 0;   ///< Only so many characters or bytes of the column; 0: all of it.
  std::string collation;
  std::string operator_class;
  NullsOrder nulls = NullsOrder::Usual;
  bool operator==(const IndexPart&) const = default;
};

struct Index {
  std::string name;
  std::vector<IndexPart> parts;
  bool unique = false;
  std::string where;   ///< Condition of a partial index, SQL; empty: all rows.
  std::string method;  ///< `gin`, `hash`, `fulltext`…; empty: the engine's usual, a B-tree.
  std::vector<std::string> include;  ///< Columns kept in the index that are no part of its key.
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
  bool is_strict = false;         ///< SQLite: values must be of their column's type.
  bool is_without_rowid = false;  ///< SQLite: the rows are kept in the primary key.
  /// What the table has and no field tells (SQLite: `ON CONFLICT REPLACE`), in words; empty:
  /// nothing. Whoever would have to make the table anew refuses.
  Note unmodelled = {};

  bool operator==(const Table&) const = default;

  /// The column, index… of that name, or null. The pointer lives as long as the table is not
  /// changed.
  const Column* find_column(std::string_view column) const;
  Column* find_column(std::string_view column);
  const Index* find_index(std::string_view index) const;
};

struct View {
  std::string name;
  SqlTexts query;  ///< The SELECT. Without one for an engine, the view is not there.
  std::vector<std::string> columns;  ///< Their names; empty: as the SELECT names them.
  bool is_materialized = false;
  bool operator==(const View&) const = default;
};

enum class TriggerTime { Before, After, InsteadOf };

/// What a trigger fires on; at least one.
struct TriggerEvents {
  bool insert = false;
  bool update = false;
  bool remove = false;  ///< DELETE.
  bool operator==(const TriggerEvents&) const = default;
};

struct Trigger {
  std::string name;
  std::string table;  ///< Or a view, for InsteadOf.
  TriggerTime time = TriggerTime::After;
  TriggerEvents events;
  std::vector<std::string> update_of;  ///< Only when one of these columns is set; empty: any.
  bool for_each_statement = false;
  SqlTexts when;  ///< Condition, SQL, without the outer parentheses; none: always.
  /// What it does. SQLite, MySQL and MariaDB: the statements between BEGIN and END, each with its
  /// semicolon. PostgreSQL: the body of a PL/pgSQL function, from DECLARE or BEGIN to END. Without
  /// one for an engine, the trigger is not there.
  SqlTexts body;
  /// PostgreSQL: the function that holds the body, when it is not named as the trigger. Triggers
  /// may share one.
  std::string function;
  Note stored_sql = {};  ///< SQLite: the CREATE statement as the catalogue has it.
  bool operator==(const Trigger&) const = default;
};

/// A type with a fixed list of values, in their order.
struct Enum {
  std::string name;
  std::vector<std::string> values;
  bool operator==(const Enum&) const = default;
};

struct Schema {
  std::vector<Table> tables;  ///< In order of creation.
  std::vector<View> views;    ///< In order of creation.
  std::vector<Trigger> triggers;
  std::vector<Enum> enums;

  bool operator==(const Schema&) const = default;

  const Table* find_table(std::string_view table) const;
  Table* find_table(std::string_view table);
  const View* find_view(std::string_view view) const;
  const Enum* find_enum(std::string_view enumeration) const;
  /// Trigger names belong to their table: two tables may have triggers of one name.
  const Trigger* find_trigger(std::string_view table, std::string_view trigger) const;
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
/// A column of the schema's enum of that name.
Type enumeration(std::string name, int length = 0);
Type native(std::string name);

}  // namespace parley::schema
