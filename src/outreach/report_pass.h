#pragma once

// The one pass over the messages of a report: takes each, keeps counts. One thread.

#include <array>
#include <chrono>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "outreach/figures.h"
#include "outreach/report.h"
#include "outreach/tally.h"

namespace parley::outreach {

class ReportPass {
 public:
  /// Messages outside of the range are passed over.
  ReportPass(Timestamp start, Timestamp end);

  void take(const ReportedMessage& message);

  /// The report without its identity. `sessions`: lengths of the ended sessions of the range.
  Report finish(const std::vector<std::chrono::duration<double>>& sessions) const;

 private:
  /// What became of the messages of one channel or template.
  struct Outcomes {
    Figures figures;
    std::int64_t delivered = 0;
    std::int64_t read = 0;
  };
  struct Day {
    std::int64_t messages = 0;
    std::int64_t successes = 0;
  };
  /// Texts with what became of their messages; the text before is remembered, because most messages
  /// are as the one before.
  class Group {
   public:
    Outcomes& of(std::string_view text);
    std::vector<std::uint32_t> most_used_first() const;
    const Tally& texts() const { return texts_; }
    const Outcomes& outcomes(std::uint32_t number) const { return outcomes_[number]; }

   private:
    Tally texts_;
    std::vector<Outcomes> outcomes_;
  };

  std::size_t day_of(Timestamp time) const;
  std::string date_of(std::size_t day) const;
  void count_day(const ReportedMessage& message, bool is_success);
  void take_outcome(const ReportedMessage& message);
  void fill_ways(Report& report) const;
  void fill_days(Report& report) const;
  void fill_errors(Report& report) const;
  void fill_recommendations(Report& report) const;
  bool has_channel_behind() const;
  bool has_poor_template() const;

  const Timestamp start_;
  const Timestamp end_;
  const std::chrono::sys_days first_day_;
  Figures all_;
  Group channels_;
  Group templates_;
  Tally sessions_;
  Tally recipients_;
  Tally companies_;
  Tally errors_;
  std::unordered_map<std::uint64_t, std::int64_t> errors_by_day_;  ///< By error and day.
  std::vector<Day> days_;
  std::array<std::int64_t, 24> hours_{};
  std::int64_t waiting_long_ = 0;
  std::int64_t without_address_ = 0;
};

}  // namespace parley::outreach
