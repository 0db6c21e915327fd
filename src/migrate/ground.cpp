#include "migrate/ground.h"

#include <algorithm>
#include <span>

namespace parley::migrate {

const schema::Schema& Ground::below(const Revision& revision) {
  Applied ids = history_.with_ancestors(revision.id);
  ids.erase(revision.id);
  auto wanted = history_.in_order(ids);
  const bool goes_on = wanted.size() >= applied_.size() &&
                       std::ranges::equal(applied_, std::span(wanted).first(applied_.size()));
  if (!goes_on) {
    state_ = {};
    applied_.clear();
  }
  for (const Revision* each : std::span(wanted).subspan(applied_.size())) {
    replay_onto(state_, *each);
  }
  applied_ = std::move(wanted);
  return state_;
}

}  // namespace parley::migrate
