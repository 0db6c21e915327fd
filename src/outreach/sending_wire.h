#pragma once

// The JSON shapes of what sending answers, and their schemas for the API's document. Pure
// functions; any thread.

#include <string>
#include <vector>

#include "base/json.h"
#include "base/json_schema.h"
#include "outreach/deliveries.h"
#include "outreach/quotas.h"
#include "outreach/sending_tables.h"
#include "outreach/split.h"
#include "outreach/tables.h"
#include "outreach/template.h"

namespace parley::outreach {

JsonObject delivery_json(const DeliveryRecordRow& row);
JsonObject delivery_figures_json(const DeliveryFigures& figures, std::int64_t days);
JsonObject status_event_json(const StatusEventRow& row);

JsonObject quota_state_json(const QuotaState& state, Timestamp now);
JsonObject quota_alert_json(const QuotaAlert& alert);
JsonObject quota_taken_json(const QuotaTaken& taken);
JsonObject quota_denied_json(const QuotaDenied& denied, Timestamp now);

/// Whole seconds from `now` to `time`, rounded up.
std::int64_t seconds_until(Timestamp time, Timestamp now);

JsonObject rendered_json(const RenderedMessage& message);
JsonObject split_json(const SplitText& split);

JsonObject delivery_schema();
JsonObject delivery_figures_schema();
JsonObject status_event_schema();
JsonObject quota_state_schema();
JsonObject quota_taken_schema();
JsonObject quota_denied_schema();
JsonObject rendered_schema();
JsonObject split_schema();
JsonObject template_schema();

}  // namespace parley::outreach
