#pragma once

// How a report of differences reads to a module that knows the databases which were there before
// it (schema/adoption.h), and which revisions' tables such a database has. Pure.

#include "dialect/dialect.h"
#include "migrate/definition.h"
#include "migrate/verify.h"
#include "schema/adoption.h"

namespace parley::migrate {

/// `report` with the module's rules applied: what is known to be harmless is a note with its
/// reason, what repair may change has a fix that keeps what serves. Requires: `live` and `wanted`
/// are what the report compared.
DriftReport judged(DriftReport report, const schema::Schema& live, const schema::Schema& wanted,
                   const schema::AdoptionRules& rules, const dialect::Dialect& dialect);

/// The revisions that a namespace stands on: `applied`, and those of which it has a table already,
/// with their ancestors.
Applied recognized(const NamespaceDefinition& definition, Applied applied,
                   const schema::Schema& live);

}  // namespace parley::migrate
