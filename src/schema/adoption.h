#pragma once

// What a module knows about the databases that were there before it: which differences to its own
// tables are harmless and why, how a column that is added gets the values that old rows should
// have, which rows need mending, and what makes a table another product's. Data, shipped with the
// module (`<module>/adoption.h`) and followed by verify, repair and adopt. Values; any thread.

#include <string>
#include <vector>

#include "schema/schema.h"

namespace parley::schema {

/// An object as verify names it: `messages.metadata`, `table surveys`, `index ix_a on messages`.
struct KnownNote {
  std::string object;
  std::string reason;
};

/// A column whose values the code reads although its type is another one.
struct AcceptedType {
  std::string table;
  std::string column;  ///< Empty: every column of the table that holds times.
  std::string reason;
};

/// A column that the code can live with as it is found, but repair changes: a type that takes every
/// value of the old one, a NOT NULL that is not wanted.
struct Changeable {
  std::string table;
  std::string column;
};

/// A NOT NULL column that need not be one, but that the code always writes.
struct AlwaysWritten {
  std::string table;
  std::string column;
};

/// Gives old rows their values right after `column` was added.
struct Fill {
  std::string table;
  std::string column;
  std::string from_column;  ///< Only when the table has this one too; empty: always.
  SqlTexts statement;
};

/// A column that no fresh database misses and no old one needs: added with `--full` only.
struct OptionalColumn {
  std::string table;
  std::string column;
  std::string reason;
  SqlTexts fill;
};

/// Rows that a statement mends: JSON that is text in a text, figures that disagree with what they
/// count.
struct RowRule {
  std::string object;              ///< `agents.triggers`.
  std::vector<std::string> needs;  ///< The tables and `table.column`s it reads.
  SqlTexts count;                  ///< SELECT of the number of rows to mend.
  SqlTexts mend;
  std::string wanted;    ///< What the rows should hold: `a JSON array`.
  std::string done;      ///< What repair says: `Rewrote triggers of agents as JSON`.
  bool is_note = false;  ///< The code reads such rows too.
  std::string option;    ///< Mended only with this option (`--dedupe`); empty: always.
};

/// Of rows that a unique key forbids, the newest stays and the others move to a table of their own.
struct KeepNewest {
  std::string table;
  std::vector<std::string> columns;
  std::string newest_by;  ///< Column; ties go to the greater `id`.
  std::string kept_in;    ///< The table for the others.
};

/// What tells that a table belongs to another product: a wrong type of this column.
struct OtherProduct {
  std::string object;  ///< `agents.id`.
  std::string reason;
};

/// Whether an upgrade takes over tables that no record mentions, or leaves that to a person.
enum class Takeover {
  Never,      ///< `repair` and `adopt` do.
  WhenEqual,  ///< When the tables that are there are as they should be.
  Always,     ///< After a backup, repairing what differs.
};

struct AdoptionRules {
  std::vector<KnownNote> notes;
  std::vector<AcceptedType> accepted_types;
  std::vector<Changeable> changeables;
  std::vector<AlwaysWritten> always_written;
  std::vector<Fill> fills;
  std::vector<OptionalColumn> optional_columns;
  std::vector<RowRule> rows;
  std::vector<KeepNewest> keep_newest;
  std::vector<OtherProduct> other_products;
  /// The tables that another branch of the original's history, whose ids we do not know, has in
  /// common with ours. A database of exactly these, complete, is taken by its shape; empty: there
  /// is none.
  std::vector<std::string> common_tables;
  std::vector<std::string> parents;  ///< Without these tables only `repair` goes on.
  Takeover takeover = Takeover::Never;
  std::string table_prefix;                ///< Left out in `orphaned_<table>`.
  std::vector<std::string> closing_lines;  ///< What verify says at the end.
};

}  // namespace parley::schema
