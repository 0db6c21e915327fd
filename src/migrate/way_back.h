#pragma once

// Which changes of a revision lose something on the way back, told when the revision is written and
// not when somebody needs the downgrade. Pure; any thread.

#include <string>
#include <vector>

#include "migrate/revision.h"

namespace parley::migrate {

enum class WayBack {
  None,           ///< A downgrade is refused.
  WithoutValues,  ///< The schema comes back, what the rows held does not.
};

struct LostOnTheWayBack {
  WayBack way_back = WayBack::None;
  std::string change;  ///< `drop column messages.body`, as `describe` says it.
  std::string reason;  ///< `its values do not come back`.
};

/// The changes of `revision.upgrade` whose way back is not exact, in their order. Empty for a
/// revision with a `downgrade` of its own: whoever wrote it knows. A column whose type was narrowed
/// is not among them: what that cuts off depends on the rows.
std::vector<LostOnTheWayBack> lost_on_the_way_back(const Revision& revision);

}  // namespace parley::migrate
