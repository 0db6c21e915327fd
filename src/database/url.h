#pragma once

// Where a database is. Reads the URLs people already have, SQLAlchemy's included. Value; any
// thread.

#include <map>
#include <string>
#include <string_view>

namespace parley::database {

enum class Engine { Sqlite, Postgresql, Mysql };

struct Url {
  Engine engine = Engine::Sqlite;
  std::string user;
  std::string password;
  std::string host;      ///< Empty for SQLite.
  int port = 0;          ///< 0: the engine's usual.
  std::string database;  ///< Database name; for SQLite the path, or ":memory:".
  std::map<std::string, std::string> options;  ///< After `?`: sslmode, unix_socket, charset…

  bool operator==(const Url&) const = default;

  /// Reads `sqlite:///relative.db`, `sqlite:////absolute.db`, `sqlite://` (memory),
  /// `postgresql://`, `postgres://`, `mysql://`, `mariadb://`, each with or without `+driver`. All
  /// parts but SQLite's path are percent-decoded. Throws Error{InvalidArgument} that names what is
  /// wrong, never the password.
  static Url parse(std::string_view text);

  static Url sqlite_file(std::string path);

  /// The URL with `***` for the password: the only form that is ever printed.
  std::string redacted() const;
};

}  // namespace parley::database
