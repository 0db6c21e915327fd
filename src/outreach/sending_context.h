#pragma once

// What the endpoints of sending work with. Everything referred to outlives them.

#include "outreach/context.h"
#include "outreach/quotas.h"
#include "outreach/sender.h"
#include "outreach/sending_settings.h"

namespace parley::outreach {

struct SendingContext {
  const Context context;
  const SendingSettings& settings;
  const Quotas& quotas;
  Sender& sender;
};

}  // namespace parley::outreach
