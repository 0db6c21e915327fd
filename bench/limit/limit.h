#pragma once

// What an engine itself allows: the statements of a message post, or of a page, in a plain loop on
// the engine's C library with nothing around them. One row of messages, sessions and events is
// written per message, all of a batch in one transaction with multi-row statements where the engine
// is quicker with them. It runs on a copy of a database that Parley made, so that columns and
// indexes are the same; only the tables `bench_events` and `bench_counter` are its own. One thread.

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace parley::bench {

/// What every message of the loop has; its session comes with it.
struct Content {
  std::string text;
  std::string now;       ///< `2025-01-31 09:30:00.000000`.
  std::string audience;  ///< JSON, who may see the event.
  std::string data;      ///< JSON, the message as the event carries it; some 300 bytes.
};

enum class Events { Written, LeftOut };

class Limit {
 public:
  virtual ~Limit() = default;

  /// Writes one message to each of the sessions and returns when that is on disk. The number of
  /// sessions is the same in all calls. Throws std::runtime_error when a row is not there.
  virtual void post(std::span<const std::string* const> sessions, const Content& content) = 0;

  /// Reads the session, its number of messages and the newest 50 of them.
  virtual void read_page(const std::string& session) = 0;
};

/// `path` is the file.
std::unique_ptr<Limit> open_sqlite(const std::string& path, Events events);

/// `url` as libpq takes it.
std::unique_ptr<Limit> open_postgresql(const std::string& url, Events events);

struct MariadbAddress {
  std::string host;
  unsigned port = 0;
  std::string user;
  std::string database;
};
std::unique_ptr<Limit> open_mariadb(const MariadbAddress& address, Events events);

}  // namespace parley::bench
