#include "outreach/sending_upkeep.h"

#include <vector>

#include "outreach/callbacks.h"
#include "outreach/send_queue.h"

namespace parley::outreach {
namespace {

constexpr std::int64_t kEventsAtOnce = 500;

/// A template is stored together with the messages that need it, and may be deleted once they are
/// gone.
constexpr std::chrono::hours kTemplateAge{1};

}  // namespace

std::size_t apply_left_events(store::Store& store) {
  std::size_t applied = 0;
  std::int64_t after = 0;
  for (;;) {
    std::vector<std::int64_t> ids;
    store.read_and_wait([&](database::Connection& connection) {
      ids.clear();
      for (const InboundEventRow& row : unapplied_events(connection, after, kEventsAtOnce))
        ids.push_back(row.id);
    });
    if (ids.empty()) return applied;
    after = ids.back();
    std::size_t now_applied = 0;
    store.write_and_wait(
        [&](store::UnitOfWork& unit) { now_applied = apply_events(unit, ids, store.now()); });
    applied += now_applied;
  }
}

bool look_after_sending(store::Store& store) {
  apply_left_events(store);
  store.write_and_wait([&](store::UnitOfWork& unit) {
    forget_templates(unit.connection, store.now() - kTemplateAge);
  });
  return false;
}

}  // namespace parley::outreach
