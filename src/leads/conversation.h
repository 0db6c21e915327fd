#pragma once

// Writing messages into a session: the one place where a message gets its time, is counted and is
// told of. Functions of a write transaction in which the session's lead is locked (rows.h).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "leads/tables.h"
#include "leads/vocabulary.h"
#include "store/connection.h"
#include "store/unit_of_work.h"

namespace parley::leads {

inline constexpr std::size_t kMessageCharactersMax = 16'000;

/// When a message of the lead that is written now was written: now, or a microsecond after the last
/// one, so that no two have the same time and clients can go on from the last they have.
Timestamp next_message_time(store::Connection& connection, std::int64_t lead_id, Timestamp now);

/// Whether a message is one of those that `message_count` counts.
enum class Counted { Yes, No };

/// Stores the message in the session, which it changes and stores as well: the count, and when and
/// from whom the last one came. Sets what belongs to the session and the time. Returns it with its
/// id; its event is appended.
MessageRow add_message(store::UnitOfWork& unit, AgentSessionRow& session, MessageRow message,
                       Timestamp now, Counted counted = Counted::Yes);

/// A message as it is before it is put into a session: everything that may be absent is.
MessageRow blank_message(SenderType sender, std::string content);

/// The newest messages of the session before `before`, at most `count_max`, oldest first. Without
/// `before`: the newest of all.
std::vector<MessageRow> latest_messages(store::Connection& connection, std::int64_t session_id,
                                        const std::optional<MessageRow>& before,
                                        std::int64_t count_max);

/// The conversation at the platform that the lead's messages belong to, as the newest of them says;
/// before there is one, as the session's beginning does.
std::optional<std::string> conversation_of(store::Connection& connection,
                                           const AgentSessionRow& session);

}  // namespace parley::leads
