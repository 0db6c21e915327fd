#include "outreach/send_contents.h"

#include <algorithm>

#include "outreach/cells.h"
#include "store/query.h"

namespace parley::outreach {
namespace {

using store::equals;

constexpr std::size_t kIdsAtOnce = 1000;

std::optional<std::string> text_in(const JsonObject& object, std::string_view field) {
  const Json* value = object.if_contains(field);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

Json text_or_null(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

struct KeptContent {
  SendTemplateRow message;
  SendContentRow content;
};

std::optional<KeptContent> find_content(database::Connection& connection,
                                        const std::string& log_id) {
  auto content = store::select<SendContentRow>()
                     .where(equals<&SendContentRow::log_id>(log_id))
                     .first(connection);
  if (!content) return std::nullopt;
  auto message = store::select<SendTemplateRow>()
                     .where(equals<&SendTemplateRow::id>(content->template_id))
                     .first(connection);
  if (!message) return std::nullopt;
  return KeptContent{*std::move(message), *std::move(content)};
}

}  // namespace

JsonObject template_json(const MessageTemplate& message) {
  JsonObject object{{"id", message.id},
                    {"name", message.name},
                    {"subject", text_or_null(message.subject)},
                    {"content", text_or_null(message.content)},
                    {"whatsapp_content", text_or_null(message.whatsapp_content)},
                    {"variables", nullptr}};
  if (message.variables) {
    json::array names;
    for (const std::string& name : *message.variables) names.emplace_back(name);
    object["variables"] = std::move(names);
  }
  return object;
}

MessageTemplate template_in(const JsonObject& object) {
  MessageTemplate message{.id = text_in(object, "id").value_or(""),
                          .name = text_in(object, "name").value_or(""),
                          .subject = text_in(object, "subject"),
                          .content = text_in(object, "content"),
                          .whatsapp_content = text_in(object, "whatsapp_content"),
                          .variables = std::nullopt};
  const Json* names = object.if_contains("variables");
  if (names == nullptr || !names->is_array()) return message;
  message.variables.emplace();
  for (const Json& name : names->get_array()) {
    if (name.is_string()) message.variables->emplace_back(name.get_string());
  }
  return message;
}

TemplateRecipient recipient_of(const MessageLogRow& log, const std::optional<std::string>& fields) {
  TemplateRecipient recipient{.name = log.recipient_name,
                              .email = log.recipient_email,
                              .phone = log.recipient_phone,
                              .company = log.recipient_company,
                              .fields = {}};
  for (const auto& [name, value] : object_in(fields)) {
    if (value.is_string()) recipient.fields.emplace(name, value.get_string());
    if (value.is_number() || value.is_bool()) recipient.fields.emplace(name, to_text(value));
  }
  return recipient;
}

void keep_contents(database::Connection& connection, const std::string& session_id,
                   const std::string& channel, const MessageTemplate& message,
                   std::span<const ContentToKeep> contents, Timestamp now) {
  const std::int64_t template_id =
      store::insert(connection, SendTemplateRow{.session_id = session_id,
                                                .channel = channel,
                                                .body = to_text(template_json(message)),
                                                .created_at = now});
  std::vector<SendContentRow> rows;
  std::vector<std::string> ids;
  for (const ContentToKeep& content : contents) {
    ids.push_back(content.log_id);
    JsonObject fields;
    for (const auto& [name, value] : content.fields) fields[name] = value;
    rows.push_back({.log_id = content.log_id,
                    .template_id = template_id,
                    .fields = fields.empty() ? std::nullopt : std::optional(to_text(fields))});
  }
  // What an earlier call has left of a message gives way.
  for (std::size_t first = 0; first < ids.size(); first += kIdsAtOnce) {
    const auto part = std::span(ids).subspan(first, std::min(kIdsAtOnce, ids.size() - first));
    store::erase(connection, store::one_of<&SendContentRow::log_id>(part));
  }
  store::insert_many(connection, rows);
}

std::optional<OutgoingMessage> outgoing_message(database::Connection& connection,
                                                const MessageLogRow& log) {
  const std::optional<KeptContent> kept = find_content(connection, log.id);
  if (!kept) return std::nullopt;
  OutgoingMessage message{.log_id = log.id,
                          .template_id = log.template_id,
                          .template_name = log.template_name,
                          .recipient = recipient_of(log, kept->content.fields),
                          .text = {}};
  const Json body = parse_json(kept->message.body);
  message.text = render(template_in(body.as_object()), message.recipient);
  return message;
}

std::optional<std::string> channel_of_content(database::Connection& connection,
                                              const std::string& log_id) {
  const std::optional<KeptContent> kept = find_content(connection, log_id);
  if (!kept) return std::nullopt;
  return kept->message.channel;
}

void forget_content(database::Connection& connection, const std::string& log_id) {
  store::erase(connection, equals<&SendContentRow::log_id>(log_id));
}

}  // namespace parley::outreach
