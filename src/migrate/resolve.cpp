// The questions to the graph that are asked with an expression.

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "migrate/history.h"
#include "migrate/resolver.h"

namespace parley::migrate {
namespace {

/// The ends of a range: one may count from the other.
struct Ends {
  std::vector<std::string> lower;
  std::vector<std::string> upper;
};

bool counts_from_other_end(const ExpressionParts& parts, int sign) {
  return parts.symbol.empty() && parts.branch.empty() && parts.steps && *parts.steps * sign > 0;
}

Ends ends_of(std::string_view start, std::string_view end, const History& graph,
             const Resolver& resolver) {
  const auto walk_from = [&](const std::vector<std::string>& from, int steps) {
    std::vector<std::string> reached;
    for (const std::string& id : from) {
      const auto end_of_walk = resolver.walk(id, steps, nullptr, Overwalk::Stop);
      if (!end_of_walk) return std::vector<std::string>();
      reached.push_back(*end_of_walk);
    }
    if (from.empty()) {
      const auto above = resolver.walk(std::nullopt, steps, nullptr, Overwalk::Stop);
      if (above) reached.push_back(*above);
    }
    return reached;
  };
  const ExpressionParts start_parts = parts_of(start, graph);
  const ExpressionParts end_parts = parts_of(end, graph);
  Ends ends;
  if (counts_from_other_end(end_parts, +1)) {
    ends.lower = resolver.resolve(start);
    ends.upper = walk_from(ends.lower, *end_parts.steps);
    return ends;
  }
  ends.upper = resolver.resolve(end);
  ends.lower = counts_from_other_end(start_parts, -1) ? walk_from(ends.upper, *start_parts.steps)
                                                      : resolver.resolve(start);
  if (!start_parts.branch.empty()) {
    const Applied branch = graph.branch_of(resolver.branch_root(start_parts.branch));
    std::erase_if(ends.upper, [&](const auto& id) { return !branch.contains(id); });
  }
  return ends;
}

/// The heads among `heads` that stamping `expression` replaces.
std::vector<std::string> on_line_of(std::string_view expression, const History& graph,
                                    const Resolver& resolver,
                                    const std::vector<std::string>& heads) {
  std::vector<std::string> named = resolver.resolve(expression);
  const ExpressionParts parts = parts_of(expression, graph);
  if (!parts.branch.empty()) named.push_back(resolver.branch_root(parts.branch));
  if (named.empty()) return heads;
  Applied line = graph.ancestors(named, Ties::All);
  line.merge(graph.descendants(named, Ties::All));
  auto replaced = heads;
  std::erase_if(replaced, [&](const auto& id) { return !line.contains(id); });
  return replaced;
}

}  // namespace

std::vector<std::string> History::resolve(std::string_view expression, const Applied& applied,
                                          std::string_view history) const {
  return Resolver(*this, applied, history).resolve(expression);
}

std::vector<std::string> History::resolve_upgrade(std::string_view expression,
                                                  const Applied& applied,
                                                  std::string_view history) const {
  const ExpressionParts parts = parts_of(expression, *this);
  if (parts.symbol.empty() && parts.steps && *parts.steps <= 0) throw_relative(*parts.steps);
  return resolve(expression, applied, history);
}

std::vector<const Revision*> History::range(std::string_view start, std::string_view end,
                                            const Applied& applied,
                                            std::string_view history) const {
  const Resolver resolver(*this, applied, history);
  const Ends ends =
      ends_of(start.empty() ? "base" : start, end.empty() ? "heads" : end, *this, resolver);
  Applied chosen = ancestors(ends.upper, Ties::All);
  for (const std::string& id : ends.lower) {
    if (chosen.contains(id)) continue;
    throw_not_found(fmt::format("Revision {} is not an ancestor of revision {}", id,
                                end.empty() ? "heads" : end));
  }
  if (!ends.lower.empty()) {
    const Applied above = descendants(ends.lower, Ties::Parents);
    std::erase_if(chosen, [&](const auto& id) { return !above.contains(id); });
  }
  std::erase_if(chosen, [&](const auto& id) { return !is_in(at(id), history); });
  auto newest_first = in_order(chosen);
  std::ranges::reverse(newest_first);
  return newest_first;
}

std::vector<const Revision*> History::downgrade_path(std::string_view expression,
                                                     const Applied& applied,
                                                     std::string_view history) const {
  const Resolver resolver(*this, applied, history);
  const auto target = resolver.downgrade_target(expression);
  auto roots = target.revision ? children(*target.revision) : bases(history);
  if (!target.branch.empty() && roots.size() > 1) {
    const std::string root = resolver.branch_root(target.branch);
    const Applied line = ancestors({&root, 1}, Ties::Parents);
    std::erase_if(roots, [&](const auto& id) { return !line.contains(id); });
    if (roots.empty()) throw_not_found("Not a valid downgrade target from current heads");
  }
  Applied undone = descendants(roots, Ties::All);
  std::erase_if(undone, [&](const auto& id) { return !applied.contains(id); });
  if (undone.empty() && target.revision && !applied.contains(*target.revision)) {
    throw_not_found(
        fmt::format("Destination {} is not a valid downgrade target from current head(s)",
                    expression),
        "`parley db current` shows what is applied.");
  }
  auto path = in_order(undone);
  std::ranges::reverse(path);
  return path;
}

Applied History::stamped(std::span<const std::string> expressions, const Applied& applied,
                         std::string_view history) const {
  const Resolver resolver(*this, applied, history);
  const auto heads = marker(applied, history);
  Applied kept(heads.begin(), heads.end());
  std::vector<std::string> recorded;
  for (const std::string& expression : expressions) {
    for (const std::string& head : on_line_of(expression, *this, resolver, heads)) kept.erase(head);
    for (std::string& id : resolver.resolve(expression)) recorded.push_back(std::move(id));
  }
  recorded.insert(recorded.end(), kept.begin(), kept.end());
  Applied result = ancestors(recorded, Ties::All);
  for (const std::string& id : applied) {
    if (!history.empty() && at(id).history != history) result.insert(id);
  }
  return result;
}

}  // namespace parley::migrate
