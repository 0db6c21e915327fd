#include "outreach/sessions.h"

#include <algorithm>

#include "outreach/cells.h"
#include "outreach/events.h"
#include "outreach/names.h"
#include "outreach/problems.h"
#include "store/query.h"

namespace parley::outreach {
namespace {

using store::all_of;
using store::equals;

/// Ids that one query asks for.
constexpr std::size_t kIdsAtOnce = 1024;

store::Condition<SessionSummaryRow> is_session(const std::string& user_id,
                                               const std::string& session_id) {
  return all_of(equals<&SessionSummaryRow::session_id>(session_id),
                equals<&SessionSummaryRow::user_id>(user_id));
}

Figures counted(database::Connection& connection, const std::string& session_id) {
  Figures figures;
  for (const auto& [status, messages] : store::count_by<&MessageLogRow::message_status>(
           connection, equals<&MessageLogRow::session_id>(session_id))) {
    figures.add(status, messages);
  }
  return figures;
}

/// The figures of the messages that are there, unless fewer are than were counted.
void count_anew(database::Connection& connection, SessionSummaryRow& session) {
  const Figures figures = counted(connection, session.session_id);
  if (figures.total >= session.total_messages.value_or(0)) set_figures(session, figures);
}

void add_names(std::optional<std::string>& cell, const std::vector<std::string>& names) {
  if (names.empty()) return;
  std::vector<std::string> all = list_in(cell);
  const std::size_t before = all.size();
  for (const std::string& name : names) add_once(all, name);
  if (all.size() != before || !cell) cell = list_cell(all);
}

void apply(database::Connection& connection, SessionSummaryRow& session,
           const SessionChange& change) {
  Figures figures = figures_of(session);
  const bool was_sound = figures.add_up();
  figures.total += change.difference.total;
  figures.successful += change.difference.successful;
  figures.failed += change.difference.failed;
  figures.pending += change.difference.pending;
  figures.cancelled += change.difference.cancelled;
  set_figures(session, figures);
  if (!was_sound) count_anew(connection, session);
  add_names(session.channels_used, change.channels);
  add_names(session.templates_used, change.templates);
}

}  // namespace

SessionSummaryRow start_session(store::UnitOfWork& unit, const std::string& user_id,
                                const NewSession& wanted, Timestamp now) {
  const std::string channel = word(wanted.channel);
  SessionSummaryRow session{.session_id = make_session_id(user_id, channel, now),
                            .user_id = user_id,
                            .start_time = now,
                            .end_time = {},
                            .channel = channel,
                            .template_used = wanted.template_name,
                            .total_messages = {},
                            .successful_messages = {},
                            .failed_messages = {},
                            .pending_messages = {},
                            .cancelled_messages = {},
                            .success_rate = {},
                            .channels_used = list_cell({channel}),
                            .templates_used = list_cell({wanted.template_name}),
                            .session_metadata = to_text(wanted.metadata),
                            .created_at = {},
                            .updated_at = {}};
  set_figures(session, {});
  store::insert(unit.connection, session);
  unit.events.push_back(session_started({session, {}}));
  return session;
}

SessionSummaryRow session_for(database::Connection& connection, const std::string& user_id,
                              const std::string& session_id) {
  auto found =
      store::select<SessionSummaryRow>().where(is_session(user_id, session_id)).first(connection);
  if (!found) throw session_not_found();
  return *std::move(found);
}

SessionSummaryRow end_session(store::UnitOfWork& unit, const std::string& user_id,
                              const std::string& session_id, Timestamp now) {
  auto found = store::select<SessionSummaryRow>()
                   .where(is_session(user_id, session_id))
                   .for_update()
                   .first(unit.connection);
  if (!found) throw session_not_found();
  SessionSummaryRow session = *std::move(found);
  if (session.end_time) return session;
  session.end_time = now;
  if (!figures_of(session).add_up()) count_anew(unit.connection, session);
  store::update_each<&SessionSummaryRow::session_id, &SessionSummaryRow::end_time,
                     &SessionSummaryRow::total_messages, &SessionSummaryRow::successful_messages,
                     &SessionSummaryRow::failed_messages, &SessionSummaryRow::pending_messages,
                     &SessionSummaryRow::cancelled_messages, &SessionSummaryRow::success_rate>(
      unit.connection, {session});
  unit.events.push_back(session_ended(with_errors(unit.connection, {session}).front()));
  return session;
}

std::optional<SessionSummaryRow> newest_open_session(database::Connection& connection,
                                                     const std::string& user_id, Channel channel) {
  return store::select<SessionSummaryRow>()
      .where(all_of(equals<&SessionSummaryRow::user_id>(user_id),
                    equals<&SessionSummaryRow::channel>(word(channel)),
                    store::is_null<&SessionSummaryRow::end_time>()))
      .order_by<&SessionSummaryRow::start_time>(store::Order::Descending)
      .first(connection);
}

Sessions lock_sessions(database::Connection& connection, const std::set<std::string>& ids) {
  Sessions sessions;
  const std::vector<std::string> all(ids.begin(), ids.end());
  for (std::size_t first = 0; first < all.size(); first += kIdsAtOnce) {
    const std::span part = std::span(all).subspan(first, std::min(kIdsAtOnce, all.size() - first));
    for (SessionSummaryRow& session :
         store::select<SessionSummaryRow>()
             .where(store::one_of<&SessionSummaryRow::session_id>(part))
             .order_by<&SessionSummaryRow::session_id>()
             .for_update()
             .all(connection)) {
      std::string id = session.session_id;
      sessions.emplace(std::move(id), std::move(session));
    }
  }
  return sessions;
}

void store_changes(database::Connection& connection, Sessions sessions,
                   const std::map<std::string, SessionChange>& changes) {
  std::vector<SessionSummaryRow> changed;
  for (const auto& [id, change] : changes) {
    const auto found = sessions.find(id);
    if (found == sessions.end()) continue;  // A message whose session is gone.
    apply(connection, found->second, change);
    changed.push_back(std::move(found->second));
  }
  store::update_each<&SessionSummaryRow::session_id, &SessionSummaryRow::total_messages,
                     &SessionSummaryRow::successful_messages, &SessionSummaryRow::failed_messages,
                     &SessionSummaryRow::pending_messages, &SessionSummaryRow::cancelled_messages,
                     &SessionSummaryRow::success_rate, &SessionSummaryRow::channels_used,
                     &SessionSummaryRow::templates_used>(connection, changed);
}

std::vector<SessionView> with_errors(database::Connection& connection,
                                     std::vector<SessionSummaryRow> sessions) {
  std::map<std::string, std::vector<std::string>> errors;
  std::vector<std::string> ids;
  for (const SessionSummaryRow& session : sessions) {
    if (session.total_messages.value_or(0) > 0) ids.push_back(session.session_id);
  }
  if (!ids.empty()) {
    for (MessageLogRow& message :
         store::select<MessageLogRow>()
             .where(all_of(store::one_of<&MessageLogRow::session_id>(ids),
                           store::greater<&MessageLogRow::error_message>("")))
             .order_by<&MessageLogRow::timestamp>()
             .order_by<&MessageLogRow::id>()
             .all(connection)) {
      errors[message.session_id].push_back(*std::move(message.error_message));
    }
  }
  std::vector<SessionView> views;
  for (SessionSummaryRow& session : sessions) {
    std::vector<std::string> of_session = std::move(errors[session.session_id]);
    views.push_back({std::move(session), std::move(of_session)});
  }
  return views;
}

double average_send_time(const SessionSummaryRow& session) {
  const std::int64_t total = session.total_messages.value_or(0);
  const bool is_open = !session.end_time || session.start_time == schema::kUnreadableTime;
  if (is_open || total == 0) return 0;
  const std::chrono::duration<double> seconds = *session.end_time - session.start_time;
  return seconds.count() / static_cast<double>(total);
}

}  // namespace parley::outreach
