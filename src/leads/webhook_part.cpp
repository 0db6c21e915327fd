#include "leads/webhook_part.h"

#include <algorithm>

#include "leads/events.h"
#include "leads/notes.h"
#include "leads/outbound.h"
#include "leads/rows.h"
#include "leads/stored_json.h"
#include "leads/stream.h"

namespace parley::leads {
namespace {

/// Five tries with growing pauses.
const api::webhooks::Pauses kPauses{std::chrono::seconds(10), std::chrono::seconds(60),
                                    std::chrono::seconds(600), std::chrono::seconds(3600)};

bool came_from_platform(const LeadRow& lead) {
  const json::array notes = list_in(lead.notes);
  return std::ranges::any_of(notes, [](const Json& note) {
    const JsonObject* object = note.if_object();
    return object != nullptr && text_at(*object, "type") == kPlatformNote;
  });
}

std::optional<std::string> lead_body(store::Connection& connection, const JsonObject& data,
                                     Timestamp created_at) {
  const auto lead = find_lead(connection, data.at("id").as_int64());
  if (!lead || came_from_platform(*lead)) return std::nullopt;
  return to_text(lead_created_payload(*lead, created_at));
}

std::optional<std::string> message_body(store::Connection& connection, const JsonObject& data) {
  auto message = find_message(connection, data.at("id").as_int64());
  if (!message || message->sender_type != word(SenderType::Agent)) return std::nullopt;
  auto session = find_session(connection, message->agent_session_id);
  auto lead = find_lead(connection, message->lead_id);
  auto agent = session ? find_agent(connection, message->agent_id.value_or(session->agent_id))
                       : std::nullopt;
  if (!session || !lead || !agent) return std::nullopt;
  return to_text(agent_message_payload({.message = *std::move(message),
                                        .session = *std::move(session),
                                        .lead = *std::move(lead),
                                        .agent = *std::move(agent)}));
}

}  // namespace

std::optional<std::string> outbound_body(store::Connection& connection,
                                         const store::LoggedEvent& event) {
  const bool is_lead = event.event.kind == kLeadCreated;
  if (!is_lead && event.event.kind != kMessageCreated) return std::nullopt;
  const JsonObject data = parse_json(event.event.data).as_object();
  return is_lead ? lead_body(connection, data, event.created_at) : message_body(connection, data);
}

api::WebhookPart webhook_part(const Context& context) {
  return {.identify =
              [&gate = context.gate](const http::Request& request) {
                const Caller caller = gate.admit_listener(request);
                return api::Admission<api::webhooks::Subscriber>{
                    .owner = caller.name, .admit = [caller](store::Connection&) {
                      return api::webhooks::Subscriber{.account = caller.name, .tenant = {}};
                    }};
              },
          .eyes_of = [&gate = context.gate](
                         store::Connection&, const std::string& owner,
                         const std::optional<std::string>&) -> std::shared_ptr<const api::Viewer> {
            return gate.knows(owner) ? listener() : nullptr;
          },
          .formats = {{std::string(kOutboundFormat), {.body = outbound_body, .pauses = kPauses}}}};
}

}  // namespace parley::leads
