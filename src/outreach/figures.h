#pragma once

// What a run counts of its messages. Pure functions; any thread.

#include <cstdint>
#include <optional>
#include <string_view>

#include "outreach/tables.h"
#include "outreach/vocabulary.h"

namespace parley::outreach {

struct Figures {
  std::int64_t total = 0;
  std::int64_t successful = 0;  ///< sent, delivered, read
  std::int64_t failed = 0;
  std::int64_t pending = 0;  ///< pending, sending
  std::int64_t cancelled = 0;

  bool operator==(const Figures&) const = default;

  /// `messages` more in a status; a word of no vocabulary, in rows from elsewhere, counts in the
  /// total only.
  void add(std::string_view status, std::int64_t messages) {
    add(parse_word<MessageStatus>(status), messages);
  }
  void add(std::optional<MessageStatus> status, std::int64_t messages);

  /// All messages are in a status that is counted.
  bool add_up() const { return total == successful + failed + pending + cancelled; }

  /// successful ÷ total × 100; 0 of none.
  double success_rate() const;
};

/// True for a status that means that the message went out.
bool is_success(std::string_view status);

/// successful ÷ total × 100; 0 of none.
double rate_of(std::int64_t successful, std::int64_t total);

/// The same with two decimals, as rates go over the wire.
double rounded(double value, int decimals = 2);

Figures figures_of(const SessionSummaryRow& session);
void set_figures(SessionSummaryRow& session, const Figures& figures);

}  // namespace parley::outreach
