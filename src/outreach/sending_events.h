#pragma once

// What sending tells of, beside the statuses of messages. Pure but for the events that are
// appended; any thread.

#include "outreach/quotas.h"
#include "store/unit_of_work.h"

namespace parley::outreach {

/// `quota.alert` for each quota that came near its limit by this.
void append_quota_alerts(store::UnitOfWork& unit, const QuotaRequest& request,
                         const QuotaTaken& taken);

}  // namespace parley::outreach
