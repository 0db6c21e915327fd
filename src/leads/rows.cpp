#include "leads/rows.h"

#include "base/crypto.h"

namespace parley::leads {
namespace {

using store::equals;
using store::select;

template <auto Id>
auto with_id(std::int64_t id) {
  return select<store::RowOf<Id>>().where(equals<Id>(id));
}

store::Condition<AgentSessionRow> is_live_of(std::int64_t lead_id) {
  return all_of(equals<&AgentSessionRow::lead_id>(lead_id), is_live());
}

}  // namespace

std::optional<LeadRow> find_lead(store::Connection& connection, std::int64_t id) {
  return with_id<&LeadRow::id>(id).first(connection);
}

std::optional<LeadRow> find_lead_of(store::Connection& connection, const std::string& external_id) {
  return select<LeadRow>()
      .where(equals<&LeadRow::external_id>(external_id))
      .order_by<&LeadRow::id>()
      .first(connection);
}

std::optional<AgentRow> find_agent(store::Connection& connection, std::int64_t id) {
  return with_id<&AgentRow::id>(id).first(connection);
}

std::optional<AgentSessionRow> find_session(store::Connection& connection, std::int64_t id) {
  return with_id<&AgentSessionRow::id>(id).first(connection);
}

std::optional<MessageRow> find_message(store::Connection& connection, std::int64_t id) {
  return with_id<&MessageRow::id>(id).first(connection);
}

std::optional<LeadRow> lock_lead(store::Connection& connection, std::int64_t id) {
  return with_id<&LeadRow::id>(id).for_update().first(connection);
}

std::optional<AgentRow> lock_agent(store::Connection& connection, std::int64_t id) {
  return with_id<&AgentRow::id>(id).for_update().first(connection);
}

std::optional<AgentSessionRow> lock_session(store::Connection& connection, std::int64_t id) {
  const std::optional<AgentSessionRow> found = find_session(connection, id);
  if (!found || !lock_lead(connection, found->lead_id)) return std::nullopt;
  return with_id<&AgentSessionRow::id>(id).for_update().first(connection);
}

std::optional<MessageRow> lock_message(store::Connection& connection, std::int64_t id) {
  return with_id<&MessageRow::id>(id).for_update().first(connection);
}

store::Condition<AgentSessionRow> is_live() {
  return store::one_of<&AgentSessionRow::session_status>(
      {word(SessionStatus::Active), word(SessionStatus::TakenOver)});
}

bool is_live(const AgentSessionRow& session) {
  return session.session_status == word(SessionStatus::Active) ||
         session.session_status == word(SessionStatus::TakenOver);
}

std::optional<AgentSessionRow> live_session(store::Connection& connection, std::int64_t lead_id) {
  return select<AgentSessionRow>()
      .where(is_live_of(lead_id))
      .order_by<&AgentSessionRow::id>(store::Order::Descending)
      .first(connection);
}

std::optional<AgentSessionRow> lock_live_session(store::Connection& connection,
                                                 std::int64_t lead_id) {
  return select<AgentSessionRow>()
      .where(is_live_of(lead_id))
      .order_by<&AgentSessionRow::id>(store::Order::Descending)
      .for_update()
      .first(connection);
}

void hold_name(store::Connection& connection, std::string_view kind, std::string_view name) {
  const NameLockRow lock{.name = to_hex(sha256(std::string(kind) + '\n' + std::string(name)))};
  // A second transaction waits at the key of the first one's row until that has ended, although the
  // row is gone by then.
  store::insert(connection, lock);
  store::erase(connection, equals<&NameLockRow::name>(lock.name));
}

}  // namespace parley::leads
