#pragma once

// What each endpoint of management_routes.h does, for the API's document. Pure functions, called at
// start.

#include "http/operation.h"
#include "leads/vocabulary.h"

namespace parley::leads::operation {

http::Operation open_session();
http::Operation list_sessions();
http::Operation show_session();
http::Operation change_session();
http::Operation show_active_agent_session();
http::Operation count_active_sessions();
http::Operation count_message();
http::Operation end_session();
http::Operation time_out_sessions();

http::Operation create_lead();
http::Operation list_leads();
http::Operation show_lead();
http::Operation change_lead();
http::Operation delete_lead();
http::Operation add_lead_note();
http::Operation list_interactions();
http::Operation show_lead_figures();
http::Operation count_leads_by_source();
http::Operation count_leads_by_status();

http::Operation create_agent();
http::Operation list_agents();
http::Operation show_agent();
http::Operation change_agent();
http::Operation delete_agent();
http::Operation show_agent_figures();
http::Operation show_agents_figures();
http::Operation count_agents_by_type();
http::Operation show_model();
http::Operation chat_with_agent();
http::Operation test_agent();
http::Operation generate_prompt();
http::Operation generate_scenario();

http::Operation fire_event();
http::Operation fire_event_of(TriggerType type);
http::Operation try_trigger();
http::Operation show_triggers();
http::Operation list_triggers();
http::Operation list_recent_sessions();
http::Operation show_workflow_figures();

http::Operation execute_follow_ups();
http::Operation list_session_follow_ups();
http::Operation list_follow_ups();
http::Operation show_follow_up_figures();
http::Operation cancel_follow_ups();
http::Operation simulate_response();

http::Operation mark_read();
http::Operation mark_failed();
http::Operation flag_message();

http::Operation show_metrics();
http::Operation list_recent_leads();
http::Operation list_activity();
http::Operation show_health();

}  // namespace parley::leads::operation
