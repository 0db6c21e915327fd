#pragma once

// Carriers that are somebody's HTTP API: the WhatsApp Cloud API, and any gateway that takes JSON.

#include "outreach/channels/carrier.h"
#include "outreach/channels/settings.h"

namespace parley::outreach {

/// Throws Error{InvalidConfiguration} for a URL that cannot be used, or a field that is missing.
std::unique_ptr<Carrier> open_whatsapp_cloud(const WhatsappCloudSettings& settings,
                                             std::chrono::milliseconds timeout);
std::unique_ptr<Carrier> open_http_gateway(const HttpGatewaySettings& settings,
                                           std::chrono::milliseconds timeout);

/// The gateway's body for a message: the names in braces in its texts are `to`, `phone`, `email`,
/// `name`, `company`, `subject`, `content`, `whatsapp_content`, `template_id`, `template_name`,
/// `log_id`, and the recipient's fields. Pure.
Json filled_body(const Json& body, const OutgoingMessage& message);

}  // namespace parley::outreach
