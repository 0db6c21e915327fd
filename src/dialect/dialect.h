#pragma once

// What differs between the engines, behind one interface: rendering a change as SQL, reading the
// catalogue back into a `Schema`, and normalising: saying what this engine will store for what was
// asked. Rendering and normalising are pure; only `inspect` touches a connection. For every schema,
// on every engine: inspect(execute(render(S))) == normalize(S). Dialects are immutable and shared;
// any thread.
//
// What the model has no field for is kept as a native type, or noted (`schema::Note`) where a
// rebuild could lose it, so that it is kept or the rebuild refused. What inspection does not see is
// listed in docs/guide/schema.md.

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "database/connection.h"
#include "dialect/capabilities.h"
#include "schema/change.h"
#include "schema/schema.h"

namespace parley::dialect {

/// How the statements of a change stand to transactions, where the engine can roll DDL back.
enum class TransactionNeed {
  Inside,       ///< Runs with others in one transaction, and can be rolled back with them.
  Outside,      ///< Refuses to run in a transaction: CREATE INDEX CONCURRENTLY.
  CommitAfter,  ///< What it makes can be used only after the commit: ALTER TYPE … ADD VALUE.
};

/// Something about a database that will hurt sooner or later, though its schema is right.
struct Concern {
  std::string what;
  std::string way_out;  ///< SQL.
};

class Dialect {
 public:
  virtual ~Dialect() = default;

  virtual const Capabilities& capabilities() const = 0;

  /// The statements that make `change` true of a database in state `before`, in order, without a
  /// final semicolon. Throws Error{UnsupportedChange} with the reason and the way out when the
  /// engine cannot. Where DDL cannot be rolled back, the first statement alone makes the change
  /// true, or all that do may be run again, and those behind it may be run again always: whoever
  /// finds an interrupted change asks `is_in_effect` for the first, and repeats the others.
  virtual std::vector<std::string> render(const schema::Change& change,
                                          const schema::Schema& before) const = 0;

  /// `statement`, one that `render` gave, in forms that disturb others less, the gentlest first.
  /// The engine refuses at once, with Error{UnsupportedOperation}, a form that it cannot do; then
  /// the next is tried, and the statement itself at last. The default is none.
  virtual std::vector<std::string> online_forms(const std::string& statement) const;

  /// `statement` as a script for the engine's own command-line client has it, with what ends it:
  /// the usual is `;`.
  virtual std::string script_text(const std::string& statement) const;

  /// What a doctor would point out. Reads the catalogue in a fixed number of queries; the default
  /// is nothing.
  virtual std::vector<Concern> concerns(database::Connection& connection) const;

  /// True when the statements must run with foreign keys switched off: SQLite deletes the
  /// children's rows when it drops a table for a rebuild. Switching does nothing inside a
  /// transaction, so it comes before BEGIN, and the check of all foreign keys before COMMIT.
  virtual bool needs_foreign_keys_off(const schema::Change& change,
                                      const schema::Schema& before) const;

  /// Whether the statements of `change` may share a transaction with those of other changes. Asked
  /// only where `capabilities().transactional_ddl` holds; the default is Inside.
  virtual TransactionNeed transaction_need(const schema::Change& change,
                                           const schema::Schema& before) const;

  /// The statements that remove what an interrupted run of `change` left and a second run would
  /// stumble over: on PostgreSQL the invalid index of a CREATE INDEX CONCURRENTLY. Reads the
  /// catalogue; the default is none.
  virtual std::vector<std::string> leftovers(database::Connection& connection,
                                             const schema::Change& change) const;

  /// How many of `changes`, from the first on, `render_together` does at once because one after the
  /// other would copy the rows of a table several times; 1 when the first is done by itself.
  /// Requires: there is one.
  virtual std::size_t done_together(std::span<const schema::Change> changes,
                                    const schema::Schema& before) const;

  /// As `render`, for that many changes. The default renders one after the other.
  virtual std::vector<std::string> render_together(std::span<const schema::Change> changes,
                                                   const schema::Schema& before) const;

