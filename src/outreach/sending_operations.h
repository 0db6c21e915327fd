#pragma once

// What each endpoint of sending does, for the API's document (see operations.h). Pure functions,
// called at start.

#include "http/operation.h"

namespace parley::outreach::operation {

http::Operation send_messages();
http::Operation retry_message();
http::Operation list_message_events();

http::Operation report_delivery();
http::Operation show_delivery();
http::Operation list_failed_deliveries();
http::Operation retry_delivery();
http::Operation show_delivery_analytics();

http::Operation show_quotas();
http::Operation acquire_quota();

http::Operation render_template();
http::Operation split_text();
http::Operation name_variables();

http::Operation check_subscription();
http::Operation receive_callback();

}  // namespace parley::outreach::operation
