#include "migrate/resolver.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/error.h"
#include "base/text.h"

namespace parley::migrate {
namespace {

constexpr std::size_t kPrefixLengthMin = 4;

[[noreturn]] void throw_multiple_heads(std::string_view argument) {
  throw Error(
      ErrorCode::MultipleHeads,
      fmt::format("Multiple head revisions are present for given argument '{0}'; please specify a "
                  "specific target revision, '<branchname>@{0}' to narrow to a specific head, or "
                  "'heads' for all heads",
                  argument),
      "`parley db heads` lists them; `parley db merge heads` makes one of them.");
}

[[noreturn]] void throw_ambiguous_prefix(std::string_view prefix,
                                         const std::vector<std::string>& matches) {
  std::vector<std::string> quoted;
  for (const std::string& match : matches) {
    if (quoted.size() < 3) quoted.push_back("'" + match + "'");
  }
  throw_not_found(
      fmt::format("Multiple revisions start with '{}': {}...", prefix, join(quoted, ", ")),
      "Give more of the id.");
}

}  // namespace

void throw_not_found(const std::string& message, const std::string& hint) {
  throw Error(
      ErrorCode::RevisionNotFound, message,
      hint.empty() ? "`parley db history` lists the revisions that this program knows." : hint);
}

void throw_relative(int steps) {
  throw_not_found(
      fmt::format("Relative revision {:+} didn't produce {} migrations", steps, std::abs(steps)));
}

ExpressionParts parts_of(std::string_view expression, const History& graph) {
  ExpressionParts parts;
  if (const std::size_t at = expression.find('@'); at != std::string_view::npos) {
    parts.branch = expression.substr(0, at);
    expression.remove_prefix(at + 1);
  }
  parts.symbol = expression;
  const std::size_t sign = expression.find_last_of("+-");
  if (sign == std::string_view::npos || graph.find(expression) != nullptr) return parts;
  const std::string_view digits = expression.substr(sign + 1);
  int steps = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, problem] = std::from_chars(digits.data(), end, steps);
  if (problem != std::errc() || stop != end) return parts;
  parts.symbol = expression.substr(0, sign);
  parts.steps = expression[sign] == '-' ? -steps : steps;
  return parts;
}

struct Resolver::Branch {
  std::string name;
  Applied members;
};

std::string Resolver::branch_root(std::string_view branch) const {
  if (const Revision* labelled = graph_.find_labelled(branch)) return labelled->id;
  if (const Revision* exact = graph_.find(branch)) return exact->id;
  const auto found = matches(branch, nullptr);
  if (found.size() > 1) throw_ambiguous_prefix(branch, found);
  if (found.empty()) throw_not_found(fmt::format("No such revision or branch '{}'", branch));
  return found.front();
}

std::optional<Resolver::Branch> Resolver::branch_of(std::string_view branch) const {
  if (branch.empty()) return std::nullopt;
  return Branch{std::string(branch), graph_.branch_of(branch_root(branch))};
}

std::vector<std::string> Resolver::within(std::vector<std::string> ids,
                                          const Applied* members) const {
  if (members != nullptr)
    std::erase_if(ids, [&](const auto& id) { return !members->contains(id); });
  return ids;
}

std::vector<std::string> Resolver::matches(std::string_view prefix, const Applied* members) const {
  std::vector<std::string> matches;
  if (prefix.size() < kPrefixLengthMin) return matches;
  for (const Revision& revision : graph_.revisions()) {
    const bool is_owned = history_.empty() || revision.history == history_;
    if (is_owned && revision.id.starts_with(prefix)) matches.push_back(revision.id);
  }
  return within(std::move(matches), members);
}

std::string Resolver::id_of(std::string_view text, const std::optional<Branch>& branch) const {
  const Revision* exact = graph_.find(text);
  if (exact == nullptr) exact = graph_.find_labelled(text);
  std::string id;
  if (exact != nullptr) {
    id = exact->id;
  } else {
    const auto found = matches(text, branch ? &branch->members : nullptr);
    if (found.size() > 1) throw_ambiguous_prefix(text, found);
    if (found.empty()) {
      const bool is_short = text.size() < kPrefixLengthMin;
      throw_not_found(fmt::format("Can't locate revision identified by '{}'", text),
                      is_short ? "Give the whole id, or at least its first four characters." : "");
    }
    id = found.front();
  }
  if (branch && !branch->members.contains(id)) {
    throw_not_found(fmt::format("Revision {} is not a member of branch '{}'", id, branch->name));
  }
  return id;
}

