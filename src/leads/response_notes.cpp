#include "leads/response_notes.h"

#include "leads/problems.h"
#include "leads/rows.h"
#include "leads/stored_json.h"
#include "store/query.h"

namespace parley::leads {

using store::set;

void note_response(store::UnitOfWork& unit, const AgentResponse& response, Timestamp now) {
  const auto session = lock_session(unit.connection, response.session_id);
  if (!session) throw session_not_found(response.session_id);
  JsonObject metadata = object_in(session->session_metadata);
  for (const auto& field : response.metadata) metadata[field.key()] = field.value();
  store::update(unit.connection, store::equals<&AgentSessionRow::id>(session->id),
                set<&AgentSessionRow::message_count>(session->message_count + 1),
                set<&AgentSessionRow::last_message_at>(now),
                set<&AgentSessionRow::last_message_from>(word(SenderType::Agent)),
                set<&AgentSessionRow::session_metadata>(std::move(metadata)),
                set<&AgentSessionRow::updated_at>(now));
}

}  // namespace parley::leads
