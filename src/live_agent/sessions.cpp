#include "live_agent/sessions.h"

#include <algorithm>

#include "api/fields.h"
#include "base/ids.h"
#include "base/text.h"
#include "live_agent/events.h"
#include "live_agent/messages.h"
#include "live_agent/problems.h"

namespace parley::live_agent {
namespace {

using store::equals;
using store::is_not_null;
using store::is_null;
using store::Order;

/// Token and header give these, so that they are checked here and not by the reader of the body.
void require_storable(const Caller& caller) {
  api::FieldErrors errors;
  for (const auto& [field, text] :
       {std::pair("user_account", &caller.account), std::pair("user_name", &caller.name),
        std::pair("tenant_domain", &caller.tenant)}) {
    if (!is_storable_text(*text)) {
      errors.add(field, "not_storable", "must be UTF-8 without U+0000");
    } else if (code_points(*text) > api::kNameCharactersMax) {
      errors.add(field, "too_long", "must have at most 255 characters");
    }
  }
  errors.finish();
}

store::Condition<SessionRow> matches(const Caller& caller, const SessionFilter& filter) {
  std::vector<store::Condition<SessionRow>> conditions{visible_to(caller)};
  if (filter.status) {
    const auto has_status = equals<&SessionRow::status>(word(*filter.status));
    conditions.push_back(filter.status == SessionStatus::Pending
                             ? any_of(has_status, is_null<&SessionRow::status>())
                             : has_status);
  }
  if (filter.tenant)
    conditions.push_back(equals<&SessionRow::tenant_domain>(lower(trim(*filter.tenant))));
  if (filter.agent_id)
    conditions.push_back(equals<&SessionRow::assigned_agent_id>(*filter.agent_id));
  if (filter.assigned_to_me && caller.is_agent()) {
    // Open access has no id, and nothing is assigned to it.
    conditions.push_back(equals<&SessionRow::assigned_agent_id>(caller.agent_id.value_or(0)));
  }
  return all_of(conditions);
}

// The sessions with messages come in the order of the index on last_message_at; sorting NULLs last
// in one statement would sort all rows.
std::vector<SessionRow> page_of(database::Connection& connection,
                                const store::Condition<SessionRow>& condition,
                                const api::Page& page, std::int64_t total) {
  const auto with_messages = all_of(condition, is_not_null<&SessionRow::last_message_at>());
  std::vector<SessionRow> rows = store::select<SessionRow>()
                                     .where(with_messages)
                                     .order_by<&SessionRow::last_message_at>(Order::Descending)
                                     .order_by<&SessionRow::id>()
                                     .limit(page.size)
                                     .offset(page.offset())
                                     .all(connection);
  const auto found = static_cast<std::int64_t>(rows.size());
  if (found == page.size || page.offset() + found >= total) return rows;
  const std::int64_t before =
      rows.empty() ? store::count(connection, with_messages) : page.offset() + found;
  for (SessionRow& row : store::select<SessionRow>()
                             .where(all_of(condition, is_null<&SessionRow::last_message_at>()))
                             .order_by<&SessionRow::created_at>(Order::Descending)
                             .order_by<&SessionRow::id>()
                             .limit(page.size - found)
                             .offset(std::max<std::int64_t>(0, page.offset() - before))
                             .all(connection)) {
    rows.push_back(std::move(row));
  }
  return rows;
}

store::Condition<SessionRow> visible_by_role(const Caller& caller) {
  if (!caller.is_agent()) {
    return all_of(equals<&SessionRow::user_account>(caller.account),
                  equals<&SessionRow::tenant_domain>(caller.tenant));
  }
  if (caller.rights.can_view_all_sessions) return {};
  return any_of(is_null<&SessionRow::assigned_agent_id>(),
                equals<&SessionRow::assigned_agent_id>(caller.agent_id.value_or(0)));
}

}  // namespace

std::optional<SessionRow> find_session(database::Connection& connection, const std::string& id) {
  return store::select<SessionRow>().where(equals<&SessionRow::id>(id)).first(connection);
}

void require_access(const SessionRow& session, const Caller& caller) {
  switch (access_to(session, caller)) {
    case Access::Granted: return;
    case Access::OtherTenant: throw http::forbidden("Access denied: tenant mismatch");
    case Access::Denied: throw http::forbidden("Access denied");
  }
}

SessionRow session_for(database::Connection& connection, const Caller& caller,
                       const std::string& id) {
  std::optional<SessionRow> session = find_session(connection, id);
  if (!session) throw session_not_found();
  require_access(*session, caller);
  return *std::move(session);
}

SessionRow open_session(store::UnitOfWork& unit, const Caller& caller, const NewSession& opening,
                        Timestamp now) {
  require_storable(caller);
  SessionRow session{.id = make_uuid(),
                     .tenant_domain = caller.tenant,
                     .user_account = caller.account,
                     .user_name = caller.name,
                     .status = word(SessionStatus::Pending),
                     .created_at = now,
                     .updated_at = now,
                     .last_message_at = now,
                     .unread_count_user = 0,
                     .unread_count_agent = 1,
                     .metadata = opening.user_context};
  store::insert(unit.connection, session);
  MessageRow message = new_message(
      session.id, caller, {.message_text = opening.initial_message, .sender = Side::User}, now);
  message.id = store::insert(unit.connection, message);
  unit.events.push_back(
      session_created({.session = session, .last_text = opening.initial_message}));
  unit.events.push_back(message_created(session, message));
  return session;
}

store::Condition<SessionRow> visible_to(const Caller& caller) {
  const store::Condition<SessionRow> visible = visible_by_role(caller);
  if (!caller.only_tenant) return visible;
  return all_of(visible, equals<&SessionRow::tenant_domain>(*caller.only_tenant));
}

SessionPage list_sessions(database::Connection& connection, const Caller& caller,
                          const SessionFilter& filter) {
  const auto condition = matches(caller, filter);
  const std::int64_t total = store::count(connection, condition);
  return {
      .sessions = with_last_text(connection, page_of(connection, condition, filter.page, total)),
      .total = total};
}

std::vector<SessionView> with_last_text(database::Connection& connection,
                                        std::vector<SessionRow> sessions) {
  std::vector<std::string> session_ids;
  for (const SessionRow& session : sessions) session_ids.push_back(session.id);
  std::vector<std::int64_t> message_ids;
  for (const auto& [session_id, message_id] :
       store::max_by<&MessageRow::session_id, &MessageRow::id>(
           connection, store::one_of<&MessageRow::session_id>(session_ids))) {
    message_ids.push_back(message_id);
  }
  std::vector<SessionView> views;
  for (SessionRow& session : sessions)
    views.push_back({.session = std::move(session), .last_text = {}});
  for (MessageRow& message : store::select<MessageRow>()
                                 .where(store::one_of<&MessageRow::id>(message_ids))
                                 .all(connection)) {
    const auto view = std::ranges::find(views, message.session_id,
                                        [](const SessionView& each) { return each.session.id; });
    if (view != views.end()) view->last_text = std::move(message.message_text);
  }
  return views;
}

store::Condition<SessionRow> unchanged_since(const SessionRow& seen) {
  return all_of(
      equals<&SessionRow::id>(seen.id),
      seen.status ? equals<&SessionRow::status>(*seen.status) : is_null<&SessionRow::status>(),
      seen.assigned_agent_id ? equals<&SessionRow::assigned_agent_id>(*seen.assigned_agent_id)
                             : is_null<&SessionRow::assigned_agent_id>());
}

Error too_many_changes(const std::string& session_id) {
  return {ErrorCode::SerializationFailure,
          "session " + session_id + " was changed by others at the same time", "Try again."};
}

}  // namespace parley::live_agent
