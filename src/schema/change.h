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
struct DropCheck {
  std::string table;
  std::string check;
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

/// SQL of the user's own, for one engine (`sqlite`, `postgresql`, `mysql`, `mariadb`) or for all
/// (empty).
struct SqlText {
  std::string dialect;
  std::string sql;
  bool operator==(const SqlText&) const = default;
};
/// Runs SQL that the engine does not look into. It changes no schema: one that should is written as
/// the change it stands for.
struct Execute {
  std::vector<SqlText> texts;
  std::vector<SqlText> undo;  ///< Empty: cannot be undone.
  bool operator==(const Execute&) const = default;
};

using Change =
    std::variant<CreateTable, DropTable, RenameTable, AddColumn, DropColumn, AlterColumn,
                 RenameColumn, CreateIndex, DropIndex, AddPrimaryKey, DropPrimaryKey, AddUnique,
                 DropUnique, AddCheck, DropCheck, AddForeignKey, DropForeignKey, Execute>;

/// Makes `change` true of `schema`. A rename carries everything that uses the old name: keys,
/// indexes, conditions, foreign keys of other tables. Throws Error{InvalidRevisionFile} that names
/// the object, and leaves `schema` as it was, when the change does not fit the state: a table that
/// exists already, a column that does not, or one that a key, index, check or foreign key still
/// uses.
void apply(Schema& schema, const Change& change);

/// The changes that lead back from `apply(before, change)` to `before`, in the order to run them.
/// Throws Error{UnsupportedChange} when there is no way back (an `Execute` without `undo`), and
/// Error{InvalidRevisionFile} when the change does not fit `before`.
std::vector<Change> inverse(const Change& change, const Schema& before);

/// One line for people: `create table live_agent_sessions`, `add column messages.read_at`.
std::string describe(const Change& change);

/// The table that the change is about; empty for `Execute`.
std::string table_of(const Change& change);

/// True when rows or values are lost: a dropped table or column.
bool loses_data(const Change& change);

/// True when `schema` already shows what the change does, and false when it does not: the question
/// a recovery asks. A created table counts when it exists, whatever it holds: a plan makes its
/// indexes steps of their own. For `Execute`, which leaves no trace in a schema, always false.
/// Requires: both are in the same normal form, or an altered column never looks done.
bool is_in_effect(const Schema& schema, const Change& change);

}  // namespace parley::schema
