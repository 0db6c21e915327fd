#pragma once

// A transaction and a savepoint that end with their scope: not committed means rolled back,
// silently. One thread, that of the connection, which must outlive them.

#include <string>

#include "database/connection.h"

namespace parley::database {

class Transaction {
 public:
  enum class Mode { Write, Read };

  explicit Transaction(Connection& connection, Mode mode = Mode::Write);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// Makes it durable. After a throw the transaction has not happened, or (ConnectionLost) its end
  /// is not known.
  void commit();

 private:
  Connection& connection_;
  bool is_open_ = true;
};

class Savepoint {
 public:
  /// Requires: a transaction is open. `name` is an identifier.
  Savepoint(Connection& connection, std::string name);
  ~Savepoint();
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;

  /// Keeps what was done since the constructor.
  void release();

 private:
  Connection& connection_;
  std::string name_;
  bool is_open_ = true;
};

}  // namespace parley::database
