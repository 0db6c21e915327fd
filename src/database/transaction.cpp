#include "database/transaction.h"

#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "base/log.h"

namespace parley::database {

Transaction::Transaction(Connection& connection, Mode mode) : connection_(connection) {
  PARLEY_CHECK(!connection.in_transaction());
  if (mode == Mode::Write) {
    connection_.begin();
  } else {
    connection_.begin_read();
  }
}

Transaction::~Transaction() {
  if (is_open_) connection_.rollback();
}

void Transaction::commit() {
  PARLEY_CHECK(is_open_);
  connection_.commit();
  is_open_ = false;
}

Savepoint::Savepoint(Connection& connection, std::string name)
    : connection_(connection), name_(std::move(name)) {
  PARLEY_CHECK(connection.in_transaction());
  connection_.execute("SAVEPOINT " + name_);
}

Savepoint::~Savepoint() {
  if (!is_open_ || !connection_.in_transaction()) return;
  try {
    connection_.execute("ROLLBACK TO SAVEPOINT " + name_);
    connection_.execute("RELEASE SAVEPOINT " + name_);
  } catch (const Error& error) {
    // The engine has rolled the whole transaction back or is gone; the enclosing commit reports it.
    log::debug("savepoint {} is gone: {}", name_, error.what());
  }
}

void Savepoint::release() {
  PARLEY_CHECK(is_open_);
  connection_.execute("RELEASE SAVEPOINT " + name_);
  is_open_ = false;
}

}  // namespace parley::database
