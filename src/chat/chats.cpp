#include "chat/chats.h"

#include <algorithm>
#include <map>

#include "base/ids.h"
#include "base/text.h"
#include "chat/events.h"
#include "chat/problems.h"
#include "store/query.h"

namespace parley::chat {
namespace {

using store::equals;
using store::set;

constexpr std::size_t kTitleOfQuestion = 50;
constexpr std::string_view kError = "ERROR";

store::Condition<ChatRow> own_chats(const Caller& caller) {
  return all_of(equals<&ChatRow::user_id>(caller.user.id),
                equals<&ChatRow::agent_id>(caller.id("agent_id")),
                equals<&ChatRow::account_id>(caller.membership.account_id));
}

store::Selection<ChatRow> own_chat(const Caller& caller) {
  return store::select<ChatRow>().where(
      all_of(own_chats(caller), equals<&ChatRow::id>(caller.id("chat_id"))));
}

std::map<std::string, std::int64_t> message_counts(database::Connection& connection,
                                                   const std::vector<ChatRow>& chats) {
  std::vector<std::string> ids;
  for (const ChatRow& chat : chats) ids.push_back(chat.id);
  std::map<std::string, std::int64_t> counts;
  if (ids.empty()) return counts;
  for (auto& [id, count] : store::count_by<&ChatMessageRow::chat_id>(
           connection, store::one_of<&ChatMessageRow::chat_id>(ids))) {
    counts.emplace(id, count);
  }
  return counts;
}

/// Always forward: where the time stayed the same, the database would take its own clock's for the
/// column that moves by itself.
void touch(database::Connection& connection, ChatRow& chat, Timestamp now) {
  chat.updated_at = std::max(chat.updated_at + std::chrono::microseconds(1), now);
  store::update(connection, equals<&ChatRow::id>(chat.id), set<&ChatRow::title>(chat.title),
                set<&ChatRow::updated_at>(chat.updated_at));
}

/// The latest time in a chat, which is locked: that of its own row is also known when another node
/// has written a message that a transaction begun earlier does not see (MariaDB manual, "InnoDB
/// Consistent Reads"); that of its messages also when adopted rows are ahead of it.
std::optional<Timestamp> last_time(database::Connection& connection, const ChatRow& chat) {
  const auto last = store::max<&ChatMessageRow::created_at>(
      connection, equals<&ChatMessageRow::chat_id>(chat.id));
  if (chat.updated_at == chat.created_at) return last;
  return std::max(last.value_or(chat.updated_at), chat.updated_at);
}

std::string title_or_default(const std::string& title) {
  return title.empty() ? std::string(kNewChat) : title;
}

}  // namespace

std::string title_of(std::string_view content) {
  std::string title(trim(first_code_points(content, kTitleOfQuestion)));
  if (code_points(content) > kTitleOfQuestion) title += "...";
  return title;
}

ChatRow create_chat(store::UnitOfWork& unit, const Caller& caller, const AgentRow& agent,
                    const std::string& title, Timestamp now) {
  ChatRow chat{.id = make_uuid_at(now),
               .title = title_or_default(title),
               .agent_id = agent.id,
               .user_id = caller.user.id,
               .account_id = caller.membership.account_id,
               .created_at = now,
               .updated_at = now};
  store::insert(unit.connection, chat);
  unit.events.push_back(chat_created(chat));
  return chat;
}

ChatPage list_chats(database::Connection& connection, const Caller& caller, const Window& window) {
  const auto own = own_chats(caller);
  std::vector<ChatRow> chats = store::select<ChatRow>()
                                   .where(own)
                                   .order_by<&ChatRow::updated_at>(store::Order::Descending)
                                   .order_by<&ChatRow::id>()
                                   .limit(window.limit)
                                   .offset(window.skip)
                                   .all(connection);
  auto counts = message_counts(connection, chats);
  ChatPage page{.chats = {}, .total = store::count(connection, own)};
  for (ChatRow& chat : chats) {
    const std::int64_t count = counts[chat.id];
    page.chats.emplace_back(std::move(chat), count);
  }
  return page;
}

ChatRow chat_for(database::Connection& connection, const Caller& caller) {
  std::optional<ChatRow> chat = own_chat(caller).first(connection);
  if (!chat) throw chat_not_found();
  return *std::move(chat);
}

ChatRow locked_chat_for(database::Connection& connection, const Caller& caller) {
  std::optional<ChatRow> chat = own_chat(caller).for_update().first(connection);
  if (!chat) throw chat_not_found();
  return *std::move(chat);
}

std::vector<ChatMessageRow> messages_of(database::Connection& connection,
                                        const std::string& chat_id) {
  // At one and the same time, as adopted rows have it, the question stands before its answer.
  return store::select<ChatMessageRow>()
      .where(equals<&ChatMessageRow::chat_id>(chat_id))
      .order_by<&ChatMessageRow::created_at>()
      .order_by<&ChatMessageRow::role>(store::Order::Descending)
      .order_by<&ChatMessageRow::id>()
      .all(connection);
}

ChatRow rename_chat(store::UnitOfWork& unit, ChatRow chat, const std::optional<std::string>& title,
                    Timestamp now) {
  if (!title) return chat;
  chat.title = title_or_default(*title);
  touch(unit.connection, chat, now);
  unit.events.push_back(chat_updated(chat));
  return chat;
}

void delete_chat(store::UnitOfWork& unit, const ChatRow& chat) {
  store::erase(unit.connection, equals<&ChatRow::id>(chat.id));
  unit.events.push_back(chat_deleted(chat));
}

ChatMessageRow edit_message(store::UnitOfWork& unit, const Caller& caller, ChatRow chat,
                            const std::string& content, Timestamp now) {
  std::optional<ChatMessageRow> message =
      store::select<ChatMessageRow>()
          .where(all_of(equals<&ChatMessageRow::id>(caller.id("message_id")),
                        equals<&ChatMessageRow::chat_id>(chat.id)))
          .first(unit.connection);
  if (!message) throw message_not_found();
  if (message->role != word(Speaker::User)) {
    throw http::bad_request("Only user messages can be updated; what an assistant said stays");
  }
  message->content = content;
  store::update(unit.connection, equals<&ChatMessageRow::id>(message->id),
                set<&ChatMessageRow::content>(content));
  touch(unit.connection, chat, now);
  unit.events.push_back(message_updated(chat, *message));
  unit.events.push_back(chat_updated(chat));
  return *std::move(message);
}

void append_message(store::UnitOfWork& unit, ChatRow& chat, ChatMessageRow& message,
                    Timestamp now) {
  message.chat_id = chat.id;
  message.created_at = now;
  if (const auto last = last_time(unit.connection, chat)) {
    message.created_at = std::max(now, *last + std::chrono::microseconds(1));
  }
  store::insert(unit.connection, message);
  touch(unit.connection, chat, message.created_at);
  unit.events.push_back(message_created(chat, message));
  unit.events.push_back(chat_updated(chat));
}

std::vector<ChatMessageRow> history_before(database::Connection& connection,
                                           const ChatMessageRow& question, std::int64_t count) {
  if (count <= 0) return {};
  const auto is_error = equals<&ChatMessageRow::action>(std::string(kError));
  std::vector<ChatMessageRow> history =
      store::select<ChatMessageRow>()
          .where(all_of(
              equals<&ChatMessageRow::chat_id>(question.chat_id),
              store::less<&ChatMessageRow::created_at>(question.created_at),
              any_of(std::vector{store::is_null<&ChatMessageRow::action>(), negation(is_error)})))
          .order_by<&ChatMessageRow::created_at>(store::Order::Descending)
          .order_by<&ChatMessageRow::role>()
          .order_by<&ChatMessageRow::id>(store::Order::Descending)
          .limit(count)
          .all(connection);
  std::ranges::reverse(history);
  return history;
}

}  // namespace parley::chat
