#pragma once

// Runs: answers that are still to be given, as rows. A question and its run are committed together;
// the answer and the end of its run as well, so that a question is answered exactly once, whichever
// node does it and however often one of them is killed. The runs of a chat are worked on one after
// the other, the oldest first. Functions run inside a transaction given by the store; the
// connection's thread.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "chat/answerer.h"
#include "chat/tables.h"
#include "store/connection.h"
#include "store/idempotency.h"
#include "store/unit_of_work.h"

namespace parley::chat {

/// A question on its way into a chat.
struct Asking {
  std::string content;
  std::string answer_id;                 ///< Of its run and of the answer to come.
  std::optional<store::RequestKey> key;  ///< Of a request that may be repeated.
};

/// Stores the question with its run, and gives an untitled chat its title. Requires: the chat is
/// locked.
RunRow ask(store::UnitOfWork& unit, ChatRow& chat, const Asking& asking,
           std::chrono::minutes give_up_after, Timestamp now);

/// True while a request of that key is being answered.
bool is_being_answered(database::Connection& connection, const store::RequestKey& key);

/// Takes at most `count` runs for `node` until `until`: of each chat the oldest, unless somebody
/// holds it.
std::vector<RunRow> take_runs(store::UnitOfWork& unit, const std::string& node, std::size_t count,
                              Timestamp until, Timestamp now);
/// Whether there is something to take, perhaps.
bool has_free_runs(database::Connection& connection, Timestamp now);

/// Holds these runs of the node until then.
void hold_runs(database::Connection& connection, const std::string& node,
               const std::vector<std::string>& ids, Timestamp until);

/// Lets go of a run, for whoever takes it after `free_from`.
void release_run(database::Connection& connection, const RunRow& run, const std::string& node,
                 Timestamp free_from);

/// The runs of a chat, the oldest first.
std::vector<RunRow> runs_of(database::Connection& connection, const std::string& chat_id);
bool is_under_way(database::Connection& connection, const std::string& run_id);

/// Ends a run without an answer: its chat has gone.
void drop_run(database::Connection& connection, const RunRow& run);
void drop_runs_of(database::Connection& connection, const std::string& chat_id);

/// What is needed to answer; nothing when the chat has gone meanwhile.
struct Work {
  ChatRow chat;
  ChatMessageRow question;
  Question asked;
};
std::optional<Work> work_of(database::Connection& connection, const RunRow& run,
                            std::int64_t history_messages);

/// Stores the answer and ends the run. Returns what the sender is told; nothing when the run is not
/// the node's any more, or its chat has gone.
std::optional<JsonObject> finish_run(store::UnitOfWork& unit, const RunRow& run,
                                     const std::string& node, const Answer& answer, Timestamp now);

/// What the sender is told of an answer that is stored; nothing when there is none of that id.
std::optional<JsonObject> stored_answer(database::Connection& connection, const std::string& id);

/// `usage` and `response_time_ms` of an answer.
JsonObject cost_json(const Answer& answer);

}  // namespace parley::chat
