#include "migrate/history_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/text.h"

namespace parley::migrate {
namespace {

using Positions = std::map<std::string, std::size_t, std::less<>>;

Positions positions_of(const std::vector<Revision>& revisions) {
  Positions positions;
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    const auto [seen, is_new] = positions.emplace(revisions[i].id, i);
    if (is_new) continue;
    throw Error(ErrorCode::InvalidRevisionFile,
                fmt::format("Revision {} is present more than once: in {} and in {}",
                            revisions[i].id, revisions[seen->second].file, revisions[i].file),
                "Give one of the two files another id, or delete it.");
  }
  return positions;
}

[[noreturn]] void throw_missing(const Revision& revision, const std::string& need,
                                const Positions& positions) {
  std::vector<std::string> known;
  for (const auto& [id, position] : positions) known.push_back(id);
  const std::string near = nearest(need, known);
  throw Error(ErrorCode::InvalidRevisionFile,
              fmt::format("{}: revision {} stands on {}, which is in no file", revision.file,
                          revision.id, need),
              near.empty() ? "Add the missing file or correct down_revision."
                           : fmt::format("Did you mean {}?", near));
}

/// Depth first without recursion, because a history may be longer than the stack is deep.
class Walk {
 public:
  Walk(const std::vector<Revision>& revisions, const LabelOwners& labels)
      : revisions_(revisions),
        positions_(positions_of(revisions)),
        marks_(revisions.size(), Mark::New) {
    for (const Revision& revision : revisions) {
      needs_.emplace_back();
      for (const std::string& need : needs_of(revision, labels)) {
        const auto found = positions_.find(need);
        if (found == positions_.end()) throw_missing(revision, need, positions_);
        needs_.back().push_back(found->second);
      }
    }
  }

  std::vector<std::size_t> order() {
    std::set<std::size_t> parents;
    for (std::size_t i = 0; i < revisions_.size(); ++i) {
      const auto count = static_cast<std::ptrdiff_t>(revisions_[i].down_revisions.size());
      parents.insert(needs_[i].begin(), needs_[i].begin() + count);
    }
    for (std::size_t i = 0; i < revisions_.size(); ++i) {
      if (!parents.contains(i)) visit(i);
    }
    // Only what stands on a cycle of parents is left.
    for (std::size_t i = 0; i < revisions_.size(); ++i) visit(i);
    return std::move(done_);
  }

 private:
  enum class Mark { New, Open, Done };
  struct Frame {
    std::size_t at;
    std::size_t next_need;
  };

  void visit(std::size_t start) {
    if (marks_[start] != Mark::New) return;
    open(start);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      if (frame.next_need == needs_[frame.at].size()) {
        marks_[frame.at] = Mark::Done;
        done_.push_back(frame.at);
        frames_.pop_back();
        continue;
      }
      const std::size_t need = needs_[frame.at][frame.next_need++];
      if (marks_[need] == Mark::Open) throw_cycle(need);
      if (marks_[need] == Mark::New) open(need);
    }
  }

  void open(std::size_t at) {
    marks_[at] = Mark::Open;
    frames_.push_back({at, 0});
  }

  [[noreturn]] void throw_cycle(std::size_t closing) const {
    const auto first = std::ranges::find(frames_, closing, &Frame::at);
    std::vector<std::string> ids;
    bool has_dependency = false;
    for (auto frame = first; frame != frames_.end(); ++frame) {
      ids.push_back(revisions_[frame->at].id);
      const bool is_parent = frame->next_need <= revisions_[frame->at].down_revisions.size();
      has_dependency = has_dependency || !is_parent;
    }
    std::ranges::sort(ids);
    std::string kind = ids.size() == 1 ? "Self-loop" : "Cycle";
    if (has_dependency) kind = ids.size() == 1 ? "Dependency self-loop" : "Dependency cycle";
    throw Error(ErrorCode::HistoryCycle,
                fmt::format("{} is detected in revisions ({})", kind, join(ids, ", ")),
                "Mend down_revision or depends_on in one of these files.");
  }

  const std::vector<Revision>& revisions_;
  Positions positions_;
  std::vector<std::vector<std::size_t>> needs_;
  std::vector<Mark> marks_;
  std::vector<Frame> frames_;
  std::vector<std::size_t> done_;
};

}  // namespace

LabelOwners label_owners(const std::vector<Revision>& revisions) {
  std::set<std::string_view> ids;
  for (const Revision& revision : revisions) ids.insert(revision.id);
  LabelOwners owners;
  for (const Revision& revision : revisions) {
    for (const std::string& label : revision.branch_labels) {
      const auto [owner, is_new] = owners.emplace(label, revision.id);
      if (is_new && !ids.contains(label)) continue;
      throw Error(ErrorCode::InvalidRevisionFile,
                  fmt::format("{}: Branch name '{}' in revision {} already used by revision {}",
                              revision.file, label, revision.id, is_new ? label : owner->second),
                  "Choose another name in branch_labels.");
    }
  }
  return owners;
}

std::vector<std::string> needs_of(const Revision& revision, const LabelOwners& labels) {
  std::vector<std::string> needs = revision.down_revisions;
  for (const std::string& dependency : revision.depends_on) {
    const auto labelled = labels.find(dependency);
    needs.push_back(labelled == labels.end() ? dependency : labelled->second);
  }
  return needs;
}

std::vector<Revision> in_graph_order(std::vector<Revision> revisions, const LabelOwners& labels) {
  std::vector<Revision> ordered;
  ordered.reserve(revisions.size());
  for (const std::size_t position : Walk(revisions, labels).order()) {
    ordered.push_back(std::move(revisions[position]));
  }
  return ordered;
}

}  // namespace parley::migrate
