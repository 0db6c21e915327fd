#pragma once

// What a write works with: the connection with its transaction, and the events that are committed
// with it. One thread, that of the commit group.

#include <string>
#include <vector>

#include "database/connection.h"

namespace parley::store {

/// Something that happened, as it is told to others. See store/event_log.h for what becomes of it.
struct Event {
  std::string kind;      ///< `message.created`; at most 64 characters.
  std::string topic;     ///< What it is about, a session's id; at most 64 characters.
  std::string audience;  ///< JSON by which its module decides who may see it.
  std::string data;      ///< JSON, as it goes over the wire.
};

struct UnitOfWork {
  /// Runs the statements of this write. Must not be kept, nor its transaction ended.
  database::Connection& connection;

  /// Where the write appends what happened. Appended events share the fate of the write: undone
  /// with it, and told to others only when both are on disk.
  std::vector<Event>& events;

  /// So that a write without events can be a function of the connection.
  operator database::Connection&() const { return connection; }  // NOLINT
};

}  // namespace parley::store