std::vector<std::string> Resolver::names(std::string_view symbol,
                                         const std::optional<Branch>& branch,
                                         std::string_view expression) const {
  const Applied* members = branch ? &branch->members : nullptr;
  if (symbol == "base") return {};
  if (symbol == "heads" && !branch) return graph_.real_heads(history_);
  if (symbol == "heads") return within(graph_.heads(history_), members);
  if (symbol == "current") return within(graph_.marker(applied_, history_), members);
  if (symbol != "head") return {id_of(symbol, branch)};
  auto heads = within(graph_.heads(history_), members);
  if (heads.size() > 1) throw_multiple_heads(expression);
  return heads;
}

std::optional<std::string> Resolver::single(std::string_view symbol,
                                            const std::optional<Branch>& branch,
                                            std::string_view expression) const {
  const auto found = names(symbol, branch, expression);
  if (found.size() > 1) throw_multiple_heads(expression);
  if (found.empty()) return std::nullopt;
  return found.front();
}

std::optional<std::string> Resolver::walk(std::optional<std::string> start, int steps,
                                          const Applied* members, Overwalk overwalk) const {
  for (int done = 0; done < std::abs(steps); ++done) {
    // Below the base there is nothing more to walk.
    const bool is_at_end = steps < 0 && !start;
    std::vector<std::string> next;
    if (steps > 0) {
      next = within(start ? graph_.children(*start) : graph_.bases(history_), members);
    } else if (start) {
      next = graph_.at(*start).down_revisions;
    }
    if (next.size() > 1) {
      throw_not_found("Ambiguous walk",
                      fmt::format("From {} the ways lead to {}: name one of them.",
                                  start.value_or("base"), join(next, ", ")));
    }
    if (is_at_end || (next.empty() && steps > 0)) {
      if (overwalk == Overwalk::Refuse) throw_relative(steps);
      return start;
    }
    start = next.empty() ? std::nullopt : std::optional(next.front());
  }
  return start;
}

std::optional<std::string> Resolver::start_up(const std::optional<Branch>& branch) const {
  const Applied* members = branch ? &branch->members : nullptr;
  auto start = within(graph_.marker(applied_, history_), members);
  if (start.empty() && branch) {
    // The branch is no head of its own: it goes on where something above left it.
    Applied active = applied_;
    std::erase_if(active, [&](const auto& id) { return !branch->members.contains(id); });
    start = graph_.marker(active, history_);
  }
  if (start.size() > 1) {
    throw_not_found("Ambiguous upgrade from multiple current revisions",
                    fmt::format("Name the one to go up from, for example {}+1.", start.front()));
  }
  if (start.empty()) return std::nullopt;
  return start.front();
}

std::string Resolver::start_down(const std::optional<Branch>& branch, std::string_view expression,
                                 int steps) const {
  const Applied* members = branch ? &branch->members : nullptr;
  auto start = within(graph_.marker(applied_, history_), members);
  if (start.empty()) start = within(graph_.newest(applied_, history_), members);
  if (start.empty()) throw_relative(steps);
  if (start.size() > 1) {
    throw_not_found(
        fmt::format("downgrade {} from multiple heads is ambiguous: {} are applied", expression,
                    join(start, ", ")),
        fmt::format("Name the one to go down from, for example {}@{:+}.", start.front(), steps));
  }
  return start.front();
}

std::vector<std::string> Resolver::resolve(std::string_view expression) const {
  const ExpressionParts parts = parts_of(expression, graph_);
  const auto branch = branch_of(parts.branch);
  if (!parts.steps) return names(parts.symbol, branch, expression);
  std::optional<std::string> start;
  if (!parts.symbol.empty()) {
    start = single(parts.symbol, branch, expression);
  } else if (*parts.steps >= 0) {
    start = start_up(branch);
  } else {
    start = start_down(branch, expression, *parts.steps);
  }
  const auto found =
      walk(start, *parts.steps, branch ? &branch->members : nullptr, Overwalk::Refuse);
  if (!found) return {};
  return {*found};
}

Resolver::DowngradeTarget Resolver::downgrade_target(std::string_view expression) const {
  const ExpressionParts parts = parts_of(expression, graph_);
  const auto branch = branch_of(parts.branch);
  std::string only(parts.branch);
  if (!parts.steps) return {single(parts.symbol, branch, expression), only};
  std::optional<std::string> start;
  if (!parts.symbol.empty()) {
    start = single(parts.symbol, branch, expression);
  } else {
    if (*parts.steps >= 0) throw_relative(*parts.steps);
    start = start_down(branch, expression, *parts.steps);
    // Steps from here lead down one line: what else begins where they end stays.
    if (only.empty()) only = *start;
  }
  return {walk(start, *parts.steps, branch ? &branch->members : nullptr, Overwalk::Refuse), only};
}

}  // namespace parley::migrate