  /// What the statements of `change` make anew under its old name: tables whose rows are copied,
  /// where `needs_foreign_keys_off` holds and whoever runs them compares how many rows there are
  /// before and after; on PostgreSQL views that stand in the way of a change.
  virtual std::vector<std::string> rebuilt_tables(const schema::Change& change,
                                                  const schema::Schema& before) const;

  /// Asked in the transaction of such a change, before it: throws an Error that names the cause and
  /// the rows when those that are there stand in its way. `before` may be an earlier state, to
  /// which the change is brought together with others.
  virtual void require_rows_fit(database::Connection& connection, const schema::Change& change,
                                const schema::Schema& before) const;

  /// The statements that put back what goes with these when they are made anew though `before` does
  /// not mention it: on SQLite triggers and indexes that came since the plan was made, on
  /// PostgreSQL the grants, owner, comment and indexes of a view. Asked in the transaction of the
  /// change, before it, and run after it. Throws Error{RefusedForSafety} when something would be
  /// lost that cannot be made again.
  virtual std::vector<std::string> unmodelled_objects(database::Connection& connection,
                                                      const std::vector<std::string>& tables,
                                                      const schema::Schema& before) const;

  /// `schema` as `inspect` would find it after it was created here: equivalents instead of what the
  /// engine lacks (a zone it cannot keep, JSON as text), names it would give, defaults in one
  /// spelling. Idempotent.
  virtual schema::Schema normalize(const schema::Schema& schema) const = 0;

  /// The tables of the connection's namespace, sorted by name, in normal form, the equivalents
  /// mapped back (an on-update trigger is the column's `on_update_now`). A fixed number of queries,
  /// whatever the number of tables.
  virtual schema::Schema inspect(database::Connection& connection) const = 0;

  /// What `inspect` says of these tables alone, objects that are no tables left out. The default
  /// reads everything and picks; an engine that asks its catalogue by name makes verifying one of
  /// many revisions independent of the number of tables.
  virtual schema::Schema inspect_tables(database::Connection& connection,
                                        const std::set<std::string>& tables) const;

  /// True when a column of type `live` serves code that declared `wanted`, though they are not
  /// equal (PostgreSQL: json for jsonb). Both normalised.
  virtual bool serves_as(const schema::Type& live, const schema::Type& wanted) const = 0;

  /// Those of `texts` that this engine takes: its own, else its family's, else those for all.
  /// MariaDB is of the family of MySQL. Without blanks and semicolon at their end; empty when there
  /// is none.
  std::vector<std::string> texts_of(const schema::SqlTexts& texts) const;

  /// The statement that builds the index while others go on writing, if the engine needs another
  /// one for that. It runs outside a transaction.
  virtual std::optional<std::string> without_blocking(const schema::CreateIndex& change) const;

  /// A type for text of several megabytes: plain text, where that holds as much.
  virtual schema::Type long_text() const { return schema::text(); }

  /// `name` as an identifier: quoted when it is a reserved word or not a plain lower-case name.
  virtual std::string quote(std::string_view name) const = 0;

  /// `text` as a string literal.
  virtual std::string literal(std::string_view text) const = 0;

  /// The type of an array from which a column of that kind takes its values, many rows as one
  /// parameter: `text[]`. Nothing, the default, when there is none or it would need the column's
  /// own type.
  virtual std::optional<std::string> array_type(schema::TypeKind) const { return std::nullopt; }

  /// The column's type in the engine's words, as DDL writes it: `VARCHAR(36)`.
  virtual std::string type_text(const schema::Type& type) const = 0;
};

/// The dialect of the server that `connection` speaks to.
const Dialect& dialect_of(const database::Connection& connection);

/// The dialect of that name, in its newest supported version, for rendering without a database.
/// Throws Error{InvalidArgument} naming the four when there is no such dialect.
const Dialect& dialect_named(std::string_view name);

const Dialect& sqlite();
const Dialect& postgresql();
const Dialect& mysql();
const Dialect& mariadb();

}  // namespace parley::dialect
