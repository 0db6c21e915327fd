#include "outreach/upkeep.h"

#include "outreach/system_log.h"

namespace parley::outreach {
namespace {

constexpr std::uint64_t kWritesBetweenAnalyses = 1000;
constexpr std::chrono::hours kDay{24};
constexpr std::chrono::minutes kEvery{1};

bool is_due(const std::optional<Timestamp>& last, Timestamp now) {
  return !last || now - *last >= kDay;
}

}  // namespace

Upkeep::Upkeep(const Settings& settings, store::Store& store, const Clock& clock,
               TroubleLog& trouble)
    : settings_(settings), store_(store), clock_(clock), trouble_(trouble) {}

void Upkeep::start() {
  // The first day of a server is no time to give back room.
  compacted_at_ = clock_.now();
  loop_.emplace("outreach upkeep",
                trouble_.watched("The upkeep of the database", Component::Database,
                                 [this] {
                                   round();
                                   return false;
                                 }),
                kEvery);
}

void Upkeep::round() {
  const Timestamp now = clock_.now();
  if (is_due(forgotten_at_, now)) forget_old_lines(now);
  const std::uint64_t writes = store_.load().writes;
  if (writes - analyzed_at_ >= kWritesBetweenAnalyses) {
    settings_.maintenance.analyze();
    analyzed_at_ = writes;
  }
  const bool is_idle = writes == writes_before_;
  if (is_idle && is_due(compacted_at_, now)) {
    settings_.maintenance.compact();
    compacted_at_ = now;
  }
  writes_before_ = writes;
}

void Upkeep::forget_old_lines(Timestamp now) {
  store_.write_and_wait([&](store::UnitOfWork& unit) {
    forget_lines(unit.connection, now - std::chrono::days(settings_.system_log_days));
  });
  forgotten_at_ = now;
}

}  // namespace parley::outreach
