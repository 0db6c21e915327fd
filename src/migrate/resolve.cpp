// Expressions that name revisions: `head`, `-1`, `001_cr`, `label@head`… The words of the errors
// are Alembic's (alembic/script/revision.py), because people search for them.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "base/text.h"
#include "migrate/history.h"

namespace parley::migrate {
namespace {

constexpr std::size_t kPrefixLengthMin = 4;

struct Parts {
  std::string_view base;     ///< Before the sign; empty for `+1` and `-1`.
  std::optional<int> steps;  ///< With its sign.
};

/// Splits `rev+2` into `rev` and 2. A sign counts only when nothing but digits follow it, so that
/// ids may hold dashes.
Parts split_steps(std::string_view expression) {
  const std::size_t sign = expression.find_last_of("+-");
  if (sign == std::string_view::npos) return {expression, std::nullopt};
  std::string_view digits = expression.substr(sign + 1);
  int steps = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), steps);
  if (problem != std::errc() || end != digits.data() + digits.size())
    return {expression, std::nullopt};
  return {expression.substr(0, sign), expression[sign] == '-' ? -steps : steps};
}

[[noreturn]] void throw_not_found(const std::string& message) {
  throw Error(ErrorCode::RevisionNotFound, message,
              "`parley db history` lists the revisions that this program knows.");
}

[[noreturn]] void throw_multiple_heads(std::string_view argument) {
  throw Error(
      ErrorCode::MultipleHeads,
      fmt::format("Multiple head revisions are present for given argument '{}'; please specify a "
                  "specific target revision, '<branchname>@{}' to narrow to a specific head, or "
                  "'heads' for all heads",
                  argument, argument),
      "`parley db heads` lists them; `parley db merge heads` makes one of them.");
}

std::vector<std::string> only_head(const std::vector<std::string>& heads,
                                   std::string_view argument) {
  if (heads.size() > 1) throw_multiple_heads(argument);
  return heads;
}

std::string id_or_prefix(const History& history, std::string_view text, std::string_view owner) {
  if (const Revision* exact = history.find(text)) return exact->id;
  std::vector<std::string> matches;
  for (const Revision& revision : history.revisions()) {
    const bool is_owned = owner.empty() || revision.history == owner;
    const auto& labels = revision.branch_labels;
    if (is_owned && std::ranges::find(labels, text) != labels.end()) return revision.id;
    if (is_owned && text.size() >= kPrefixLengthMin && revision.id.starts_with(text)) {
      matches.push_back(revision.id);
    }
  }
  if (matches.size() > 1) {
    throw_not_found(
        fmt::format("Multiple revisions start with '{}': {}", text, join(matches, ", ")));
  }
  if (matches.empty())
    throw_not_found(fmt::format("Can't locate revision identified by '{}'", text));
  return matches.front();
}

/// The revisions of a branch: the labelled one, what stands on it and what it stands on.
Applied members_of_branch(const History& history, std::string_view label) {
  for (const Revision& revision : history.revisions()) {
    if (std::ranges::find(revision.branch_labels, label) == revision.branch_labels.end()) continue;
    Applied members = history.with_ancestors(revision.id);
    for (const Revision& other : history.revisions()) {
      if (history.with_ancestors(other.id).contains(revision.id)) members.insert(other.id);
    }
    return members;
  }
  throw_not_found(fmt::format("No such revision or branch '{}'", label));
}

class Resolver {
 public:
  Resolver(const History& history, const Applied& applied, std::string_view owner)
      : history_(history), applied_(applied), owner_(owner) {}

  std::vector<std::string> resolve(std::string_view expression) const {
    if (const std::size_t at = expression.find('@'); at != std::string_view::npos) {
      return in_branch(expression.substr(0, at), expression.substr(at + 1));
    }
    const Parts parts = split_steps(expression);
    if (!parts.steps || history_.find(expression) != nullptr) return plain(expression);
    const auto from = parts.base.empty() ? history_.newest(applied_, owner_) : plain(parts.base);
    return walk(from, *parts.steps, expression);
  }

 private:
  std::vector<std::string> plain(std::string_view word) const {
    if (word == "base") return {};
    if (word == "heads") return history_.heads(owner_);
    if (word == "head") return only_head(history_.heads(owner_), "head");
    if (word == "current") return history_.newest(applied_, owner_);
    return {id_or_prefix(history_, word, owner_)};
  }

  std::vector<std::string> in_branch(std::string_view label, std::string_view rest) const {
    const Applied members = members_of_branch(history_, label);
    if (rest == "base") return {};
    if (rest == "head" || rest == "heads") {
      auto heads = history_.heads(owner_);
      std::erase_if(heads, [&](const auto& id) { return !members.contains(id); });
      return rest == "head" ? only_head(heads, "head") : heads;
    }
    auto found = resolve(rest);
    for (const std::string& id : found) {
      if (!members.contains(id)) {
        throw_not_found(fmt::format("Revision {} is not a member of branch '{}'", id, label));
      }
    }
    return found;
  }

  std::vector<std::string> walk(std::vector<std::string> from, int steps,
                                std::string_view expression) const {
    const int wanted = std::abs(steps);
    for (int done = 0; done < wanted; ++done) {
      const auto next = steps > 0 ? above(from) : below(from);
      if (next.size() > 1)
        throw_not_found(fmt::format("Ambiguous walk: {} has several ways to go", expression));
      // One step below a base is base itself; any further, or above a head, there is nothing.
      const bool reaches_base = next.empty() && steps < 0 && !from.empty() && done + 1 == wanted;
      if (next.empty() && !reaches_base) {
        throw_not_found(fmt::format("Relative revision {}{} didn't produce {} migrations",
                                    steps > 0 ? "+" : "-", wanted, wanted));
      }
      from = next;
    }
    return from;
  }

  std::vector<std::string> above(const std::vector<std::string>& from) const {
    if (from.empty()) return history_.bases(owner_);
    std::set<std::string> next;
    for (const std::string& id : from) {
      for (std::string& child : history_.children(id)) next.insert(std::move(child));
    }
    return {next.begin(), next.end()};
  }

  std::vector<std::string> below(const std::vector<std::string>& from) const {
    std::set<std::string> next;
    for (const std::string& id : from) {
      const Revision* revision = history_.find(id);
      next.insert(revision->down_revisions.begin(), revision->down_revisions.end());
    }
    return {next.begin(), next.end()};
  }

  const History& history_;
  const Applied& applied_;
  std::string_view owner_;
};

}  // namespace

std::vector<std::string> History::resolve(std::string_view expression, const Applied& applied,
                                          std::string_view history) const {
  return Resolver(*this, applied, history).resolve(expression);
}

}  // namespace parley::migrate
