#include "migrate/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "migrate/diff.h"
#include "migrate/touched.h"

namespace parley::migrate {
namespace {

using Branch = std::vector<const Revision*>;

/// One change of a branch with what it touches.
struct Deed {
  const Revision* revision;
  const schema::Change* change;
  Touched touched;
};

std::vector<Deed> deeds_of(const Branch& branch) {
  std::vector<Deed> deeds;
  for (const Revision* revision : branch) {
    for (const schema::Change& change : revision->upgrade) {
      deeds.push_back({revision, &change, touched_by(change)});
    }
  }
  return deeds;
}

/// The object that one of them writes and the other writes or relies on; null when there is none.
const Object* common_object(const Touched& a, const Touched& b) {
  const auto find = [](const std::vector<Object>& these, const std::vector<Object>& those) {
    for (const Object& each : these) {
      const auto met = std::ranges::find_if(those, [&](const auto& o) { return overlap(each, o); });
      if (met != those.end()) return each.part.empty() ? &*met : &each;
    }
    return static_cast<const Object*>(nullptr);
  };
  if (const Object* object = find(a.writes, b.writes)) return object;
  if (const Object* object = find(a.writes, b.relies_on)) return object;
  return find(b.writes, a.relies_on);
}

std::vector<MergeConflict> direct_conflicts(const Branch& first, const Branch& second) {
  std::vector<MergeConflict> conflicts;
  const auto others = deeds_of(second);
  for (const Deed& deed : deeds_of(first)) {
    for (const Deed& other : others) {
      const Object* object = common_object(deed.touched, other.touched);
      if (object == nullptr) continue;
      conflicts.push_back({.object = name_of(*object),
                           .first = deed.revision->id,
                           .first_change = schema::describe(*deed.change),
                           .second = other.revision->id,
                           .second_change = schema::describe(*other.change)});
    }
  }
  return conflicts;
}

/// Adds the changes of `branch` to `schema`; the conflict of the first that does not fit there.
std::optional<MergeConflict> replay(schema::Schema& schema, const Branch& branch,
                                    const Branch& before) {
  for (const Revision* revision : branch) {
    for (const schema::Change& change : revision->upgrade) {
      try {
        schema::apply(schema, change);
      } catch (const Error& error) {
        return MergeConflict{.object = schema::describe(change),
                             .first = revision->id,
                             .first_change = error.what(),
                             .second = before.back()->id,
                             .second_change = "comes before it when the branches are applied so"};
      }
    }
  }
  return std::nullopt;
}

/// What no list of objects shows, such as a view over a column that the other branch drops.
std::vector<MergeConflict> conflicts_of_order(const schema::Schema& ground, const Branch& first,
                                              const Branch& second) {
  schema::Schema one = ground;
  schema::Schema other = ground;
  std::vector<MergeConflict> conflicts;
  if (auto trouble = replay(one, first, second)) return {*trouble};
  if (auto trouble = replay(one, second, first)) return {*trouble};
  if (auto trouble = replay(other, second, first)) return {*trouble};
  if (auto trouble = replay(other, first, second)) return {*trouble};
  for (const schema::Change& change : diff(one, other)) {
    conflicts.push_back({.object = schema::table_of(change),
                         .first = first.back()->id,
                         .first_change = "applied last, does not give the same as",
                         .second = second.back()->id,
                         .second_change = "applied last"});
  }
  return conflicts;
}

std::vector<MergeConflict> conflicts_between(const History& graph, const std::string& first,
                                             const std::string& second) {
  const Applied left = graph.with_ancestors(first);
  const Applied right = graph.with_ancestors(second);
  const auto difference = [&](const Applied& from, const Applied& minus) {
    Applied only;
    std::ranges::set_difference(from, minus, std::inserter(only, only.end()));
    return graph.in_order(only);
  };
  Applied common;
  std::ranges::set_intersection(left, right, std::inserter(common, common.end()));
  const Branch own = difference(left, right);
  const Branch others = difference(right, left);
  if (own.empty() || others.empty()) return {};
  auto conflicts = direct_conflicts(own, others);
  return conflicts.empty() ? conflicts_of_order(graph.replay(common), own, others) : conflicts;
}

}  // namespace

std::vector<MergeConflict> merge_conflicts(const History& graph,
                                           std::span<const std::string> heads) {
  std::vector<MergeConflict> all;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    for (std::size_t j = i + 1; j < heads.size(); ++j) {
      auto found = conflicts_between(graph, heads[i], heads[j]);
      std::ranges::move(found, std::back_inserter(all));
    }
  }
  return all;
}

Error merge_error(const std::vector<MergeConflict>& conflicts, std::span<const std::string> heads) {
  std::string text = "The branches touch the same objects, so that a person must decide:";
  for (const MergeConflict& conflict : conflicts) {
    text += fmt::format("\n  {}\n    {}: {}\n    {}: {}", conflict.object, conflict.first,
                        conflict.first_change, conflict.second, conflict.second_change);
  }
  return Error(ErrorCode::RefusedForSafety, text,
               fmt::format("When the result is right in either order: parley db merge {} -m "
                           "MESSAGE. Else change one of the revisions, if it is applied nowhere.",
                           join(heads, " ")));
}

}  // namespace parley::migrate
