#pragma once

// Changes many rows without holding many locks: in batches by primary key, each a transaction of
// its own together with the note of how far it came, so that a killed run goes on where it stopped
// and no row is done twice. A batch is sized by the time that the one before took. One thread.

#include <cstdint>
#include <functional>
#include <string>

#include "database/connection.h"
#include "migrate/execute_options.h"
#include "schema/schema.h"

namespace parley::migrate {

struct BackfillJob {
  schema::Table table;      ///< Without a primary key it is done in one batch.
  std::string assignments;  ///< SQL: `kind = 'text', size = length(body)`.
  std::string condition;    ///< SQL; empty: all rows.
};

/// How far a backfill came.
struct BackfillPlace {
  std::int64_t rows = 0;
  std::string resume_at;  ///< The key of the last row done, as JSON; empty: at the beginning.
};

/// Rows of the next batch, after one of `rows` took `took`: aims at `wanted`, and at most doubles
/// or halves.
std::int64_t next_batch(std::int64_t rows, std::chrono::milliseconds took,
                        std::chrono::milliseconds wanted);

/// Carries the job out from `from` on. `save` is called inside the transaction of every batch with
/// the place it reached, the last time with `is_done`; `report` after its commit with the rows done
/// and the rows there are. A batch that meets another's lock is tried again as the options say.
/// Requires: no transaction is open.
struct BackfillListener {
  std::function<void(const BackfillPlace&, bool is_done)> save;
  std::function<void(std::int64_t rows_done, std::int64_t rows_total)> report;
};
void backfill(database::Connection& connection, const BackfillJob& job, BackfillPlace from,
              const ExecuteOptions& options, const BackfillListener& listener);

}  // namespace parley::migrate
