#include "outreach/message_ids.h"

#include <algorithm>
#include <set>

#include "outreach/callbacks.h"
#include "store/query.h"

namespace parley::outreach {
namespace {

constexpr std::size_t kIdsAtOnce = 1024;

std::pair<std::string, std::string> key_of(const MessageIdRow& row) {
  return {row.message_id, row.log_id};
}

void note(store::UnitOfWork& unit, std::vector<MessageIdRow> wanted, Timestamp now) {
  if (wanted.empty()) return;
  std::vector<std::string> ids;
  for (const MessageIdRow& row : wanted) ids.push_back(row.message_id);
  std::set<std::pair<std::string, std::string>> known;
  for (const MessageIdRow& row : owners_of(unit.connection, ids)) known.insert(key_of(row));
  std::erase_if(wanted, [&](const MessageIdRow& row) { return !known.insert(key_of(row)).second; });
  if (wanted.empty()) return;
  store::insert_many(unit.connection, wanted);
  apply_waiting(unit, ids, now);
}

}  // namespace

void note_message_ids(store::UnitOfWork& unit, std::span<const MessageLogRow> messages,
                      Timestamp now) {
  std::vector<MessageIdRow> wanted;
  for (const MessageLogRow& message : messages) {
    const std::string id = message.message_id.value_or("");
    if (id.empty() || id.size() > kMessageIdBytesMax) continue;
    wanted.push_back({.message_id = id, .log_id = message.id, .user_id = message.user_id});
  }
  note(unit, std::move(wanted), now);
}

void note_delivery(store::UnitOfWork& unit, const std::string& user_id,
                   const std::string& message_id, Timestamp now) {
  note(unit, {{.message_id = message_id, .log_id = "", .user_id = user_id}}, now);
}

std::vector<MessageIdRow> owners_of(database::Connection& connection,
                                    std::span<const std::string> message_ids) {
  std::vector<MessageIdRow> owners;
  for (std::size_t first = 0; first < message_ids.size(); first += kIdsAtOnce) {
    const auto part = message_ids.subspan(first, std::min(kIdsAtOnce, message_ids.size() - first));
    for (MessageIdRow& row : store::select<MessageIdRow>()
                                 .where(store::one_of<&MessageIdRow::message_id>(part))
                                 .order_by<&MessageIdRow::message_id>()
                                 .order_by<&MessageIdRow::log_id>()
                                 .all(connection)) {
      owners.push_back(std::move(row));
    }
  }
  return owners;
}

}  // namespace parley::outreach
