#include "live_agent/push.h"

#include <fmt/format.h>

#include <set>

#include "base/text.h"

namespace parley::live_agent {
namespace {

constexpr std::size_t kBodyCharactersMax = 100;
constexpr std::string_view kCut = "...";

/// The text on one line of at most `kBodyCharactersMax` characters.
std::string body_of(std::string_view text) {
  std::string line = collapse_white_space(text);
  if (code_points(line) <= kBodyCharactersMax) return line;
  return fmt::format("{}{}", first_code_points(line, kBodyCharactersMax - kCut.size()), kCut);
}

std::string text_or(const Json& value, std::string_view otherwise) {
  return std::string(value.is_string() ? std::string_view(value.get_string()) : otherwise);
}

JsonObject payload(std::string_view title, std::string_view body, std::string_view type,
                   const JsonObject& event, std::span<const std::string_view> fields) {
  JsonObject data{{"type", type}, {"session_id", event.at("session_id")}};
  for (const std::string_view field : fields) data[field] = event.at(field);
  return {{"notification", {{"title", title}, {"body", body_of(body)}}}, {"data", std::move(data)}};
}

Push new_session(const JsonObject& session) {
  static constexpr std::array<std::string_view, 4> kFields{"tenant_domain", "user_account",
                                                           "user_name", "created_at"};
  const std::string preview = text_or(session.at("preview"), "");
  const std::string name = text_or(session.at("user_name"), session.at("user_account").as_string());
  Push push{.to = Side::Agent,
            .payload = payload("New session", fmt::format("{}: {}", name, preview), "new_session",
                               session, kFields)};
  push.payload["data"].as_object()["message_preview"] = preview;
  return push;
}

Push new_message(const JsonObject& message) {
  static constexpr std::array<std::string_view, 5> kFields{
      "message_id", "sender_type", "sender_name", "message_text", "created_at"};
  const bool is_from_user = message.at("sender_type").as_string() == word(Side::User);
  return {
      .to = is_from_user ? Side::Agent : Side::User,
      .payload = payload(text_or(message.at("sender_name"), "New message"),
                         message.at("message_text").as_string(), "new_message", message, kFields)};
}

Push status_changed(const JsonObject& session) {
  static constexpr std::array<std::string_view, 2> kFields{"old_status", "user_name"};
  const std::string_view status = session.at("status").as_string();
  const bool is_by_user = session.at("changed_by").as_string() == word(Side::User);
  Push push{.to = is_by_user ? Side::Agent : Side::User,
            .payload = payload("Session updated", fmt::format("The session is now {}", status),
                               "session_status_changed", session, kFields)};
  push.payload["data"].as_object()["new_status"] = status;
  return push;
}

}  // namespace

std::vector<Push> pushes_of(std::span<const store::Event> events) {
  std::vector<Push> pushes;
  std::set<std::string_view> opened;
  for (const store::Event& event : events) {
    const bool is_first_message = opened.contains(event.topic);
    if (event.kind == "session.created") {
      opened.insert(event.topic);
      pushes.push_back(new_session(parse_json(event.data).as_object()));
    } else if (event.kind == "message.created" && !is_first_message) {
      pushes.push_back(new_message(parse_json(event.data).as_object()));
    } else if (event.kind == "session.status_changed") {
      pushes.push_back(status_changed(parse_json(event.data).as_object()));
    } else {
      continue;
    }
    pushes.back().session_id = event.topic;
  }
  return pushes;
}

}  // namespace parley::live_agent
