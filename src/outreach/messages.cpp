#include "outreach/messages.h"

#include <algorithm>
#include <iterator>

#include "outreach/events.h"
#include "outreach/message_ids.h"
#include "outreach/names.h"
#include "outreach/problems.h"
#include "outreach/sessions.h"
#include "outreach/statuses.h"
#include "schema/convert.h"
#include "store/query.h"

namespace parley::outreach {
namespace {

using store::all_of;
using store::equals;

JsonObject metadata_of(const Record& record, Timestamp now) {
  JsonObject metadata = record.metadata;
  metadata["template_channels"] = json::array{word(record.channel)};
  metadata["message_length"] = record.content_characters;
  metadata["has_attachments"] = record.has_attachments;
  metadata["log_created_at"] = schema::format_iso_text(now);
  return metadata;
}

MessageLogRow row_of(const Record& record, const std::string& user_id,
                     const std::string& session_id, Timestamp now) {
  const Timestamp timestamp = record.timestamp.value_or(now);
  MessageLogRow row{.id = make_log_id(user_id, now),
                    .timestamp = timestamp,
                    .user_id = user_id,
                    .session_id = session_id,
                    .channel = word(record.channel),
                    .template_id = record.template_id,
                    .template_name = record.template_name,
                    .recipient_email = record.recipient.email,
                    .recipient_name = record.recipient.name,
                    .recipient_phone = record.recipient.phone,
                    .recipient_company = record.recipient.company,
                    .message_status = word(record.status),
                    .message_id = record.message_id,
                    .delivery_status = record.delivery_status,
                    .error_message = record.error_message,
                    .sent_at = record.sent_at,
                    .delivered_at = {},
                    .read_at = {},
                    .response_received = 0,
                    .content_preview = record.content_preview,
                    .metadata = to_text(metadata_of(record, now)),
                    .created_at = {},
                    .updated_at = {}};
  stamp(row, record.status, timestamp);
  return row;
}

/// The sessions that a run of `log_messages` writes into.
class SessionsInUse {
 public:
  SessionsInUse(store::UnitOfWork& unit, std::span<Logging* const> loggings, Timestamp now)
      : unit_(unit), now_(now) {
    std::set<std::string> named;
    for (const Logging* logging : loggings) {
      for (const Record& record : logging->records) {
        if (record.session_id) named.insert(*record.session_id);
      }
    }
    sessions_ = lock_sessions(unit.connection, named);
  }

  /// Every session that the records name is the user's.
  bool are_known(const Logging& logging) const {
    return std::ranges::all_of(logging.records, [&](const Record& record) {
      if (!record.session_id) return true;
      const auto found = sessions_.find(*record.session_id);
      return found != sessions_.end() && found->second.user_id == logging.user_id;
    });
  }

  const std::string& session_of(const Record& record, const std::string& user_id) {
    if (record.session_id) return *record.session_id;
    std::string& id = open_[{user_id, record.channel}];
    if (id.empty()) id = open_session(user_id, record.channel);
    return id;
  }

  void count(const MessageLogRow& row) {
    SessionChange& change = changes_[row.session_id];
    change.difference.add(row.message_status, 1);
    if (change.channels.empty() || change.channels.back() != row.channel) {
      change.channels.push_back(row.channel);
    }
    if (change.templates.empty() || change.templates.back() != row.template_name) {
      change.templates.push_back(row.template_name);
    }
  }

  void store() { store_changes(unit_.connection, std::move(sessions_), changes_); }

 private:
  std::string open_session(const std::string& user_id, Channel channel) {
    auto session = newest_open_session(unit_.connection, user_id, channel);
    std::string id =
        session
            ? session->session_id
            : start_session(
                  unit_, user_id,
                  {.channel = channel, .template_name = std::string(kAutoCreated), .metadata = {}},
                  now_)
                  .session_id;
    sessions_.merge(lock_sessions(unit_.connection, {id}));
    return id;
  }

  store::UnitOfWork& unit_;
  const Timestamp now_;
  Sessions sessions_;
  std::map<std::pair<std::string, Channel>, std::string> open_;
  std::map<std::string, SessionChange> changes_;
};

/// The history of a message begins when it is no longer pending.
void add_first_status(std::vector<StatusEventRow>& history, const MessageLogRow& row,
                      Timestamp now) {
  if (row.message_status == word(MessageStatus::Pending)) return;
  history.push_back(status_event(row, StatusSource::Api, std::nullopt, now));
}

void log_one(SessionsInUse& sessions, Logging& logging, Timestamp now) {
  logging.logged.clear();
  logging.error = nullptr;
  if (!sessions.are_known(logging)) {
    logging.error = std::make_exception_ptr(session_not_found());
    return;
  }
  // A microsecond apart, so that the messages of a batch keep their order in every list.
  Timestamp at = now;
  for (const Record& record : logging.records) {
    const std::string session_id = sessions.session_of(record, logging.user_id);
    logging.logged.push_back(row_of(record, logging.user_id, session_id, at));
    sessions.count(logging.logged.back());
    at += std::chrono::microseconds(1);
  }
}

}  // namespace

void log_messages(store::UnitOfWork& unit, std::span<Logging* const> loggings, Timestamp now) {
  SessionsInUse sessions(unit, loggings, now);
  std::vector<MessageLogRow> rows;
  std::vector<StatusEventRow> history;
  for (Logging* logging : loggings) {
    log_one(sessions, *logging, now);
    for (const MessageLogRow& row : logging->logged) {
      rows.push_back(row);
      add_first_status(history, row, now);
      unit.events.push_back(message_logged(row));
    }
  }
  store::insert_many(unit.connection, rows);
  store::insert_many(unit.connection, history);
  sessions.store();
  note_message_ids(unit, rows, now);
}

MessageLogRow message_for(database::Connection& connection, const std::string& user_id,
                          const std::string& log_id) {
  auto found = store::select<MessageLogRow>()
                   .where(all_of(equals<&MessageLogRow::id>(log_id),
                                 equals<&MessageLogRow::user_id>(user_id)))
                   .first(connection);
  if (!found) throw message_not_found();
  return *std::move(found);
}

}  // namespace parley::outreach
