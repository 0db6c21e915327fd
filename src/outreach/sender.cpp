#include "outreach/sender.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "base/error.h"
#include "base/ids.h"
#include "base/log.h"

namespace parley::outreach {
namespace {

/// Messages that a worker holds at once: few, because those of a worker that is killed wait for the
/// end of its lease.
constexpr std::int64_t kClaimedMax = 8;

/// While the database is away, an outcome is kept in memory and written this often.
constexpr std::chrono::milliseconds kWriteAgain{1000};

/// A message that waits for its quota is not put off for longer because others wait before it.
constexpr std::chrono::minutes kQueueDelayMax{60};

Repeat repeat_of(const Carrier& carrier) {
  return carrier.may_repeat() ? Repeat::Allowed : Repeat::Forbidden;
}

std::chrono::minutes window_of(QuotaType type) {
  return type == QuotaType::MessagesPerMinute ? std::chrono::minutes(1) : kQueueDelayMax;
}

}  // namespace

std::vector<Outlet> open_outlets(const std::vector<ChannelSettings>& channels, const Clock& clock) {
  std::vector<Outlet> outlets;
  for (const ChannelSettings& settings : channels) {
    try {
      outlets.push_back({settings, open_carrier(settings, clock)});
    } catch (const Error& error) {
      throw Error(error.code(),
                  fmt::format("outreach.channels.{}: {}", settings.name, error.what()),
                  error.hint());
    }
  }
  return outlets;
}

Sender::Sender(std::vector<Outlet> outlets, store::Store& store, const Quotas& quotas,
               TroubleLog& trouble, std::chrono::milliseconds look_every)
    : store_(store), quotas_(quotas), trouble_(trouble), look_every_(look_every) {
  for (Outlet& outlet : outlets) {
    lanes_.push_back(std::make_unique<Lane>());
    lanes_.back()->outlet = std::move(outlet);
  }
}

Sender::~Sender() { stop(); }

void Sender::start() {
  const std::scoped_lock lock(mutex_);
  for (const auto& lane : lanes_) {
    const ChannelSettings& settings = lane->outlet.settings;
    for (int i = 0; i < settings.workers; ++i) {
      lane->workers.push_back(std::make_unique<api::Loop>(
          "sending through " + settings.name,
          trouble_.watched("Sending through " + settings.name, Component::Delivery,
                           [this, &lane = *lane, claimant = claimant_of(*lane, make_uuid())] {
                             return work(lane, claimant);
                           }),
          look_every_));
    }
  }
}

void Sender::stop() {
  is_stopping_ = true;
  std::vector<std::unique_ptr<api::Loop>> workers;
  {
    const std::scoped_lock lock(mutex_);
    changed_.notify_all();
    for (const auto& lane : lanes_) {
      lane->outlet.carrier->stop();
      std::ranges::move(lane->workers, std::back_inserter(workers));
      lane->workers.clear();
    }
  }
  workers.clear();
}

void Sender::wake() {
  const std::scoped_lock lock(mutex_);
  for (const auto& lane : lanes_) {
    for (const auto& worker : lane->workers) worker->wake();
  }
}

const ChannelSettings* Sender::find(Channel carries, const std::optional<std::string>& via) const {
  const ChannelSettings* found = nullptr;
  for (const auto& lane : lanes_) {
    const ChannelSettings& settings = lane->outlet.settings;
    if (settings.carries != carries || (via && settings.name != *via)) continue;
    if (found == nullptr || settings.name == word(carries)) found = &settings;
  }
  return found;
}

bool Sender::work(const std::string& channel) {
  const auto lane = std::ranges::find_if(
      lanes_, [&](const auto& each) { return each->outlet.settings.name == channel; });
  PARLEY_CHECK(lane != lanes_.end());
  return work(**lane, claimant_of(**lane, make_uuid()));
}

Claimant Sender::claimant_of(const Lane& lane, std::string worker) {
  return {.channel = lane.outlet.settings.name,
          .worker = std::move(worker),
          .repeat = repeat_of(*lane.outlet.carrier),
          .lease = lane.outlet.settings.lease};
}

bool Sender::work(Lane& lane, const Claimant& claimant) {
  if (is_stopping_) return false;
  bool is_any_due = false;
  store_.read_and_wait([&](database::Connection& connection) {
    is_any_due = has_due(connection, claimant.channel, store_.now());
  });
  if (!is_any_due) return false;
  std::vector<SendQueueRow> claimed;
  store_.write_and_wait([&](store::UnitOfWork& unit) {
    claimed = claim_due(unit, claimant, kClaimedMax, store_.now());
  });
  for (const SendQueueRow& row : claimed) send(lane, claimant, row);
  return true;
}

void Sender::send(Lane& lane, const Claimant& claimant, const SendQueueRow& row) {
  Begin begin;
  store_.write_and_wait([&](store::UnitOfWork& unit) {
    begin = {};
    if (is_stopping_) return release(unit.connection, row, store_.now());
    begin = begin_sending(unit, row, claimant, *lane.outlet.carrier, quotas_, store_.now());
  });
  if (begin.denied) return spread(lane, row.log_id, begin);
  if (!begin.begun) return;
  record(lane, *begin.begun, lane.outlet.carrier->send(begin.begun->message));
}

/// Whatever the database does meanwhile: what happened to the message is known only here.
void Sender::record(Lane& lane, const BegunMessage& begun, const SendOutcome& outcome) {
  for (;;) {
    try {
      store_.write_and_wait([&](store::UnitOfWork& unit) {
        record_outcome(unit, begun, outcome, repeat_of(*lane.outlet.carrier),
                       lane.outlet.settings.max_retries, store_.now());
      });
      return;
    } catch (const Error& error) {
      log::error("What became of message {} could not be written: {}", begun.row.log_id,
                 error.what());
      trouble_.note({.level = LogLevel::Error,
                     .component = Component::Delivery,
                     .message = "What became of a message could not be written at once",
                     .user_id = begun.log.user_id,
                     .session_id = begun.log.session_id});
    }
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, kWriteAgain, [&] { return is_stopping_.load(); })) return;
  }
}

/// A quota lets only so many through at a time: of a long queue, the first are put off until then
/// and the others one after the other, so that they do not all come back at once to be refused.
void Sender::spread(Lane& lane, const std::string& log_id, const Begin& refused) {
  const QuotaDenied& denied = refused.denied.value();
  std::int64_t before = 0;
  {
    const std::scoped_lock lock(lane.mutex);
    Waiting& waiting = lane.waiting[refused.user_id];
    if (waiting.until < denied.next_available) waiting = {denied.next_available, 0};
    before = waiting.messages++;
  }
  const auto rounds = before / std::max<std::int64_t>(denied.limit, 1);
  if (rounds == 0) return;
  const std::chrono::minutes delay = std::min(kQueueDelayMax, window_of(denied.type) * rounds);
  store_.write_and_wait([&](store::UnitOfWork& unit) {
    put_off(unit.connection, log_id, denied.next_available + delay);
  });
}

}  // namespace parley::outreach
