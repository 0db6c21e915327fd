#pragma once

// What a namespace should look like, and how it got there: its histories, each with its revisions
// and the tables that the code declares. A module of the server gives one of these; a project of
// the user's own is one with a single history and no declarations. Values; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "migrate/history.h"
#include "migrate/marker.h"
#include "migrate/revision.h"
#include "schema/adoption.h"
#include "schema/schema.h"

namespace parley::migrate {

struct HistoryDefinition {
  std::string name;  ///< `live_agent`, `live_agent.support`; empty in a user's own project.
  std::vector<schema::Table> declared_tables;
  std::vector<schema::TableIndex> declared_indexes;  ///< On tables of other histories.
  std::vector<schema::Enum> declared_enums;
};

struct NamespaceDefinition {
  std::string name;  ///< The module; empty in a user's own project.
  std::vector<HistoryDefinition>
      histories;  ///< The core first. Its newest revisions are the native marker.
  History graph;  ///< The revisions of all of them.
  Marker marker;
  schema::AdoptionRules adoption;  ///< What is known of databases that were there before.

  /// Differences that the project's own folder says to leave alone (migrate/drift_decision.h).
  std::vector<schema::KnownNote> ignored = {};

  const HistoryDefinition& core() const { return histories.front(); }

  /// Throws Error{InvalidArgument} naming the histories there are.
  const HistoryDefinition& history_named(std::string_view history) const;

  /// All that all histories declare, as one schema.
  schema::Schema declared() const;
};

/// The schema `base` with what `history` declares in place of what it had: what autogenerate
/// compares with.
schema::Schema with_declared(schema::Schema base, const HistoryDefinition& history);

/// `schema` without the tables that the engine keeps for itself in every namespace: the journal's,
/// the lock's and the native marker.
schema::Schema without_engine_tables(schema::Schema schema, const Marker& marker = {});

}  // namespace parley::migrate
