#pragma once

// Runs of messages: begun, counted while messages are logged and change, ended. Functions run
// inside a transaction given by the store, and throw `http::Problem` for what the caller must hear.
// The connection's thread.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "outreach/figures.h"
#include "outreach/tables.h"
#include "outreach/vocabulary.h"
#include "store/connection.h"
#include "store/unit_of_work.h"

namespace parley::outreach {

/// The template of a session that a message without one has opened.
inline constexpr std::string_view kAutoCreated = "Auto-created";

struct NewSession {
  Channel channel = Channel::Email;
  std::string template_name;
  JsonObject metadata;
};

/// Appends `session.started`.
SessionSummaryRow start_session(store::UnitOfWork& unit, const std::string& user_id,
                                const NewSession& wanted, Timestamp now);

/// The session of that user. Throws the 404 problem when there is none.
SessionSummaryRow session_for(database::Connection& connection, const std::string& user_id,
                              const std::string& session_id);

/// Sets the end, once; appends `session.ended` the first time.
SessionSummaryRow end_session(store::UnitOfWork& unit, const std::string& user_id,
                              const std::string& session_id, Timestamp now);

/// The newest session of the user in that channel that has not ended.
std::optional<SessionSummaryRow> newest_open_session(database::Connection& connection,
                                                     const std::string& user_id, Channel channel);

using Sessions = std::map<std::string, SessionSummaryRow>;

/// The sessions with these ids that exist, locked until the end of the transaction.
Sessions lock_sessions(database::Connection& connection, const std::set<std::string>& ids);

/// What one transaction has changed about the messages of a session.
struct SessionChange {
  Figures difference;
  std::vector<std::string> channels;   ///< Of new messages.
  std::vector<std::string> templates;  ///< The same.
};

/// Brings the figures of the locked `sessions` up to date. A session whose stored figures do not
/// add up, as an earlier program may have left them, is counted anew instead, unless some of its
/// messages are gone already. Requires: the messages are written.
void store_changes(database::Connection& connection, Sessions sessions,
                   const std::map<std::string, SessionChange>& changes);

/// A session with the errors of its messages.
struct SessionView {
  SessionSummaryRow session;
  std::vector<std::string> errors;  ///< Oldest first.
};
std::vector<SessionView> with_errors(database::Connection& connection,
                                     std::vector<SessionSummaryRow> sessions);

/// (end − start) ÷ total, in seconds; 0 while it is open or empty.
double average_send_time(const SessionSummaryRow& session);

}  // namespace parley::outreach
