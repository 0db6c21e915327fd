#pragma once

// One change of a schema, as a value, and what it does to a `Schema` value. `Change` is a closed
// variant: whoever visits it without a catch-all stops compiling when an alternative is added,
// which is how no dialect can forget one. `apply` is the meaning of a change; replaying revisions
// is nothing but `apply` in order, and undoing one is `inverse` of it against the state before.
// Values and pure functions.

#include <string>
#include <variant>
#include <vector>

#include "schema/schema.h"

namespace parley::schema {

/// Creates the table with its keys, constraints and, when it lists any, its indexes.
struct CreateTable {
  Table table;
  bool operator==(const CreateTable&) const = default;
};
struct DropTable {
  std::string table;
  bool operator==(const DropTable&) const = default;
};
struct RenameTable {
  std::string table;
  std::string new_name;
  bool operator==(const RenameTable&) const = default;
};

/// Adds the column behind the existing ones.
struct AddColumn {
  std::string table;
  Column column;
  bool operator==(const AddColumn&) const = default;
};
struct DropColumn {
  std::string table;
  std::string column;
  bool operator==(const DropColumn&) const = default;
};
/// Gives the column of that name all properties of `column`.
struct AlterColumn {
  std::string table;
  Column column;
  bool operator==(const AlterColumn&) const = default;
};
struct RenameColumn {
  std::string table;
  std::string column;
  std::string new_name;
  bool operator==(const RenameColumn&) const = default;
};

struct CreateIndex {
  std::string table;
  Index index;
  bool operator==(const CreateIndex&) const = default;
};
struct DropIndex {
  std::string table;
  std::string index;
  bool operator==(const DropIndex&) const = default;
};

struct AddPrimaryKey {
  std::string table;
  PrimaryKey primary_key;
  bool operator==(const AddPrimaryKey&) const = default;
};
struct DropPrimaryKey {
  std::string table;
  bool operator==(const DropPrimaryKey&) const = default;
};
struct AddUnique {
  std::string table;
  Unique unique;
  bool operator==(const AddUnique&) const = default;
};
/// Found by name, or by columns when `unique.name` is empty.
struct DropUnique {
  std::string table;
  Unique unique;
  bool operator==(const DropUnique&) const = default;
};
struct AddCheck {
  std::string table;
  Check check;
  bool operator==(const AddCheck&) const = default;
};
/// Found by name, or by its SQL when `check` is empty.
struct DropCheck {
  std::string table;
  std::string check;
  std::string expression;
  bool operator==(const DropCheck&) const = default;
};
struct AddForeignKey {
  std::string table;
  ForeignKey foreign_key;
  bool operator==(const AddForeignKey&) const = default;
};
/// Found by name, or by columns when `foreign_key.name` is empty.
struct DropForeignKey {
  std::string table;
  ForeignKey foreign_key;
  bool operator==(const DropForeignKey&) const = default;
};

struct RenameIndex {
  std::string table;
  std::string index;
  std::string new_name;
  bool operator==(const RenameIndex&) const = default;
};

struct CreateView {
  View view;
  bool operator==(const CreateView&) const = default;
};
struct DropView {
  std::string view;
  bool operator==(const DropView&) const = default;
};
/// Gives the view of that name another definition.
struct ReplaceView {
  View view;
  bool operator==(const ReplaceView&) const = default;
};

struct CreateTrigger {
  Trigger trigger;
  bool operator==(const CreateTrigger&) const = default;
};
struct DropTrigger {
  std::string table;
  std::string trigger;
  bool operator==(const DropTrigger&) const = default;
};
/// Gives the trigger of that table and name another definition.
struct ReplaceTrigger {
  Trigger trigger;
  bool operator==(const ReplaceTrigger&) const = default;
};

struct CreateEnum {
  Enum enumeration;
  bool operator==(const CreateEnum&) const = default;
};
/// What rows that hold `from` hold afterwards.
struct ValueMapping {
  std::string from;
  std::string to;
  bool operator==(const ValueMapping&) const = default;
};
/// Gives the enum of that name another list of values: some added, renamed, removed, or in another
/// order.
struct AlterEnum {
  Enum enumeration;
  std::vector<ValueMapping> renamed;   ///< `to` is new, `from` goes; the rows follow.
  std::vector<ValueMapping> replaced;  ///< `from` goes; its rows get `to`, which stays or is new.
  bool operator==(const AlterEnum&) const = default;
};
struct DropEnum {
  std::string enumeration;
  bool operator==(const DropEnum&) const = default;
};

/// The comment of a table, or of one of its columns; an empty comment takes it away.
struct SetComment {
  std::string table;
  std::string column;  ///< Empty: the table's own.
  std::string comment;
  bool operator==(const SetComment&) const = default;
};

/// SQLite's STRICT and WITHOUT ROWID; elsewhere without effect.
struct SetTableOptions {
  std::string table;
  bool is_strict = false;
  bool is_without_rowid = false;
  bool operator==(const SetTableOptions&) const = default;
};

struct Assignment {
  std::string column;
  SqlTexts value;  ///< An SQL expression over the columns of the row.
  bool operator==(const Assignment&) const = default;
};
/// Sets columns of the rows for which `where` holds, in batches, each a transaction of its own, so
/// that a large table stays usable and a killed run goes on where it stopped. Changes no schema.
struct Backfill {
  std::string table;
  std::vector<Assignment> set;
  SqlTexts where;  ///< None: all rows.
  bool operator==(const Backfill&) const = default;
};

struct AnyChange;

/// Runs SQL that the engine does not look into. What it does to the schema, if anything, is said in
/// `stands_for`.
struct Execute {
  SqlTexts texts;
  SqlTexts undo;                      ///< Empty: cannot be undone.
  std::vector<AnyChange> stands_for;  ///< The changes that the SQL makes true, in order.
  bool operator==(const Execute&) const;
};

using Change =
    std::variant<CreateTable, DropTable, RenameTable, AddColumn, DropColumn, AlterColumn,
                 RenameColumn, CreateIndex, DropIndex, RenameIndex, AddPrimaryKey, DropPrimaryKey,
                 AddUnique, DropUnique, AddCheck, DropCheck, AddForeignKey, DropForeignKey,
                 CreateView, DropView, ReplaceView, CreateTrigger, DropTrigger, ReplaceTrigger,
                 CreateEnum, AlterEnum, DropEnum, SetComment, SetTableOptions, Backfill, Execute>;

/// A change inside a change.
struct AnyChange {
  Change change;
  bool operator==(const AnyChange&) const = default;
};

inline bool Execute::operator==(const Execute& other) const {
  return texts == other.texts && undo == other.undo && stands_for == other.stands_for;
}

/// Makes `change` true of `schema`. A rename carries everything that uses the old name: keys,
/// indexes, conditions, foreign keys of other tables, and in views and triggers the name of a
/// table, and of a column behind NEW and OLD. Throws Error{InvalidRevisionFile} that names the
/// object, and leaves `schema` as it was, when the change does not fit the state: a table that
/// exists already, a column that does not, or one that a key, index, check, foreign key, view or
/// trigger still uses. Views and triggers are searched for names as words, so that a name in common
/// may look like a use.
void apply(Schema& schema, const Change& change);

/// The changes that lead back from `apply(before, change)` to `before`, in the order to run them.
/// Throws Error{UnsupportedChange} when there is no way back (an `Execute` without `undo`), and
/// Error{InvalidRevisionFile} when the change does not fit `before`.
std::vector<Change> inverse(const Change& change, const Schema& before);

/// One line for people: `create table live_agent_sessions`, `add column messages.read_at`.
std::string describe(const Change& change);

/// The table that the change is about; of a view or enum its own name; empty for `Execute`.
std::string table_of(const Change& change);

/// True when rows or values are lost: a dropped table or column, or a change that says so of an
/// enum's values (`replaced`).
bool loses_data(const Change& change);

/// True when `schema` already shows what the change does, and false when it does not: the question
/// a recovery asks. A created table counts when it exists, whatever it holds: a plan makes its
/// indexes steps of their own. For `Backfill` and an `Execute` that stands for nothing, which leave
/// no trace in a schema, always false. Requires: both are in the same normal form, or an altered
/// column never looks done.
bool is_in_effect(const Schema& schema, const Change& change);

}  // namespace parley::schema
