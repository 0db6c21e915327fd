#pragma once

// The JSON shapes of the answers about sessions, leads, agents, workflows and follow-ups, each
// beside its schema for the API's document. The objects themselves are made in wire.h. Pure
// functions; any thread.

#include <string_view>
#include <utility>
#include <vector>

#include "api/page.h"
#include "base/json.h"
#include "base/json_schema.h"
#include "leads/agent_records.h"
#include "leads/dashboard.h"
#include "leads/follow_up_run.h"
#include "leads/follow_ups.h"
#include "leads/lead_records.h"
#include "leads/lead_removal.h"
#include "leads/session_records.h"
#include "leads/workflows.h"

namespace parley::leads {

/// `{<name>: […], total, page, <size_name>, total_pages}`.
JsonObject page_json(std::string_view name, json::array items, std::int64_t total,
                     const api::Page& page, std::string_view size_name);
JsonObject page_schema(std::string_view name, const JsonObject& item, std::string_view size_name);

/// What went with a deleted lead.
JsonObject removal_json(const RemovedLead& removed);
JsonObject removal_schema();

JsonObject lead_figures_json(const LeadFigures& figures);
JsonObject lead_figures_schema();

/// `[{<name>, count}]`.
json::array counts_json(std::string_view name,
                        const std::vector<std::pair<std::string, std::int64_t>>& counts);
JsonObject counts_schema(std::string_view name);

JsonObject agent_figures_json(const AgentFigures& figures);
JsonObject agent_figures_schema();
JsonObject agents_figures_json(const AgentsFigures& figures);
JsonObject agents_figures_schema();

/// The answer of every event.
JsonObject fired_json(const FiredEvent& fired, const std::string& event_type, std::int64_t lead_id);
JsonObject fired_schema();

JsonObject trigger_summary_json(const TriggerSummary& summary);
JsonObject trigger_summary_schema();
JsonObject session_figures_json(const SessionFigures& figures);
JsonObject session_figures_schema();

/// A follow-up in lists.
JsonObject listed_task_json(const FollowUpTaskRow& task);
JsonObject listed_task_schema();
JsonObject follow_up_round_json(const FollowUpRound& round);
JsonObject follow_up_round_schema();
JsonObject follow_up_figures_json(const FollowUpFigures& figures, std::int64_t days);
JsonObject follow_up_figures_schema();

JsonObject metrics_json(const DashboardMetrics& metrics);
JsonObject metrics_schema();
JsonObject recent_lead_json(const LeadRow& lead);
JsonObject recent_lead_schema();
JsonObject activity_json(const Activity& activity);
JsonObject activity_schema();

}  // namespace parley::leads
