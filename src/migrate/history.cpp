#include "migrate/history.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "migrate/history_order.h"

namespace parley::migrate {

History::History(std::vector<Revision> revisions) {
  const LabelOwners owners = label_owners(revisions);
  revisions_ = in_graph_order(std::move(revisions), owners);
  for (std::size_t i = 0; i < revisions_.size(); ++i) positions_.emplace(revisions_[i].id, i);
  for (const auto& [label, id] : owners) labels_.emplace(label, position_of(id));
  connect();
  label_branches();
}

void History::connect() {
  LabelOwners owners;
  for (const auto& [label, position] : labels_) owners.emplace(label, revisions_[position].id);
  parents_.resize(revisions_.size());
  needs_.resize(revisions_.size());
  children_.resize(revisions_.size());
  needed_by_.resize(revisions_.size());
  const auto tie = [&](std::size_t from, const std::string& id, Edges& down, Edges& up) {
    const std::size_t to = position_of(id);
    if (std::ranges::find(down[from], to) != down[from].end()) return;
    down[from].push_back(to);
    up[to].push_back(from);
  };
  for (std::size_t i = 0; i < revisions_.size(); ++i) {
    for (const std::string& id : revisions_[i].down_revisions) tie(i, id, parents_, children_);
    for (const std::string& id : needs_of(revisions_[i], owners)) tie(i, id, needs_, needed_by_);
  }
}

/// A label holds for everything above it, and below it as far as there is only one way to go.
void History::label_branches() {
  branch_labels_.resize(revisions_.size());
  for (const auto& [label, start] : labels_) branch_labels_[start].insert(label);
  for (std::size_t i = 0; i < revisions_.size(); ++i) {
    for (const std::size_t parent : parents_[i]) {
      branch_labels_[i].insert(branch_labels_[parent].begin(), branch_labels_[parent].end());
    }
  }
  for (const auto& [label, start] : labels_) {
    std::size_t below = start;
    const auto is_plain = [&](std::size_t at) {
      return needed_by_[at].size() <= 1 && parents_[at].size() <= 1;
    };
    while (is_plain(below) && !parents_[below].empty()) {
      below = parents_[below].front();
      if (is_plain(below)) branch_labels_[below].insert(label);
    }
  }
}

const Revision* History::find(std::string_view id) const {
  const auto position = positions_.find(id);
  return position == positions_.end() ? nullptr : &revisions_[position->second];
}

const Revision* History::find_labelled(std::string_view label) const {
  const auto position = labels_.find(label);
  return position == labels_.end() ? nullptr : &revisions_[position->second];
}

std::size_t History::position_of(std::string_view id) const {
  const auto position = positions_.find(id);
  if (position != positions_.end()) return position->second;
  throw Error(ErrorCode::RevisionNotFound,
              fmt::format("Can't locate revision identified by '{}'", id),
              "`parley db history` lists the revisions that this program knows.");
}

const Revision& History::at(std::string_view id) const { return revisions_[position_of(id)]; }

bool History::is_in(const Revision& revision, std::string_view history) const {
  return history.empty() || revision.history == history;
}

Place History::place_of(std::string_view id) const {
  const std::size_t position = position_of(id);
  const auto& labels = branch_labels_[position];
  Place place{.children = children(id),
              .labels = {labels.begin(), labels.end()},
              .is_head = children_[position].empty()};
  place.is_real_head = std::ranges::none_of(needed_by_[position], [&](std::size_t other) {
    return revisions_[other].history == revisions_[position].history;
  });
  return place;
}

std::vector<std::string> History::ids_where(const std::vector<bool>& excluded,
                                            std::string_view history) const {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < revisions_.size(); ++i) {
    if (!excluded[i] && is_in(revisions_[i], history)) ids.push_back(revisions_[i].id);
  }
  return ids;
}

std::vector<std::string> History::heads(std::string_view history) const {
  std::vector<bool> has_child(revisions_.size());
  for (std::size_t i = 0; i < revisions_.size(); ++i) has_child[i] = !children_[i].empty();
  return ids_where(has_child, history);
}

std::vector<std::string> History::real_heads(std::string_view history) const {
  Applied all;
  for (const Revision& revision : revisions_) all.insert(all.end(), revision.id);
  return marker(all, history);
}

