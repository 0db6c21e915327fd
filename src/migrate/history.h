#pragma once

// The graph of all revisions of one namespace, with Alembic's meaning of everything:
// `down_revision` makes branches, heads and bases; `depends_on` only says what must be applied
// first. A namespace may hold several histories (a module's core and support), whose revisions are
// nodes of the same graph, told apart by `Revision::history`, and tied only by `depends_on`. Every
// question costs at most n log n. Immutable after construction; any thread. Errors carry Alembic's
// words, because people search for them.

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "migrate/revision.h"
#include "schema/schema.h"

namespace parley::migrate {

/// The ids of all applied revisions: closed under parents and dependencies, and of one or several
/// histories.
using Applied = std::set<std::string>;

/// Which ties to follow: only `down_revision`, or `depends_on` as well.
enum class Ties { Parents, All };

/// What the graph says of one revision.
struct Place {
  std::vector<std::string> children;  ///< By `down_revision`, in graph order.
  std::vector<std::string> labels;    ///< Its own and those of its branch, sorted.
  bool is_head = false;               ///< Nobody has it as a parent.
  bool is_real_head = false;          ///< Nobody depends on it either, in its history.

  bool is_branch_point() const { return children.size() > 1; }
};

class History {
 public:
  /// Throws Error{InvalidRevisionFile} for two files with one id or one label, or for a missing
  /// parent, Error{HistoryCycle} for a cycle; they name the files or ids.
  explicit History(std::vector<Revision> revisions);

  /// Parents and dependencies before children, a branch at a time.
  const std::vector<Revision>& revisions() const { return revisions_; }
  const Revision* find(std::string_view id) const;
  /// Throws Error{RevisionNotFound}.
  const Revision& at(std::string_view id) const;
  /// The revision that has this branch label itself; null when there is none.
  const Revision* find_labelled(std::string_view label) const;
  Place place_of(std::string_view id) const;

  /// Revisions of `history` (all when empty) that no revision has as a parent, in graph order.
  std::vector<std::string> heads(std::string_view history = {}) const;
  /// Those of the heads that no other revision of the history depends on: with them applied,
  /// everything is. What the word `heads` means.
  std::vector<std::string> real_heads(std::string_view history = {}) const;
  std::vector<std::string> bases(std::string_view history = {}) const;
  std::vector<std::string> children(std::string_view id) const;

  /// Everything that `ids` stand on, themselves included.
  Applied ancestors(std::span<const std::string> ids, Ties ties) const;
  /// Everything that stands on `ids`, themselves included.
  Applied descendants(std::span<const std::string> ids, Ties ties) const;
  /// The branch of a revision: its ancestors and descendants by `down_revision`.
  Applied branch_of(const std::string& id) const;
  /// The revision and everything it stands on: parents and dependencies, all the way down.
  Applied with_ancestors(std::string_view id) const;

  /// The applied ones of `history` (all when empty) that no applied one has as a parent: what
  /// `current` shows.
  std::vector<std::string> newest(const Applied& applied, std::string_view history = {}) const;
  /// Those of them that no applied one of the history depends on: what `alembic_version` holds, as
  /// Alembic writes and expects it.
  std::vector<std::string> marker(const Applied& applied, std::string_view history = {}) const;

  /// The revisions that `expression` names, given what is applied: ids, unique prefixes of at least
  /// 4 characters, branch labels, `head`, `heads`, `base`, `current`, `+N`, `-N`, `rev+N`, `rev-N`,
  /// `label@` before any of them. An empty answer means base. Throws Error{RevisionNotFound} or
  /// Error{MultipleHeads} in Alembic's words.
  std::vector<std::string> resolve(std::string_view expression, const Applied& applied,
                                   std::string_view history) const;
  /// The same for `upgrade`, which only goes up: `-N` from where the database is is an error.
  std::vector<std::string> resolve_upgrade(std::string_view expression, const Applied& applied,
                                           std::string_view history) const;

  /// The revisions of the range `start:end`, newest first. An empty start is base, an empty end
  /// all heads; `-N` as the start counts from the end, `+N` as the end from the start. Throws
  /// Error{RevisionNotFound} also when the start is not an ancestor of the end.
  std::vector<const Revision*> range(std::string_view start, std::string_view end,
                                     const Applied& applied, std::string_view history) const;

  /// What must be applied, in order, so that `targets` are.
  std::vector<const Revision*> upgrade_path(std::span<const std::string> targets,
                                            const Applied& applied) const;

  /// What `downgrade expression` undoes, in order: everything applied that stands on the target,
  /// of any history. Other branches stay; with `label@` in front, those that begin at the target,
  /// too. Throws Error{RevisionNotFound} when the target is not below what is applied, and when
  /// `-N` has several heads to start from.
  std::vector<const Revision*> downgrade_path(std::string_view expression, const Applied& applied,
                                              std::string_view history) const;

  /// What is recorded as applied after `stamp expressions`: the heads on the lines of the
  /// expressions are replaced by them, other branches and histories stay.
  Applied stamped(std::span<const std::string> expressions, const Applied& applied,
                  std::string_view history) const;

  /// Revisions of other histories that an upgrade of `history` brings along: not applied, with all
  /// parents and dependencies in `applied`, tied to `history` by `depends_on`, and no base. A
  /// downgrade took them with it; they come back with what they stand on.
  std::vector<const Revision*> returning(const Applied& applied, std::string_view history) const;

  /// The schema with exactly these revisions applied, replayed from nothing. Throws
  /// Error{InvalidRevisionFile} naming the file whose change does not fit.
  schema::Schema replay(const Applied& applied) const;

  /// The revisions of `chosen` in graph order.
  std::vector<const Revision*> in_order(const Applied& chosen) const;

 private:
  using Edges = std::vector<std::vector<std::size_t>>;  ///< For each revision, its neighbours.

  void connect();
  void label_branches();
  bool is_in(const Revision& revision, std::string_view history) const;
  std::size_t position_of(std::string_view id) const;
  Applied reach(std::span<const std::string> ids, const Edges& edges) const;
  std::vector<std::string> ids_where(const std::vector<bool>& excluded,
                                     std::string_view history) const;

  std::vector<Revision> revisions_;
  std::map<std::string, std::size_t, std::less<>> positions_;
  std::map<std::string, std::size_t, std::less<>> labels_;  ///< Where each label is given.
  std::vector<std::set<std::string>> branch_labels_;        ///< Given and inherited.
  Edges parents_;
  Edges needs_;  ///< Parents and dependencies.
  Edges children_;
  Edges needed_by_;
};

/// Makes the changes of `revision` true of `state`. Throws Error{InvalidRevisionFile} naming the
/// file whose change does not fit.
void replay_onto(schema::Schema& state, const Revision& revision);

}  // namespace parley::migrate
