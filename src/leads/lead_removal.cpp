#include "leads/lead_removal.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "http/message.h"
#include "leads/events.h"
#include "leads/lead_records.h"
#include "store/references.h"

namespace parley::leads {
namespace {

using store::equals;
using store::set;

/// Everything that points at the lead, whichever of the two ways an old database has it.
struct Belongings {
  store::Condition<AgentSessionRow> sessions;
  store::Condition<MessageRow> messages;
  store::Condition<FollowUpTaskRow> follow_ups;
};

Belongings belongings_of(database::Connection& connection, std::int64_t lead_id) {
  const auto sessions = equals<&AgentSessionRow::lead_id>(lead_id);
  std::vector<std::int64_t> ids;
  for (const AgentSessionRow& session :
       store::select<AgentSessionRow>().where(sessions).all(connection)) {
    ids.push_back(session.id);
  }
  return {.sessions = sessions,
          .messages = any_of(equals<&MessageRow::lead_id>(lead_id),
                             store::one_of<&MessageRow::agent_session_id>(ids)),
          .follow_ups = any_of(equals<&FollowUpTaskRow::lead_id>(lead_id),
                               store::one_of<&FollowUpTaskRow::agent_session_id>(ids))};
}

std::vector<std::string_view> own_tables() {
  static const std::vector<schema::Table> tables = [] {
    std::vector<schema::Table> all = core_tables();
    for (schema::Table& each : support_tables()) all.push_back(std::move(each));
    return all;
  }();
  std::vector<std::string_view> names;
  for (const schema::Table& each : tables) names.push_back(each.name);
  return names;
}

void require_no_other_rows(database::Connection& connection, std::int64_t lead_id,
                           const Belongings& belongings) {
  const std::vector<std::string_view> own = own_tables();
  std::vector<std::string> tables =
      store::tables_pointing_at<&LeadRow::id>(connection, equals<&LeadRow::id>(lead_id), own);
  for (auto& more :
       {store::tables_pointing_at<&AgentSessionRow::id>(connection, belongings.sessions, own),
        store::tables_pointing_at<&MessageRow::id>(connection, belongings.messages, own)}) {
    tables.insert(tables.end(), more.begin(), more.end());
  }
  if (tables.empty()) return;
  std::ranges::sort(tables);
  tables.erase(std::ranges::unique(tables).begin(), tables.end());
  throw http::conflict("lead_in_use", "The lead still has rows in " + join(tables, ", ") +
                                          ", which this server does not manage: remove them first");
}

/// Tasks and messages point at their like and at each other.
void cut_links(database::Connection& connection, const Belongings& belongings) {
  store::update(connection, belongings.follow_ups,
                set<&FollowUpTaskRow::depends_on_task_id>(std::nullopt),
                set<&FollowUpTaskRow::generated_message_id>(std::nullopt));
  store::update(connection, belongings.messages, set<&MessageRow::parent_message_id>(std::nullopt));
}

}  // namespace

RemovedLead remove_lead(store::UnitOfWork& unit, std::int64_t id) {
  database::Connection& connection = unit.connection;
  RemovedLead removed{.lead = locked_lead_of(unit, id)};
  const Belongings belongings = belongings_of(connection, id);
  require_no_other_rows(connection, id, belongings);
  cut_links(connection, belongings);
  removed.follow_ups = store::erase(connection, belongings.follow_ups);
  removed.messages = store::erase(connection, belongings.messages);
  removed.sessions = store::erase(connection, belongings.sessions);
  store::erase(connection, equals<&LeadRow::id>(id));
  unit.events.push_back(lead_deleted(removed.lead));
  return removed;
}

}  // namespace parley::leads
