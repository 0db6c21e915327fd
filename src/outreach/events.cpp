#include "outreach/events.h"

#include "base/crypto.h"
#include "outreach/wire.h"

namespace parley::outreach {
namespace {

constexpr const char* kUser = "user";
constexpr std::size_t kTopicCharactersMax = 64;

/// Topics are shorter than an id can be.
std::string topic_of(const std::string& id) {
  if (id.size() <= kTopicCharactersMax) return id;
  return to_hex(sha256(id)).substr(0, kTopicCharactersMax);
}

}  // namespace

store::Event event_for(const std::string& user_id, std::string kind, const std::string& topic,
                       std::string data) {
  return {.kind = std::move(kind),
          .topic = topic_of(topic),
          .audience = to_text(JsonObject{{kUser, user_id}}),
          .data = std::move(data)};
}

store::Event session_started(const SessionView& view) {
  return event_for(view.session.user_id, "session.started", view.session.session_id,
                   to_text(session_json(view)));
}

store::Event session_ended(const SessionView& view) {
  return event_for(view.session.user_id, "session.ended", view.session.session_id,
                   to_text(session_json(view)));
}

store::Event message_logged(const MessageLogRow& message) {
  return event_for(message.user_id, "message.logged", message.session_id, entry_text(message));
}

store::Event message_status(const MessageLogRow& message) {
  return event_for(message.user_id, "message.status", message.session_id, entry_text(message));
}

bool may_see(const JsonObject& audience, const std::string& user_id) {
  const Json* user = audience.if_contains(kUser);
  return user != nullptr && user->is_string() && user->get_string() == user_id;
}

}  // namespace parley::outreach
