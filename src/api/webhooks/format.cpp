#include "api/webhooks/format.h"

#include <fmt/format.h>

#include "base/check.h"

namespace parley::api::webhooks {

const Pauses& standard_pauses() {
  using std::chrono::hours;
  using std::chrono::minutes;
  using std::chrono::seconds;
  static const Pauses pauses{seconds(5), minutes(5), minutes(30), hours(2), hours(5),
                             hours(10),  hours(14),  hours(20),   hours(24)};
  return pauses;
}

std::optional<std::chrono::microseconds> pause_after(const Pauses& pauses, std::int64_t attempts,
                                                     double chance) {
  PARLEY_CHECK(attempts >= 1);
  if (static_cast<std::size_t>(attempts) > pauses.size()) return std::nullopt;
  const std::chrono::duration<double> pause = pauses[static_cast<std::size_t>(attempts - 1)];
  return std::chrono::duration_cast<std::chrono::microseconds>(pause * (0.9 + 0.2 * chance));
}

Format standard_format() {
  return {.body = [](database::Connection&,
                     const store::LoggedEvent& logged) -> std::optional<std::string> {
    return fmt::format(R"({{"type":"{}","timestamp":"{}","data":{}}})", logged.event.kind,
                       format_rfc3339(logged.created_at), logged.event.data);
  }};
}

}  // namespace parley::api::webhooks
