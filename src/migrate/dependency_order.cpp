#include "migrate/dependency_order.h"

#include <utility>

namespace parley::migrate {

std::vector<std::size_t> in_dependency_order(const std::vector<std::vector<std::size_t>>& needs) {
  std::vector<std::size_t> ordered;
  std::vector<bool> is_reached(needs.size());
  // A stack of its own: a chain of tables may be longer than the thread's stack is deep.
  std::vector<std::pair<std::size_t, std::size_t>> path;  // Position, and which need comes next.
  for (std::size_t start = 0; start < needs.size(); ++start) {
    if (is_reached[start]) continue;
    is_reached[start] = true;
    path.emplace_back(start, 0);
    while (!path.empty()) {
      const auto [position, next] = path.back();
      if (next == needs[position].size()) {
        ordered.push_back(position);
        path.pop_back();
        continue;
      }
      ++path.back().second;
      const std::size_t needed = needs[position][next];
      if (is_reached[needed]) continue;
      is_reached[needed] = true;
      path.emplace_back(needed, 0);
    }
  }
  return ordered;
}

}  // namespace parley::migrate
