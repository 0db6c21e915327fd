#pragma once

// Keeps what a revision drops, so that its way back brings the values again and not only the
// columns: a table's rows, or a column's values with the primary key of their row, go to a table of
// the engine's own, `parley_parked_<12 hexadecimal digits>`, before the revision runs. One thread.

#include <string>
#include <vector>

#include "migrate/deployment.h"
#include "migrate/revision.h"

namespace parley::migrate {

/// Something that a revision drops.
struct Parked {
  std::string table;
  std::string column;   ///< Empty: the whole table.
  std::string kept_in;  ///< The table that keeps it.

  bool operator==(const Parked&) const = default;
};

/// What `revision` drops of `before`, the schema it is applied to, in its order. What it creates
/// itself is not among it, nor are generated columns.
std::vector<Parked> dropped_by(const Revision& revision, const schema::Schema& before);

/// Copies what is to be kept, in the transaction that is open, or in one of its own; what an
/// earlier attempt kept is replaced. `before` is the schema before the revision in normal form.
/// Throws Error{RefusedForSafety} naming what cannot be parked and why: a column of a table without
/// a primary key, something that the revision renames first.
void park(Deployment& deployment, const std::vector<Parked>& dropped, const schema::Schema& before);

/// Those whose rows are kept in this database.
std::vector<Parked> kept_of(const Deployment& deployment, const std::vector<Parked>& dropped);

/// `back`, the changes that undo the revision, with the rows and values put back as soon as there
/// is room for them, and before what could refuse them or act on them: NOT NULL, foreign keys,
/// triggers of the table.
std::vector<schema::Change> with_kept_values(const std::vector<schema::Change>& back,
                                             const std::vector<Parked>& kept,
                                             const schema::Schema& before,
                                             const dialect::Dialect& dialect);

/// Lets tables that came back give out ids behind those of their rows.
void go_on_counting(Deployment& deployment, const std::vector<Parked>& kept,
                    const schema::Schema& before);

/// Drops what is kept.
void forget(Deployment& deployment, const std::vector<Parked>& kept);

}  // namespace parley::migrate
