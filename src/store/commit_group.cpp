#include "store/commit_group.h"

#include <utility>
#include <vector>

#include "base/check.h"
#include "base/error.h"
#include "base/log.h"
#include "database/transaction.h"

namespace parley::store {
namespace {

constexpr int kAttemptsMax = 3;

/// The engine has undone the transaction or will not go on with it, so that a savepoint does not
/// help. MySQL rolls all back on a deadlock, SQLite on a full disk, PostgreSQL fails again until
/// the whole is repeated.
bool concerns_whole_transaction(ErrorCode code) {
  return code == ErrorCode::ConnectionLost || code == ErrorCode::Deadlock ||
         code == ErrorCode::SerializationFailure || code == ErrorCode::DiskFull;
}

/// The same may succeed when it is done again.
bool is_transient(ErrorCode code) {
  return code == ErrorCode::ConnectionLost || code == ErrorCode::Deadlock ||
         code == ErrorCode::SerializationFailure || code == ErrorCode::Busy;
}

/// Runs `work` so that it happens as a whole or not at all, and the writes before it stay.
void run_in_savepoint(const Work& work, database::Connection& connection) {
  database::Savepoint savepoint(connection, "one_write");
  work(connection);
  savepoint.release();
}

}  // namespace

CommitGroup::CommitGroup(std::unique_ptr<database::Connection> connection,
                         std::function<std::unique_ptr<database::Connection>()> open,
                         std::size_t waiting_max, std::size_t batch_max)
    : connection_(std::move(connection)),
      open_(std::move(open)),
      batch_max_(batch_max),
      queue_(waiting_max) {
  PARLEY_CHECK(connection_ != nullptr && batch_max >= 1);
  thread_ = std::thread([this] { run(); });
}

CommitGroup::~CommitGroup() {
  queue_.close();
  thread_.join();
}

void CommitGroup::run() {
  while (true) {
    std::vector<Write> batch;
    for (Submission& submission : queue_.take(batch_max_))
      batch.push_back({std::move(submission), nullptr});
    if (batch.empty()) return;
    commit(batch);
    for (const Write& write : batch) write.submission.finish(write.outcome);
  }
}

void CommitGroup::commit(std::span<Write> batch) {
  for (int attempt = 1; attempt <= kAttemptsMax; ++attempt) {
    const std::optional<Failure> failure = try_commit(batch);
    if (!failure) return;
    for (Write& write : batch) write.outcome = failure->error;
    if (!failure->may_retry) return;
  }
  if (batch.size() == 1) return;
  for (std::size_t i = 0; i < batch.size(); ++i) commit(batch.subspan(i, 1));
}

std::optional<CommitGroup::Failure> CommitGroup::try_commit(std::span<Write> batch) {
  bool is_committing = false;
  try {
    database::Connection& connection = usable_connection();
    database::Transaction transaction(connection);
    if (run_works(batch) == 0) return std::nullopt;
    // Found out here, it is certain that nothing was committed.
    if (connection.is_lost())
      throw Error(ErrorCode::ConnectionLost, "the connection ended during a transaction");
    is_committing = true;
    transaction.commit();
    return std::nullopt;
  } catch (const Error& error) {
    const bool is_unknown = is_committing && error.code() == ErrorCode::ConnectionLost;
    log::warning("a transaction of {} writes failed: {}", batch.size(), error.what());
    return Failure{std::current_exception(), is_transient(error.code()) && !is_unknown};
  } catch (...) {
    return Failure{std::current_exception(), false};
  }
}

/// Runs all works, each with its outcome; returns how many succeeded. Throws when the transaction
/// is over.
std::size_t CommitGroup::run_works(std::span<Write> batch) {
  std::size_t succeeded = 0;
  for (Write& write : batch) {
    write.outcome = nullptr;
    try {
      if (batch.size() == 1) {
        write.submission.work(*connection_);
      } else {
        run_in_savepoint(write.submission.work, *connection_);
      }
      ++succeeded;
    } catch (const Error& error) {
      if (concerns_whole_transaction(error.code())) throw;
      write.outcome = std::current_exception();
    } catch (...) {
      write.outcome = std::current_exception();
    }
  }
  return succeeded;
}

/// The connection, another one when it has ended.
database::Connection& CommitGroup::usable_connection() {
  if (connection_ != nullptr && connection_->is_lost()) connection_.reset();
  if (connection_ == nullptr) connection_ = open_();
  PARLEY_CHECK(connection_ != nullptr);
  return *connection_;
}

}  // namespace parley::store
