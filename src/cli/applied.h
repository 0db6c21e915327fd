#pragma once

// Which histories a command speaks of, and what is applied of them. Revision files alone answer
// most questions; the database is only asked when the words need it (`current`, `-1`).

#include <string>
#include <string_view>
#include <vector>

#include "app/target.h"
#include "migrate/history.h"

namespace parley::cli {

/// The histories that the command speaks of: the one named, or all of the module.
std::vector<std::string> histories_of(const app::Target& target);

/// `live_agent: ` where several modules are spoken of.
std::string prefix_of(const app::Target& target);

/// True when only the database can say what the expression means: `current`, `+1`, `label@-1`.
bool needs_database(std::string_view expression);

/// What is applied in the target's database.
migrate::Applied applied_in(const app::Target& target);

/// The same when one of the expressions needs it; otherwise nothing, without a look.
migrate::Applied applied_for(const app::Target& target,
                             const std::vector<std::string_view>& expressions);

/// `start:end`, taken apart.
struct RangeWords {
  std::string start;
  std::string end;
};
/// True when there is a colon.
bool is_range(std::string_view expression);
/// Requires: is_range(expression).
RangeWords range_words(std::string_view expression);

}  // namespace parley::cli
