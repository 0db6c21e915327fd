#pragma once

// Asks the engine itself what a schema looks like once it is there. Engines rewrite the text of
// views, checks and defaults; two texts that mean the same can be told from two that do not only by
// letting the engine write both. So a schema is created in a scratch namespace (dialect/scratch.h)
// and inspected there. One thread.

#include <string>

#include "database/connection.h"
#include "dialect/scratch.h"
#include "schema/schema.h"

namespace parley::migrate {

/// A schema as the engine gives it back.
struct EngineForm {
  schema::Schema schema;
  bool is_by_engine = false;  ///< False: brought to normal form by Parley's own rules alone.
  std::string how;            ///< For people: `in a database in memory`, or why not by the engine.
};

/// Creates everything of `schema` in an empty scratch. Throws Error{InvalidArgument} naming the
/// object that the engine refuses, with its words.
void create_in(dialect::Scratch& scratch, const schema::Schema& schema);

/// `schema` in the form in which this engine keeps it. Lacking the privilege for a scratch is no
/// error. Throws as `create_in`.
EngineForm normalized_by_engine(database::Connection& live, const schema::Schema& schema);

/// `recorded` in a form that can be compared with `live`, which was inspected. The engine is asked
/// only when texts that engines rewrite are the difference; when it cannot be asked, or refuses,
/// `recorded` stays as it is. Requires: both are in the dialect's normal form.
schema::Schema settle(database::Connection& connection, const schema::Schema& live,
                      const schema::Schema& recorded);

}  // namespace parley::migrate
