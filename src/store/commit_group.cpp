#include "store/commit_group.h"

#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "base/log.h"
#include "database/transaction.h"

namespace parley::store {
namespace {

constexpr int kAttemptsMax = 3;
/// Where the engine let another transaction go on instead: each attempt finds fewer in its way.
constexpr int kYieldingAttemptsMax = 10;

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

int attempts_for(ErrorCode code) {
  const bool has_yielded = code == ErrorCode::Deadlock || code == ErrorCode::SerializationFailure;
  return has_yielded ? kYieldingAttemptsMax : kAttemptsMax;
}

/// Items of one bulk write that are alone in a transaction have failed together.
struct FailedTogether {
  std::exception_ptr error;
};

std::exception_ptr not_sound() {
  return std::make_exception_ptr(Error(ErrorCode::Unavailable,
                                       "the database did not take the last writes",
                                       "Try again shortly; the server's log has the reason."));
}

}  // namespace

CommitGroup::CommitGroup(std::unique_ptr<database::Connection> connection,
                         std::function<std::unique_ptr<database::Connection>()> open,
                         CommitGroupOptions options)
    : connection_(std::move(connection)),
      open_(std::move(open)),
      options_(std::move(options)),
      queue_(options_.waiting_max) {
  PARLEY_CHECK(connection_ != nullptr && options_.batch_max >= 1);
  thread_ = std::thread([this] { run(); });
}

CommitGroup::~CommitGroup() {
  queue_.close();
  thread_.join();
}

void CommitGroup::run() {
  while (true) {
    std::vector<Write> batch;
    for (WriteSubmission& submission : queue_.take(options_.batch_max))
      batch.push_back({.submission = std::move(submission)});
    if (batch.empty()) return;
    commit_batch(batch);
    for (const Write& write : batch) finish(write.submission.done, write.outcome);
  }
}

/// Lets one write find out whether the database is well again before the others follow.
void CommitGroup::commit_batch(std::span<Write> batch) {
  if (!is_sound_) {
    commit(batch.first(1));
    batch = batch.subspan(1);
    if (!is_sound_) {
      for (Write& write : batch) write.outcome = not_sound();
      return;
    }
  }
  if (!batch.empty()) commit(batch);
}

void CommitGroup::commit(std::span<Write> batch) {
  for (int attempt = 1;; ++attempt) {
    const std::optional<Failure> failure = try_commit(batch);
    if (!failure) return;
    for (Write& write : batch) write.outcome = failure->error;
    if (failure->next == Failure::Next::GiveUp) return;
    if (failure->next == Failure::Next::OneByOne || attempt >= failure->attempts_max) break;
  }
  if (batch.size() == 1) return;
  for (std::size_t i = 0; i < batch.size(); ++i) commit(batch.subspan(i, 1));
}

std::optional<CommitGroup::Failure> CommitGroup::try_commit(std::span<Write> batch) {
  bool is_committing = false;
  events_.clear();
  logged_.clear();
  try {
    database::Connection& connection = usable_connection();
    database::Transaction transaction(connection);
    if (!run_works(batch)) return std::nullopt;
    // Found out here, it is certain that nothing was committed.
    if (connection.is_lost())
      throw Error(ErrorCode::ConnectionLost, "the connection ended during a transaction");
    if (!events_.empty()) logged_ = append_events(connection, std::move(events_), options_.now());
    is_committing = true;
    transaction.commit();
    is_sound_ = true;
  } catch (const FailedTogether& failed) {
    return Failure{.error = failed.error, .next = Failure::Next::OneByOne};
  } catch (const Error& error) {
    log::warning("a transaction of {} writes failed: {}", batch.size(), error.what());
    const bool is_undone =
        is_transient(error.code()) && !(is_committing && error.code() == ErrorCode::ConnectionLost);
    if (is_committing && !is_undone) {
      is_sound_ = false;
      connection_.reset();
    }
    return Failure{.error = std::current_exception(),
                   .next = is_undone ? Failure::Next::Again : Failure::Next::GiveUp,
                   .attempts_max = attempts_for(error.code())};
  } catch (...) {
    return Failure{std::current_exception()};
  }
  writes_ += batch.size();
  ++transactions_;
  if (!logged_.empty() && options_.committed) options_.committed(std::move(logged_));
  return std::nullopt;
}

/// Runs all works, each with its outcome; false when none succeeded. Throws when the transaction is
/// over.
bool CommitGroup::run_works(std::span<Write> batch) {
  for (Write& write : batch) {
    write.outcome = nullptr;
    write.has_run = false;
  }
  bool has_succeeded = false;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (batch[i].has_run) continue;
    std::vector<Write*> writes{&batch[i]};
    const BulkWork* const bulk = batch[i].submission.bulk.get();
    for (std::size_t k = i + 1; bulk != nullptr && k < batch.size(); ++k) {
      if (batch[k].submission.bulk.get() == bulk) writes.push_back(&batch[k]);
    }
    writes.size() == batch.size() ? run_alone_in_transaction(writes) : run_together(writes);
    for (Write* write : writes) {
      write->has_run = true;
      has_succeeded |= write->outcome == nullptr;
    }
  }
  return has_succeeded;
}

/// Nobody else is in the transaction, so that no savepoint is needed: it is rolled back as a whole.
void CommitGroup::run_alone_in_transaction(std::span<Write* const> writes) {
  try {
    run_directly(writes);
    return;
  } catch (const Error& error) {
    if (concerns_whole_transaction(error.code())) throw;
    writes.front()->outcome = std::current_exception();
  } catch (...) {
    writes.front()->outcome = std::current_exception();
  }
  if (writes.size() > 1) throw FailedTogether{writes.front()->outcome};
}

/// One write, or items of one bulk write, which run one by one when they fail together.
void CommitGroup::run_together(std::span<Write* const> writes) {
  const std::size_t events_before = events_.size();
  try {
    run_in_savepoint(writes);
    return;
  } catch (const Error& error) {
    if (concerns_whole_transaction(error.code())) throw;
    writes.front()->outcome = std::current_exception();
  } catch (...) {
    writes.front()->outcome = std::current_exception();
  }
  events_.resize(events_before);
  if (writes.size() == 1) return;
  for (std::size_t i = 0; i < writes.size(); ++i) run_together(writes.subspan(i, 1));
}

/// So that it happens as a whole or not at all, and the writes before it stay.
void CommitGroup::run_in_savepoint(std::span<Write* const> writes) {
  database::Savepoint savepoint(*connection_, "one_write");
  run_directly(writes);
  savepoint.release();
}

void CommitGroup::run_directly(std::span<Write* const> writes) {
  UnitOfWork unit{*connection_, events_};
  const WriteSubmission& first = writes.front()->submission;
  if (first.bulk == nullptr) {
    first.work(unit);
    writes.front()->outcome = nullptr;
    return;
  }
  std::vector<BulkItem*> items;
  for (Write* write : writes) {
    items.push_back(write->submission.item.get());
    items.back()->error = nullptr;
  }
  (*first.bulk)(unit, items);
  for (std::size_t i = 0; i < writes.size(); ++i) writes[i]->outcome = items[i]->error;
}

/// The connection, another one when it has ended.
database::Connection& CommitGroup::usable_connection() {
  if (connection_ != nullptr && connection_->is_lost()) connection_.reset();
  if (connection_ == nullptr) connection_ = open_();
  PARLEY_CHECK(connection_ != nullptr);
  return *connection_;
}

}  // namespace parley::store
