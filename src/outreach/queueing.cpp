#include "outreach/queueing.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "http/message.h"
#include "outreach/messages.h"
#include "outreach/problems.h"
#include "outreach/records.h"
#include "outreach/send_contents.h"
#include "outreach/send_queue.h"
#include "store/query.h"

namespace parley::outreach {
namespace {

using store::equals;

constexpr std::size_t kPreviewCharacters = 100;
constexpr std::size_t kIdsAtOnce = 1000;

/// Where the further fields of a recipient are kept: with what is to be sent, or with the message.
enum class FieldsIn { Content, Metadata };

/// The template with a name and an id: those of its session where it has none.
MessageTemplate named_as(MessageTemplate message, const SessionSummaryRow& session) {
  if (message.name.empty()) message.name = session.template_used.value_or("");
  if (message.id.empty()) message.id = message.name;
  return message;
}

Channel channel_of(const SessionSummaryRow& session) {
  return parse_word<Channel>(session.channel.value_or("")).value_or(Channel::Email);
}

void require_reachable(const TemplateRecipient& recipient, Channel channel, std::size_t position) {
  const bool has_phone = recipient.phone && !recipient.phone->empty();
  if (channel == Channel::Email ? !recipient.email.empty() : has_phone) return;
  const std::string_view field = channel == Channel::Email ? "email" : "phone";
  throw http::invalid_field(fmt::format("/recipients/{}/{}", position, field), "required",
                            fmt::format("{} is required to send by {}", field, word(channel)));
}

Record record_of(const SessionSummaryRow& session, const MessageTemplate& message,
                 const TemplateRecipient& recipient) {
  const Channel channel = channel_of(session);
  const RenderedMessage text = render(message, recipient);
  const std::string content =
      (channel == Channel::Email ? text.content : text.whatsapp_content).value_or("");
  return {.session_id = session.session_id,
          .channel = channel,
          .template_id = message.id,
          .template_name = message.name,
          .recipient = {.name = recipient.name,
                        .email = recipient.email,
                        .phone = recipient.phone,
                        .company = recipient.company},
          .content_preview = std::string(first_code_points(content, kPreviewCharacters)),
          .content_characters = code_points(content)};
}

/// Logs a message for each recipient and keeps what it says.
std::vector<ContentToKeep> log_recipients(store::UnitOfWork& unit, const SessionSummaryRow& session,
                                          const MessageTemplate& message,
                                          const std::vector<TemplateRecipient>& recipients,
                                          Timestamp now, FieldsIn place) {
  Logging logging;
  logging.user_id = session.user_id;
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    require_reachable(recipients[i], channel_of(session), i);
    logging.records.push_back(record_of(session, message, recipients[i]));
    if (place != FieldsIn::Metadata) continue;
    for (const auto& [name, value] : recipients[i].fields)
      logging.records.back().metadata[name] = value;
  }
  Logging* const item = &logging;
  log_messages(unit, std::span(&item, 1), now);
  if (logging.error) std::rethrow_exception(logging.error);
  std::vector<ContentToKeep> contents;
  for (std::size_t i = 0; i < recipients.size(); ++i)
    contents.push_back({logging.logged[i].id, recipients[i].fields});
  return contents;
}

/// What the metadata of a logged message has for its template.
ContentToKeep content_of(const MessageLogRow& log) {
  return {log.id, recipient_of(log, log.metadata).fields};
}

/// The session's pending messages that are not queued yet.
std::vector<ContentToKeep> all_pending(database::Connection& connection,
                                       const SessionSummaryRow& session) {
  std::vector<ContentToKeep> contents;
  std::string after;
  while (contents.size() <= kQueuedAtOnce) {
    const auto page =
        store::select<MessageLogRow>()
            .where(all_of(equals<&MessageLogRow::session_id>(session.session_id),
                          equals<&MessageLogRow::user_id>(session.user_id),
                          equals<&MessageLogRow::message_status>(word(MessageStatus::Pending)),
                          store::greater<&MessageLogRow::id>(after)))
            .order_by<&MessageLogRow::id>()
            .limit(kIdsAtOnce)
            .all(connection);
    if (page.empty()) break;
    after = page.back().id;
    std::vector<std::string> ids;
    for (const MessageLogRow& log : page) ids.push_back(log.id);
    const std::vector<std::string> queued = queued_among(connection, ids);
    const std::set<std::string> known(queued.begin(), queued.end());
    for (const MessageLogRow& log : page) {
      if (!known.contains(log.id)) contents.push_back(content_of(log));
    }
  }
  return contents;
}

/// The messages that are named, but for those that are queued already.
std::vector<ContentToKeep> named(database::Connection& connection, const SessionSummaryRow& session,
                                 const std::vector<std::string>& log_ids) {
  std::vector<ContentToKeep> contents;
  for (const std::string& id : std::set<std::string>(log_ids.begin(), log_ids.end())) {
    const MessageLogRow log = message_for(connection, session.user_id, id);
    if (log.session_id != session.session_id) throw message_not_found();
    if (log.message_status != word(MessageStatus::Pending)) {
      throw http::conflict(
          "not_pending",
          fmt::format("Message {} is {}: only pending ones are sent", id, log.message_status));
    }
    if (queued_among(connection, std::vector{id}).empty()) contents.push_back(content_of(log));
  }
  return contents;
}

}  // namespace

std::vector<std::string> log_pending(store::UnitOfWork& unit, const SessionSummaryRow& session,
                                     const MessageTemplate& message,
                                     const std::vector<TemplateRecipient>& recipients,
                                     Timestamp now) {
  std::vector<std::string> ids;
  for (const ContentToKeep& content : log_recipients(unit, session, named_as(message, session),
                                                     recipients, now, FieldsIn::Metadata))
    ids.push_back(content.log_id);
  return ids;
}

Queued queue_messages(store::UnitOfWork& unit, const SessionSummaryRow& session,
                      const SendRequest& request, const std::string& channel, Timestamp now) {
  const MessageTemplate message = named_as(request.message, session);
  if (channel_of(session) == Channel::Email && message.content.value_or("").empty()) {
    throw http::invalid_field("/template/content", "required",
                              "content is required to send by email");
  }
  std::vector<ContentToKeep> contents =
      request.recipients
          ? log_recipients(unit, session, message, *request.recipients, now, FieldsIn::Content)
      : request.log_ids.empty() ? all_pending(unit.connection, session)
                                : named(unit.connection, session, request.log_ids);
  Queued queued{.log_ids = {}, .has_more = contents.size() > kQueuedAtOnce};
  if (queued.has_more) contents.resize(kQueuedAtOnce);
  if (contents.empty()) return queued;
  for (const ContentToKeep& content : contents) queued.log_ids.push_back(content.log_id);
  keep_contents(unit.connection, session.session_id, channel, message, contents, now);
  put_in_queue(unit.connection, queued.log_ids, channel, now);
  return queued;
}

}  // namespace parley::outreach
