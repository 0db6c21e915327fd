#pragma once

// Points in time and where they come from. Time reaches the code through a `Clock` handed to a
// constructor, so that tests advance it instead of sleeping. `Timestamp` is UTC with microseconds.

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace parley {

using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  /// The current time, UTC. May be called from any thread.
  virtual Timestamp now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Timestamp now() const override;
};

/// Stands still until a test moves it. Any thread.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp start) : now_(start) {}
  Timestamp now() const override { return now_.load(); }
  void advance(std::chrono::microseconds by) { now_ = now_.load() + by; }
  void set(Timestamp to) { now_ = to; }

 private:
  std::atomic<Timestamp> now_;
};

/// RFC 3339 in UTC with six fraction digits and `Z`: `2025-01-31T09:30:00.000000Z`.
std::string format_rfc3339(Timestamp time);

/// What the databases store, UTC without a zone: `2025-01-31 09:30:00.000000`; the fraction is left
/// out when it is zero.
std::string format_sql(Timestamp time);

/// Reads RFC 3339 (section 5.6) and what the databases print: `T` or a space between date and time,
/// an optional fraction (digits past the sixth are dropped), an optional zone (`Z`, `+02:00`,
/// `+02`); no zone means UTC. Nothing when the text is anything else or names a day that does not
/// exist.
std::optional<Timestamp> parse_timestamp(std::string_view text);

}  // namespace parley
