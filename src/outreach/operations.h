#pragma once

// What each endpoint of the module does, for the API's document: the third thing beside method and
// handler that `*_routes.cpp` says of a route. Pure functions, called at start.

#include "http/operation.h"

namespace parley::outreach::operation {

http::Operation start_session();
http::Operation list_sessions();
http::Operation show_session();
http::Operation end_session();

http::Operation log_message();
http::Operation log_batch();
http::Operation list_messages();
http::Operation show_message();
http::Operation change_status();
http::Operation change_statuses();

http::Operation show_stats();
http::Operation show_report();
http::Operation export_messages();

http::Operation list_system_logs();
http::Operation delete_old();
http::Operation show_health();
http::Operation repair();
http::Operation back_up();
http::Operation show_vocabulary();

}  // namespace parley::outreach::operation
