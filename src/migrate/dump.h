#pragma once

// The namespace as a logical backup: written from one snapshot, read back into an empty namespace.
// What the model has no word for is not in it, and the writer finds that out: it compares the
// schema that the dump will make with the live one, and refuses to write a backup that lies. One
// thread.

#include "migrate/deployment.h"
#include "migrate/dump_file.h"
#include "migrate/progress.h"

namespace parley::migrate {

struct DumpTotals {
  std::int64_t tables = 0;
  std::int64_t rows = 0;
};

/// Writes schema and rows of the whole namespace, the engine's own tables included, the lock's row
/// excluded. Throws Error{UnsupportedChange} when the schema cannot be said in the model's words.
DumpTotals write_dump(Deployment& deployment, const std::string& tool_version, FileWriter& out,
                      const ProgressListener& listener);

/// The sum of the rows of `table`, over its columns that are not generated. Reads each row once.
RowSum sum_of_rows(database::Connection& connection, const schema::Table& table);

/// Creates what the dump holds and compares: number and sum of the rows of every table, and the
/// schema. Throws Error{SchemaDrift} or {RefusedForSafety} naming what differs. Requires: the
/// namespace is empty.
DumpTotals read_dump(Deployment& deployment, DumpReader& in, const ProgressListener& listener);

}  // namespace parley::migrate
