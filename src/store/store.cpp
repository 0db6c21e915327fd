#include "store/store.h"

#include <future>
#include <mutex>
#include <utility>

#include "store/commit_group.h"
#include "store/read_threads.h"

namespace parley::store {
namespace {

/// Hands `work` over with `submit` and waits for its end. Throws what the work threw.
template <class Submit>
void wait_for(Submit&& submit) {
  // Shared, because the thread of the store may still be inside set_value when the waiting one goes
  // on.
  const auto promise = std::make_shared<std::promise<void>>();
  submit([promise](const std::exception_ptr& error) {
    if (error) {
      promise->set_exception(error);
    } else {
      promise->set_value();
    }
  });
  promise->get_future().get();
}

std::chrono::microseconds resolution_of(const dialect::Dialect& dialect) {
  std::chrono::microseconds step(1);
  for (int digits = dialect.capabilities().datetime_digits; digits < 6; ++digits) step *= 10;
  return step;
}

}  // namespace

struct Store::State {
  State(std::unique_ptr<database::Connection> connection,
        const std::function<std::unique_ptr<database::Connection>()>& open, const Clock& its_clock,
        const StoreOptions& options)
      : clock(its_clock),
        dialect(dialect::dialect_of(*connection)),
        resolution(resolution_of(dialect)),
        writer(std::move(connection), open,
               {.waiting_max = options.queue_max,
                .batch_max = options.batch_max,
                .committed =
                    [this](std::vector<LoggedEvent> events) {
                      const std::scoped_lock lock(listener_mutex);
                      if (listener) listener(std::move(events));
                    },
                .now = [this] { return clock.now(); }}),
        readers(
            [open] {
              std::unique_ptr<database::Connection> reader = open();
              reader->expect_reads();
              return reader;
            },
            options.readers_max, options.queue_max) {}

  const Clock& clock;
  const dialect::Dialect& dialect;
  std::chrono::microseconds resolution;
  std::mutex listener_mutex;  ///< Held while the listener is called.
  std::function<void(std::vector<LoggedEvent>)> listener;
  CommitGroup writer;
  ReadThreads readers;
};

Store::Store(std::function<std::unique_ptr<database::Connection>()> open, const Clock& clock,
             StoreOptions options)
    : state_(std::make_unique<State>(open(), open, clock, options)) {}

Store::~Store() = default;

void Store::write(Work work, Done done) {
  state_->writer.submit({.work = std::move(work), .done = std::move(done)});
}

void Store::write_together(std::shared_ptr<const BulkWork> bulk, std::shared_ptr<BulkItem> item,
                           Done done) {
  state_->writer.submit(
      {.work = {}, .done = std::move(done), .bulk = std::move(bulk), .item = std::move(item)});
}

void Store::on_committed(std::function<void(std::vector<LoggedEvent>)> listener) {
  const std::scoped_lock lock(state_->listener_mutex);
  state_->listener = std::move(listener);
}

Store::Load Store::load() const {
  return {state_->writer.waiting(), state_->writer.writes(), state_->writer.transactions()};
}

void Store::read(ReadWork work, Done done) {
  state_->readers.submit({std::move(work), std::move(done)});
}

void Store::write_and_wait(Work work) {
  wait_for([&](Done done) { write(std::move(work), std::move(done)); });
}

void Store::read_and_wait(ReadWork work) {
  wait_for([&](Done done) { read(std::move(work), std::move(done)); });
}

Timestamp Store::now() const {
  const std::chrono::microseconds now = state_->clock.now().time_since_epoch();
  // The remainder of a time before 1970 is negative.
  const std::chrono::microseconds step = state_->resolution;
  return Timestamp(now - (now % step + step) % step);
}

void Store::keep_microseconds() { state_->resolution = std::chrono::microseconds(1); }

const dialect::Dialect& Store::dialect() const { return state_->dialect; }

}  // namespace parley::store
