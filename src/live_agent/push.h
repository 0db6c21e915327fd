#pragma once

// What the other side of a conversation is told when it does not look: made from the events of a
// write, so that nothing is pushed that did not happen. Pure functions; any thread.

#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "live_agent/vocabulary.h"
#include "store/unit_of_work.h"

namespace parley::live_agent {

struct Push {
  std::string session_id;
  Side to = Side::Agent;
  JsonObject payload;  ///< `{notification: {title, body}, data: {type, session_id, …}}`.
};

/// The pushes of the events of one write: `new_session` to the agents, `new_message` to the side
/// that did not send it, `session_status_changed` to the side that did not change it. The first
/// message of a new session is told with the session.
std::vector<Push> pushes_of(std::span<const store::Event> events);

}  // namespace parley::live_agent
