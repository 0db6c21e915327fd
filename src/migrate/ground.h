#pragma once

// The schema on which a revision stands: that of everything below it. Asked for one revision after
// another in graph order, a history is replayed once. One thread.

#include <vector>

#include "migrate/history.h"
#include "schema/schema.h"

namespace parley::migrate {

class Ground {
 public:
  /// `history` must outlive it.
  explicit Ground(const History& history) : history_(history) {}

  /// The schema that `revision` finds where only what it stands on is applied; it stays until the
  /// next call. Throws as History::replay.
  const schema::Schema& below(const Revision& revision);

 private:
  const History& history_;
  std::vector<const Revision*> applied_;  ///< In graph order.
  schema::Schema state_;                  ///< With them.
};

}  // namespace parley::migrate
