#include "outreach/sending_events.h"

#include "outreach/events.h"
#include "outreach/sending_wire.h"

namespace parley::outreach {

void append_quota_alerts(store::UnitOfWork& unit, const QuotaRequest& request,
                         const QuotaTaken& taken) {
  for (const QuotaAlert& alert : taken.crossed) {
    JsonObject data = quota_alert_json(alert);
    data["channel"] = word(request.channel);
    unit.events.push_back(
        event_for(request.user_id, "quota.alert", word(request.channel), to_text(data)));
  }
}

}  // namespace parley::outreach
