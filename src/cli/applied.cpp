#include "cli/applied.h"

#include <algorithm>

#include "base/text.h"
#include "migrate/deployment.h"

namespace parley::cli {

std::vector<std::string> histories_of(const app::Target& target) {
  if (!target.is_whole_module) return {target.history};
  std::vector<std::string> names;
  for (const auto& history : target.definition.histories) names.push_back(history.name);
  return names;
}

std::string prefix_of(const app::Target& target) {
  return target.label.empty() ? "" : target.label + ": ";
}

bool needs_database(std::string_view expression) {
  const std::size_t at = expression.find('@');
  const std::string_view rest =
      at == std::string_view::npos ? expression : expression.substr(at + 1);
  return rest.starts_with('+') || rest.starts_with('-') || rest.starts_with("current");
}

migrate::Applied applied_in(const app::Target& target) {
  const auto opened = target.open_existing();
  return opened->deployment().state().applied;
}

migrate::Applied applied_for(const app::Target& target,
                             const std::vector<std::string_view>& expressions) {
  return std::ranges::any_of(expressions, needs_database) ? applied_in(target) : migrate::Applied();
}

bool is_range(std::string_view expression) {
  return expression.find(':') != std::string_view::npos;
}

RangeWords range_words(std::string_view expression) {
  const std::size_t colon = expression.find(':');
  return {std::string(trim(expression.substr(0, colon))),
          std::string(trim(expression.substr(colon + 1)))};
}

}  // namespace parley::cli
