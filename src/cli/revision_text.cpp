#include "cli/revision_text.h"

#include <fmt/format.h>

#include "base/text.h"
#include "cli/output.h"

namespace parley::cli {
namespace {

bool is_merge_point(const migrate::Revision& revision) {
  return revision.down_revisions.size() > 1;
}

std::string parents_of(const migrate::Revision& revision) {
  return revision.down_revisions.empty() ? "<base>" : join(revision.down_revisions, ", ");
}

std::string points_of(const migrate::Place& place, const migrate::Revision& revision) {
  return fmt::format("{}{}", place.is_branch_point() ? " (branchpoint)" : "",
                     is_merge_point(revision) ? " (mergepoint)" : "");
}

std::string line_if(bool is_there, std::string_view name, const std::vector<std::string>& what) {
  return is_there ? fmt::format("{}: {}\n", name, join(what, ", ")) : "";
}

}  // namespace

std::string line_of(const migrate::History& graph, const migrate::Revision& revision,
                    const LineParts& parts) {
  const migrate::Place place = graph.place_of(revision.id);
  std::string text;
  if (parts.has_parents) {
    text += parents_of(revision);
    if (!revision.depends_on.empty()) text += fmt::format(" ({})", join(revision.depends_on, ", "));
    text += " -> ";
  }
  text += revision.id;
  if (parts.has_labels && !place.labels.empty()) {
    text += fmt::format(" ({})", join(place.labels, ", "));
  }
  if (place.is_head) text += place.is_real_head ? " (head)" : " (effective head)";
  if (parts.is_current) text += " (current)";
  if (parts.has_points) text += points_of(place, revision);
  if (parts.has_message) text += ", " + revision.message;
  return text;
}

std::string entry_of(const migrate::History& graph, const migrate::Revision& revision,
                     bool is_current) {
  const migrate::Place place = graph.place_of(revision.id);
  std::string text = fmt::format("Rev: {}{}{}{}\n", revision.id, place.is_head ? " (head)" : "",
                                 points_of(place, revision), is_current ? " (current)" : "");
  text +=
      fmt::format("{}: {}\n", is_merge_point(revision) ? "Merges" : "Parent", parents_of(revision));
  text += line_if(!revision.depends_on.empty(), "Also depends on", revision.depends_on);
  text += line_if(place.is_branch_point(), "Branches into", place.children);
  text += line_if(!place.labels.empty(), "Branch names", place.labels);
  text += fmt::format("Path: {}\n\n    {}\n\n", revision.file, revision.message);
  text += fmt::format("    Revision ID: {}\n    Revises: {}\n", revision.id,
                      join(revision.down_revisions, ", "));
  if (!revision.create_date.empty()) {
    text += fmt::format("    Create Date: {}\n", revision.create_date);
  }
  return text + "\n";
}

JsonObject to_json(const migrate::History& graph, const migrate::Revision& revision) {
  const migrate::Place place = graph.place_of(revision.id);
  return {{"revision", revision.id},
          {"history", revision.history},
          {"message", revision.message},
          {"create_date", revision.create_date},
          {"down_revisions", to_json(revision.down_revisions)},
          {"depends_on", to_json(revision.depends_on)},
          {"branch_labels", to_json(place.labels)},
          {"children", to_json(place.children)},
          {"is_head", place.is_head},
          {"is_branch_point", place.is_branch_point()},
          {"is_merge_point", is_merge_point(revision)},
          {"file", revision.file}};
}

}  // namespace parley::cli
