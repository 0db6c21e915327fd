#pragma once

// A namespace on a connection: what every command works on. It reads the recorded state, and never
// writes. One thread; connection, definition and clock must outlive it.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "database/connection.h"
#include "dialect/dialect.h"
#include "migrate/definition.h"
#include "migrate/journal.h"
#include "migrate/verify.h"

namespace parley::migrate {

/// How a namespace stands to its histories.
enum class Standing {
  Empty,     ///< Nothing of it is there: an upgrade creates it.
  Recorded,  ///< It says which revisions are applied.
  Unmarked,  ///< Its tables are there, but nothing says by which revisions: it must be adopted.
};

/// What a namespace records about itself.
struct State {
  Standing standing = Standing::Empty;
  Applied applied;
  bool has_engine_tables =
      false;  ///< The journal knows what is applied; otherwise only the native marker says it.
  std::vector<std::string> other_branch = {};  ///< Unknown ids of the marker that are no obstacle.
};

class Deployment {
 public:
  Deployment(database::Connection& connection, const NamespaceDefinition& definition,
             const Clock& clock);

  database::Connection& connection() const { return connection_; }
  const dialect::Dialect& dialect() const { return dialect_; }
  const NamespaceDefinition& definition() const { return definition_; }
  const Clock& clock() const { return clock_; }
  Journal& journal() { return journal_; }

  /// The live schema without the engine's own tables, in normal form.
  schema::Schema live() const;
  /// Of these tables alone.
  schema::Schema live(const std::set<std::string>& tables) const;

  /// Reads what is applied. Throws Error{DatabaseNewer} when the journal names revisions that no
  /// file has, Error{RevisionNotFound} when the native marker does, Error{HistoryChanged} when an
  /// applied file was edited since, Error{SchemaDrift} when journal and marker say different
  /// things.
  State state();

  /// The same without a look at what is recorded of `forgotten`, so that nothing about it can be
  /// wrong: for a record that is about to be replaced.
  State state_without(const std::string& forgotten);

  /// The schema that should be there: that of the applied revisions; in an unmarked namespace that
  /// of the core's heads. In normal form.
  schema::Schema recorded(const State& state) const;

  /// Live against recorded; in an unmarked namespace the missing marker is one more difference.
  DriftReport drift(const State& state);
  /// The same, for a live schema that was inspected already.
  DriftReport drift(const State& state, const schema::Schema& live) const;

  /// Revisions that `serve` would apply, in order.
  std::vector<const Revision*> pending(const State& state) const;

 private:
  bool has_tables_of_core(const schema::Schema& live) const;
  void require_unchanged(const std::vector<RevisionRow>& rows) const;
  bool agrees(const std::vector<std::string>& marker, const Applied& applied) const;
  bool is_of_other_branch(const std::vector<std::string>& marker) const;
  Applied applied_by_marker(const std::vector<std::string>& marker) const;

  database::Connection& connection_;
  const dialect::Dialect& dialect_;
  const NamespaceDefinition& definition_;
  const Clock& clock_;
  Journal journal_;
};

}  // namespace parley::migrate
