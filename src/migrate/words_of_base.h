#pragma once

// Revision files name constraints and indexes as they were written; what inspection finds is in
// normal form, in which an engine may have forgotten a name (that it would have chosen itself),
// made an index of a constraint, or spelled an expression anew. Pure.

#include <vector>

#include "dialect/dialect.h"
#include "schema/change.h"
#include "schema/schema.h"

namespace parley::migrate {

/// `changes` with each drop of a constraint or index that `base` does not have under that name
/// turned into the drop of what `known`, the schema in the words of the files, calls so. What is in
/// neither stays as it is, for the error that says so.
std::vector<schema::Change> in_words_of(const schema::Schema& base,
                                        const std::vector<schema::Change>& changes,
                                        const schema::Schema& known,
                                        const dialect::Dialect& dialect);

}  // namespace parley::migrate
