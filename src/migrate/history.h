#pragma once

// The graph of all revisions of one namespace. A namespace may hold several histories (a module's
// core and support), whose revisions are nodes of the same graph, told apart by
// `Revision::history`, and tied only by `depends_on`. Immutable after construction; any thread.
// Errors carry Alembic's words, because people search for them.

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "migrate/revision.h"
#include "schema/schema.h"

namespace parley::migrate {

/// The ids of all applied revisions: closed under parents, and of one or several histories.
using Applied = std::set<std::string>;

class History {
 public:
  /// Throws Error{InvalidRevisionFile} for two files with one id or a missing parent,
  /// Error{HistoryCycle} for a cycle; both name the files.
  explicit History(std::vector<Revision> revisions);

  const std::vector<Revision>& revisions() const {
    return revisions_;
  }  ///< Parents before children.
  const Revision* find(std::string_view id) const;

  /// Revisions of `history` (all when empty) that no revision has as a parent, in graph order.
  std::vector<std::string> heads(std::string_view history = {}) const;
  std::vector<std::string> bases(std::string_view history = {}) const;
  std::vector<std::string> children(std::string_view id) const;

  /// The revision and everything it stands on: parents and dependencies, all the way down.
  Applied with_ancestors(std::string_view id) const;

  /// The newest applied ones of `history` (all when empty): those of `applied` that are no parent
  /// of another applied one. What `alembic_version` holds.
  std::vector<std::string> newest(const Applied& applied, std::string_view history = {}) const;

  /// The revisions that `expression` names, given what is applied: ids, unique prefixes of at least
  /// 4 characters, branch labels, `head`, `heads`, `base`, `current`, `+N`, `-N`, `rev+N`, `rev-N`,
  /// `label@head`, `label@base`. An empty answer means base. Throws Error{RevisionNotFound} or
  /// Error{MultipleHeads} in Alembic's words.
  std::vector<std::string> resolve(std::string_view expression, const Applied& applied,
                                   std::string_view history) const;

  /// What must be applied, in order, so that `targets` are.
  std::vector<const Revision*> upgrade_path(std::span<const std::string> targets,
                                            const Applied& applied) const;

  /// What must be undone, in order, so that of `history` only `targets` and their ancestors remain
  /// applied; includes revisions of other histories that depend on something undone.
  std::vector<const Revision*> downgrade_path(std::span<const std::string> targets,
                                              const Applied& applied,
                                              std::string_view history) const;

  /// Revisions of other histories that an upgrade of `history` brings along: not applied, with all
  /// parents and dependencies in `applied`, tied to `history` by `depends_on`, and no base. A
  /// downgrade took them with it; they come back with what they stand on.
  std::vector<const Revision*> returning(const Applied& applied, std::string_view history) const;

  /// The schema with exactly these revisions applied, replayed from nothing. Throws
  /// Error{InvalidRevisionFile} naming the file whose change does not fit.
  schema::Schema replay(const Applied& applied) const;

 private:
  bool is_in(const Revision& revision, std::string_view history) const;
  const Revision& at(std::string_view id) const;
  std::vector<const Revision*> in_order(const Applied& chosen) const;

  std::vector<Revision> revisions_;
  std::map<std::string, std::size_t, std::less<>> positions_;
};

}  // namespace parley::migrate
