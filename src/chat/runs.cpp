#include "chat/runs.h"

#include <set>

#include "base/ids.h"
#include "chat/chats.h"
#include "chat/vocabulary.h"
#include "chat/wire.h"
#include "store/query.h"

namespace parley::chat {
namespace {

using store::equals;
using store::set;

constexpr std::int64_t kCandidatesMax = 200;
constexpr std::int64_t kCreated = 201;

store::Condition<RunRow> is_free(Timestamp now) {
  return any_of(
      std::vector{store::is_null<&RunRow::held_until>(), store::less<&RunRow::held_until>(now)});
}

store::Condition<RunRow> is_held_by(const RunRow& run, const std::string& node) {
  return all_of(equals<&RunRow::id>(run.id), equals<&RunRow::node>(node));
}

std::optional<ChatMessageRow> find_message(database::Connection& connection,
                                           const std::string& id) {
  return store::select<ChatMessageRow>().where(equals<&ChatMessageRow::id>(id)).first(connection);
}

std::optional<ChatRow> find_chat(database::Connection& connection, const std::string& id) {
  return store::select<ChatRow>().where(equals<&ChatRow::id>(id)).first(connection);
}

/// The chats of which somebody answers a question right now. Locked, so that what another node has
/// just taken is seen.
std::set<std::string> busy_chats(database::Connection& connection, Timestamp now) {
  std::set<std::string> busy;
  for (RunRow& run : store::select<RunRow>()
                         .where(store::greater_or_equal<&RunRow::held_until>(now))
                         .order_by<&RunRow::id>()
                         .for_update()
                         .all(connection)) {
    busy.insert(std::move(run.chat_id));
  }
  return busy;
}

ChatMessageRow message_of(const RunRow& run, const Answer& answer) {
  return {.id = run.id,
          .chat_id = run.chat_id,
          .role = word(Speaker::Assistant),
          .content = answer.content,
          .action = std::string(word(answer.action)),
          .dax_attempts = attempts_text(answer.attempts),
          .final_dax = answer.final_query,
          .resolution_note = answer.resolution_note,
          .error = answer.error,
          .created_at = {}};
}

ai::Message said(const ChatMessageRow& message) {
  return {.role = message.role == word(Speaker::User) ? ai::Role::User : ai::Role::Assistant,
          .content = message.content};
}

JsonObject answer_json(const ChatMessageRow& message, const ChatRow& chat) {
  return {{"message", message_json(message)}, {"chat", chat_json(chat)}};
}

void keep_for_repetition(database::Connection& connection, const RunRow& run,
                         const JsonObject& answer, Timestamp now) {
  if (!run.key_id || !run.request_hash) return;
  // The key may have been used for something else meanwhile, which has the answer then.
  const Timestamp not_before = now - store::kIdempotencyLifetime;
  if (store::find_answer(connection, *run.key_id, not_before)) return;
  store::keep_answer(connection, {*run.key_id, *run.request_hash}, kCreated, to_text(answer), now,
                     not_before);
}

}  // namespace

RunRow ask(store::UnitOfWork& unit, ChatRow& chat, const Asking& asking,
           std::chrono::minutes give_up_after, Timestamp now) {
  if (const std::string title = title_of(asking.content); chat.title == kNewChat && !title.empty())
    chat.title = title;
  ChatMessageRow question;
  question.id = make_uuid_at(now);
  question.role = word(Speaker::User);
  question.content = asking.content;
  append_message(unit, chat, question, now);
  RunRow run{.id = asking.answer_id,
             .chat_id = chat.id,
             .question_id = question.id,
             .node = {},
             .held_until = {},
             .give_up_at = now + give_up_after,
             .key_id = {},
             .request_hash = {},
             .created_at = question.created_at};
  if (asking.key) {
    run.key_id = asking.key->id;
    run.request_hash = asking.key->request_hash;
  }
  store::insert(unit.connection, run);
  return run;
}

bool is_being_answered(database::Connection& connection, const store::RequestKey& key) {
  return store::exists(connection, equals<&RunRow::key_id>(key.id));
}

bool has_free_runs(database::Connection& connection, Timestamp now) {
  return store::exists(connection, is_free(now));
}

std::vector<RunRow> take_runs(store::UnitOfWork& unit, const std::string& node, std::size_t count,
                              Timestamp until, Timestamp now) {
  // Locked before it is asked what is held: two nodes must not take two runs of one chat.
  const std::vector<RunRow> candidates = store::select<RunRow>()
                                             .where(is_free(now))
                                             .order_by<&RunRow::created_at>()
                                             .order_by<&RunRow::id>()
                                             .limit(kCandidatesMax)
                                             .for_update()
                                             .all(unit.connection);
  std::set<std::string> busy = busy_chats(unit.connection, now);
  std::vector<RunRow> taken;
  for (const RunRow& run : candidates) {
    if (taken.size() == count) break;
    if (!busy.insert(run.chat_id).second) continue;
    store::update(unit.connection, equals<&RunRow::id>(run.id), set<&RunRow::node>(node),
                  set<&RunRow::held_until>(until));
    taken.push_back(run);
  }
  return taken;
}

void hold_runs(database::Connection& connection, const std::string& node,
               const std::vector<std::string>& ids, Timestamp until) {
  store::update(connection, all_of(store::one_of<&RunRow::id>(ids), equals<&RunRow::node>(node)),
                set<&RunRow::held_until>(until));
}

void release_run(database::Connection& connection, const RunRow& run, const std::string& node,
                 Timestamp free_from) {
  store::update(connection, is_held_by(run, node), set<&RunRow::node>(std::nullopt),
                set<&RunRow::held_until>(free_from));
}

std::vector<RunRow> runs_of(database::Connection& connection, const std::string& chat_id) {
  return store::select<RunRow>()
      .where(equals<&RunRow::chat_id>(chat_id))
      .order_by<&RunRow::created_at>()
      .order_by<&RunRow::id>()
      .all(connection);
}

void drop_run(database::Connection& connection, const RunRow& run) {
  store::erase(connection, equals<&RunRow::id>(run.id));
}

void drop_runs_of(database::Connection& connection, const std::string& chat_id) {
  store::erase(connection, equals<&RunRow::chat_id>(chat_id));
}

bool is_under_way(database::Connection& connection, const std::string& run_id) {
  return store::exists(connection, equals<&RunRow::id>(run_id));
}

std::optional<Work> work_of(database::Connection& connection, const RunRow& run,
                            std::int64_t history_messages) {
  const auto question = find_message(connection, run.question_id);
  auto chat = find_chat(connection, run.chat_id);
  if (!question || !chat) return std::nullopt;
  auto agent = find_agent(connection, chat->agent_id);
  if (!agent) return std::nullopt;
  Work work{.chat = *std::move(chat), .question = *question, .asked = {}};
  work.asked.agent = *std::move(agent);
  work.asked.text = question->content;
  for (const ChatMessageRow& each : history_before(connection, *question, history_messages)) {
    work.asked.history.push_back(said(each));
  }
  return work;
}

std::optional<JsonObject> finish_run(store::UnitOfWork& unit, const RunRow& run,
                                     const std::string& node, const Answer& answer, Timestamp now) {
  // The chat first, as everybody locks it.
  auto chat = store::select<ChatRow>()
                  .where(equals<&ChatRow::id>(run.chat_id))
                  .for_update()
                  .first(unit.connection);
  const bool was_held = store::erase(unit.connection, is_held_by(run, node)) > 0;
  if (!chat || !was_held) return std::nullopt;
  ChatMessageRow message = message_of(run, answer);
  append_message(unit, *chat, message, now);
  JsonObject told = answer_json(message, *chat);
  for (auto& field : cost_json(answer)) told[field.key()] = std::move(field.value());
  keep_for_repetition(unit.connection, run, told, now);
  return told;
}

std::optional<JsonObject> stored_answer(database::Connection& connection, const std::string& id) {
  const auto message = find_message(connection, id);
  if (!message) return std::nullopt;
  const auto chat = find_chat(connection, message->chat_id);
  if (!chat) return std::nullopt;
  JsonObject told = answer_json(*message, *chat);
  told["usage"] = nullptr;
  told["response_time_ms"] = nullptr;
  return told;
}

JsonObject cost_json(const Answer& answer) {
  JsonObject cost{{"usage", nullptr}, {"response_time_ms", answer.response_time.count()}};
  if (answer.usage) {
    cost["usage"] = JsonObject{{"prompt_tokens", answer.usage->prompt_tokens},
                               {"completion_tokens", answer.usage->completion_tokens},
                               {"total_tokens", answer.usage->total_tokens}};
  }
  return cost;
}

}  // namespace parley::chat
