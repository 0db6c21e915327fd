#include "migrate/history.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace parley::migrate {
namespace {

[[noreturn]] void throw_cycle(const std::vector<Revision>& left) {
  std::vector<std::string> ids;
  for (const Revision& revision : left) ids.push_back(revision.id);
  throw Error(ErrorCode::HistoryCycle,
              fmt::format("Cycle is detected in revisions ({})", join(ids, ", ")),
              "Mend down_revision or depends_on in one of these files.");
}

/// Parents and dependencies: what must be applied before the revision.
std::vector<std::string> needs_of(const Revision& revision) {
  std::vector<std::string> needs = revision.down_revisions;
  needs.insert(needs.end(), revision.depends_on.begin(), revision.depends_on.end());
  return needs;
}

void require_unique_ids(const std::vector<Revision>& revisions) {
  std::map<std::string, std::string> files;
  for (const Revision& revision : revisions) {
    const auto [seen, is_new] = files.emplace(revision.id, revision.file);
    if (!is_new) {
      throw Error(ErrorCode::InvalidRevisionFile,
                  fmt::format("Revision {} is present more than once: in {} and in {}", revision.id,
                              seen->second, revision.file),
                  "Give one of the two files another id, or delete it.");
    }
  }
}

void require_known_needs(const std::vector<Revision>& revisions) {
  std::set<std::string> ids;
  for (const Revision& revision : revisions) ids.insert(revision.id);
  for (const Revision& revision : revisions) {
    for (const std::string& need : needs_of(revision)) {
      if (ids.contains(need)) continue;
      const std::vector<std::string> known(ids.begin(), ids.end());
      const std::string near = nearest(need, known);
      throw Error(ErrorCode::InvalidRevisionFile,
                  fmt::format("{}: revision {} stands on {}, which is in no file", revision.file,
                              revision.id, need),
                  near.empty() ? "Add the missing file or correct down_revision."
                               : fmt::format("Did you mean {}?", near));
    }
  }
}

/// Parents and dependencies first; among those that could come next, the order given.
std::vector<Revision> sorted(std::vector<Revision> left) {
  std::vector<Revision> done;
  std::set<std::string> done_ids;
  while (!left.empty()) {
    std::vector<Revision> waiting;
    for (Revision& revision : left) {
      const auto needs = needs_of(revision);
      const bool is_ready =
          std::ranges::all_of(needs, [&](const auto& need) { return done_ids.contains(need); });
      if (is_ready) {
        done_ids.insert(revision.id);
        done.push_back(std::move(revision));
      } else {
        waiting.push_back(std::move(revision));
      }
    }
    if (waiting.size() == left.size()) throw_cycle(waiting);
    left = std::move(waiting);
  }
  return done;
}

bool contains(const std::vector<std::string>& list, std::string_view id) {
  return std::ranges::find(list, id) != list.end();
}

}  // namespace

History::History(std::vector<Revision> revisions) {
  require_unique_ids(revisions);
  require_known_needs(revisions);
  revisions_ = sorted(std::move(revisions));
  for (std::size_t i = 0; i < revisions_.size(); ++i) positions_.emplace(revisions_[i].id, i);
}

const Revision* History::find(std::string_view id) const {
  const auto position = positions_.find(id);
  return position == positions_.end() ? nullptr : &revisions_[position->second];
}

const Revision& History::at(std::string_view id) const {
  const Revision* revision = find(id);
  if (revision == nullptr) {
    throw Error(ErrorCode::RevisionNotFound,
                fmt::format("Can't locate revision identified by '{}'", id),
                "`parley db history` lists the revisions that this program knows.");
  }
  return *revision;
}

bool History::is_in(const Revision& revision, std::string_view history) const {
  return history.empty() || revision.history == history;
}

std::vector<std::string> History::heads(std::string_view history) const {
  std::set<std::string> parents;
  for (const Revision& revision : revisions_) {
    parents.insert(revision.down_revisions.begin(), revision.down_revisions.end());
  }
  std::vector<std::string> heads;
  for (const Revision& revision : revisions_) {
    if (is_in(revision, history) && !parents.contains(revision.id)) heads.push_back(revision.id);
  }
  return heads;
}

std::vector<std::string> History::bases(std::string_view history) const {
  std::vector<std::string> bases;
  for (const Revision& revision : revisions_) {
    if (is_in(revision, history) && revision.down_revisions.empty()) bases.push_back(revision.id);
  }
  return bases;
}

std::vector<std::string> History::children(std::string_view id) const {
  std::vector<std::string> children;
  for (const Revision& revision : revisions_) {
    if (contains(revision.down_revisions, id)) children.push_back(revision.id);
  }
  return children;
}

Applied History::with_ancestors(std::string_view id) const {
  Applied found;
  std::vector<std::string> open = {at(id).id};
  while (!open.empty()) {
    const std::string next = std::move(open.back());
    open.pop_back();
    if (!found.insert(next).second) continue;
    for (std::string& need : needs_of(at(next))) open.push_back(std::move(need));
  }
  return found;
}

std::vector<std::string> History::newest(const Applied& applied, std::string_view history) const {
  std::set<std::string> parents;
  for (const std::string& id : applied) {
    const Revision& revision = at(id);
    parents.insert(revision.down_revisions.begin(), revision.down_revisions.end());
  }
  std::vector<std::string> newest;
  for (const Revision* revision : in_order(applied)) {
    if (is_in(*revision, history) && !parents.contains(revision->id))
      newest.push_back(revision->id);
  }
  return newest;
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
  Applied wanted;
  for (const std::string& target : targets) wanted.merge(with_ancestors(target));
  std::erase_if(wanted, [&](const auto& id) { return applied.contains(id); });
  return in_order(wanted);
}

std::vector<const Revision*> History::downgrade_path(std::span<const std::string> targets,
                                                     const Applied& applied,
                                                     std::string_view history) const {
  Applied kept;
  for (const std::string& target : targets) kept.merge(with_ancestors(target));
  Applied undone;
  // Parents come first, so one pass finds everything that stands on something undone.
  for (const Revision* revision : in_order(applied)) {
    const auto needs = needs_of(*revision);
    const bool loses_ground =
        std::ranges::any_of(needs, [&](const auto& need) { return undone.contains(need); });
    const bool is_above_target = is_in(*revision, history) && !kept.contains(revision->id);
    if (loses_ground || is_above_target) undone.insert(revision->id);
  }
  auto path = in_order(undone);
  std::ranges::reverse(path);
  return path;
}

std::vector<const Revision*> History::returning(const Applied& applied,
                                                std::string_view history) const {
  std::vector<const Revision*> returning;
  Applied ground = applied;
  for (const Revision& revision : revisions_) {
    if (ground.contains(revision.id) || revision.down_revisions.empty()) continue;
    const bool is_tied = std::ranges::any_of(
        revision.depends_on, [&](const auto& id) { return at(id).history == history; });
    const auto needs = needs_of(revision);
    const bool is_grounded =
        std::ranges::all_of(needs, [&](const auto& need) { return ground.contains(need); });
    if (!is_tied || !is_grounded || is_in(revision, history)) continue;
    returning.push_back(&revision);
    ground.insert(revision.id);
  }
  return returning;
}

schema::Schema History::replay(const Applied& applied) const {
  schema::Schema state;
  for (const Revision* revision : in_order(applied)) {
    for (const schema::Change& change : revision->upgrade) {
      try {
        schema::apply(state, change);
      } catch (const Error& error) {
        throw Error(error.code(), fmt::format("{}: {}", revision->file, error.what()),
                    error.hint());
      }
    }
  }
  return state;
}

}  // namespace parley::migrate