std::vector<std::string> History::bases(std::string_view history) const {
  std::vector<bool> has_parent(revisions_.size());
  for (std::size_t i = 0; i < revisions_.size(); ++i) has_parent[i] = !parents_[i].empty();
  return ids_where(has_parent, history);
}

std::vector<std::string> History::children(std::string_view id) const {
  std::vector<std::string> children;
  for (const std::size_t child : children_[position_of(id)]) {
    children.push_back(revisions_[child].id);
  }
  return children;
}

Applied History::reach(std::span<const std::string> ids, const Edges& edges) const {
  Applied found;
  std::vector<std::size_t> open;
  for (const std::string& id : ids) open.push_back(position_of(id));
  while (!open.empty()) {
    const std::size_t next = open.back();
    open.pop_back();
    if (!found.insert(revisions_[next].id).second) continue;
    open.insert(open.end(), edges[next].begin(), edges[next].end());
  }
  return found;
}

Applied History::ancestors(std::span<const std::string> ids, Ties ties) const {
  return reach(ids, ties == Ties::All ? needs_ : parents_);
}

Applied History::descendants(std::span<const std::string> ids, Ties ties) const {
  return reach(ids, ties == Ties::All ? needed_by_ : children_);
}

Applied History::branch_of(const std::string& id) const {
  Applied members = ancestors({&id, 1}, Ties::Parents);
  members.merge(descendants({&id, 1}, Ties::Parents));
  return members;
}

Applied History::with_ancestors(std::string_view id) const {
  const std::string one(id);
  return ancestors({&one, 1}, Ties::All);
}

std::vector<std::string> History::newest(const Applied& applied, std::string_view history) const {
  std::vector<bool> excluded(revisions_.size(), true);
  for (const std::string& id : applied) excluded[position_of(id)] = false;
  for (const std::string& id : applied) {
    for (const std::size_t parent : parents_[position_of(id)]) excluded[parent] = true;
  }
  return ids_where(excluded, history);
}

std::vector<std::string> History::marker(const Applied& applied, std::string_view history) const {
  std::vector<bool> excluded(revisions_.size(), true);
  for (const std::string& id : applied) excluded[position_of(id)] = false;
  for (const std::string& id : applied) {
    if (!is_in(at(id), history)) continue;
    for (const std::size_t need : needs_[position_of(id)]) excluded[need] = true;
  }
  return ids_where(excluded, history);
}

std::vector<const Revision*> History::in_order(const Applied& chosen) const {
  std::vector<const Revision*> ordered;
  for (const Revision& revision : revisions_) {
    if (chosen.contains(revision.id)) ordered.push_back(&revision);
  }
  return ordered;
}

std::vector<const Revision*> History::upgrade_path(std::span<const std::string> targets,
                                                   const Applied& applied) const {
  Applied wanted = ancestors(targets, Ties::All);
  std::erase_if(wanted, [&](const auto& id) { return applied.contains(id); });
  return in_order(wanted);
}

std::vector<const Revision*> History::returning(const Applied& applied,
                                                std::string_view history) const {
  std::vector<const Revision*> returning;
  Applied ground = applied;
  for (std::size_t i = 0; i < revisions_.size(); ++i) {
    const Revision& revision = revisions_[i];
    if (ground.contains(revision.id) || parents_[i].empty() || is_in(revision, history)) continue;
    const auto is_tie = [&](std::size_t need) { return revisions_[need].history == history; };
    const auto is_there = [&](std::size_t need) { return ground.contains(revisions_[need].id); };
    const bool is_tied = std::ranges::any_of(needs_[i], is_tie);
    if (!is_tied || !std::ranges::all_of(needs_[i], is_there)) continue;
    returning.push_back(&revision);
    ground.insert(revision.id);
  }
  return returning;
}

schema::Schema History::replay(const Applied& applied) const {
  schema::Schema state;
  for (const Revision* revision : in_order(applied)) replay_onto(state, *revision);
  return state;
}

void replay_onto(schema::Schema& state, const Revision& revision) {
  for (const schema::Change& change : revision.upgrade) {
    try {
      schema::apply(state, change);
    } catch (const Error& error) {
      throw Error(error.code(), fmt::format("{}: {}", revision.file, error.what()), error.hint());
    }
  }
}

}  // namespace parley::migrate
