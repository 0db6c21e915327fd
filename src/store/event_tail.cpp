#include "store/event_tail.h"

#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "base/log.h"
#include "database/transaction.h"

namespace parley::store {
namespace {

constexpr std::int64_t kEventsPerLook = 500;

LogState state_of(database::Connection& connection) {
  const std::optional<LogState> state = log_state(connection);
  if (!state) throw Error(ErrorCode::Internal, "the event log was never opened");
  return *state;
}

}  // namespace

EventTail::EventTail(std::function<std::unique_ptr<database::Connection>()> open, Options options)
    : open_(std::move(open)),
      options_(std::move(options)),
      connection_(open_()),
      last_(state_of(*connection_).end) {
  thread_ = std::thread([this] { run(); });
}

EventTail::~EventTail() {
  {
    const std::scoped_lock lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void EventTail::committed(std::vector<LoggedEvent> events) {
  {
    const std::scoped_lock lock(mutex_);
    committed_.push_back(std::move(events));
  }
  changed_.notify_one();
}

void EventTail::run() {
  auto next_look = std::chrono::steady_clock::now() + options_.look_every;
  while (true) {
    std::vector<std::vector<LoggedEvent>> batches;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_until(lock, next_look, [this] { return is_ending_ || !committed_.empty(); });
      if (is_ending_) return;
      batches.swap(committed_);
    }
    try {
      hand_on(batches);
      if (std::chrono::steady_clock::now() < next_look) continue;
      look();
    } catch (const std::exception& error) {
      log::warning("the event log could not be read, which is tried again: {}", error.what());
      connection_.reset();
    }
    next_look = std::chrono::steady_clock::now() + options_.look_every;
  }
}

/// What follows what was told goes on as it is; where others have committed in between, the log
/// says what is next.
void EventTail::hand_on(const std::vector<std::vector<LoggedEvent>>& batches) {
  for (const std::vector<LoggedEvent>& batch : batches) {
    if (batch.front().offset == last_.offset + 1) {
      tell({last_.epoch, batch.back().offset}, batch);
    } else if (batch.back().offset > last_.offset) {
      look();
    }
  }
}

void EventTail::look() {
  database::Connection& reader = connection();
  while (true) {
    database::Transaction transaction(reader, database::Transaction::Mode::Read);
    const LogState state = state_of(reader);
    if (state.end.epoch != last_.epoch || state.end.offset < last_.offset) {
      log::warning("the event log of {} begins anew: clients are told that they cannot resume",
                   reader.url().redacted());
      tell(state.end, {});
    }
    if (state.end.offset == last_.offset) return;
    if (!options_.is_wanted()) return tell(state.end, {});
    const std::vector<LoggedEvent> events = events_after(reader, last_.offset, kEventsPerLook);
    transaction.commit();
    if (events.empty()) return;
    tell({last_.epoch, events.back().offset}, events);
  }
}

void EventTail::tell(const Cursor& end, std::span<const LoggedEvent> events) {
  last_ = end;
  try {
    options_.listener(end, events);
  } catch (const std::exception& error) {
    log::error("{} events could not be told to subscribers: {}", events.size(), error.what());
  }
}

database::Connection& EventTail::connection() {
  if (connection_ != nullptr && connection_->is_lost()) connection_.reset();
  if (connection_ == nullptr) connection_ = open_();
  return *connection_;
}

}  // namespace parley::store
