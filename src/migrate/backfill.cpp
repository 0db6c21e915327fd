#include "migrate/backfill.h"

#include <fmt/format.h>

#include <algorithm>

#include "database/transaction.h"
#include "dialect/key_order.h"
#include "dialect/probe.h"
#include "migrate/retry.h"
#include "migrate/value_text.h"

namespace parley::migrate {
namespace {

constexpr std::int64_t kBatchMax = 1'000'000;

std::int64_t update_all(database::Connection& connection, const BackfillJob& job) {
  const std::string where = job.condition.empty() ? "" : " WHERE " + job.condition;
  database::Statement& statement = connection.prepare(
      fmt::format("UPDATE {} SET {}{}", dialect::dialect_of(connection).quote(job.table.name),
                  job.assignments, where));
  statement.execute();
  return statement.affected_rows();
}

void in_one_batch(database::Connection& connection, const BackfillJob& job,
                  const ExecuteOptions& options, const BackfillListener& listener) {
  std::int64_t rows = 0;
  with_retries(options, "fill " + job.table.name, [&] {
    database::Transaction transaction(connection);
    rows = update_all(connection, job);
    listener.save({.rows = rows}, true);
    transaction.commit();
  });
  listener.report(rows, rows);
}

class Batches {
 public:
  Batches(database::Connection& connection, const BackfillJob& job, BackfillPlace from,
          const BackfillListener& listener)
      : connection_(connection),
        job_(job),
        listener_(listener),
        order_(connection, job.table),
        place_(std::move(from)) {
    if (!place_.resume_at.empty()) after_ = values_from_text(place_.resume_at);
  }

  /// True when it was the last. Leaves everything as it was when it throws.
  bool run_one(std::int64_t size) {
    database::Transaction transaction(connection_);
    const auto last = order_.ahead(after_, size);
    const std::int64_t rows = last ? size : order_.count(after_, {});
    order_.update(job_.assignments, job_.condition, after_, last.value_or(dialect::Position{}));
    BackfillPlace reached{.rows = place_.rows + rows,
                          .resume_at = last ? values_to_text(*last) : place_.resume_at};
    listener_.save(reached, !last);
    transaction.commit();
    place_ = std::move(reached);
    if (last) after_ = *last;
    return !last;
  }

  std::int64_t rows_done() const { return place_.rows; }

 private:
  database::Connection& connection_;
  const BackfillJob& job_;
  const BackfillListener& listener_;
  dialect::KeyOrder order_;
  BackfillPlace place_;
  dialect::Position after_;
};

}  // namespace

std::int64_t next_batch(std::int64_t rows, std::chrono::milliseconds took,
                        std::chrono::milliseconds wanted) {
  const auto spent = std::max<std::int64_t>(1, took.count());
  const std::int64_t fitting = rows * wanted.count() / spent;
  return std::clamp(std::clamp(fitting, rows / 2, rows * 2), std::int64_t{1}, kBatchMax);
}

void backfill(database::Connection& connection, const BackfillJob& job, BackfillPlace from,
              const ExecuteOptions& options, const BackfillListener& listener) {
  using Clock = std::chrono::steady_clock;
  if (!dialect::has_key_order(job.table, dialect::dialect_of(connection))) {
    return in_one_batch(connection, job, options, listener);
  }
  const std::int64_t total = dialect::count_rows(connection, job.table.name);
  Batches batches(connection, job, std::move(from), listener);
  bool is_done = false;
  for (std::int64_t size = options.first_batch; !is_done;) {
    const auto start = Clock::now();
    with_retries(options, "fill " + job.table.name, [&] { is_done = batches.run_one(size); });
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
    size = next_batch(size, took, options.batch_time);
    listener.report(batches.rows_done(), total);
  }
}

}  // namespace parley::migrate
