#include "migrate/autogenerate.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/ids.h"
#include "migrate/diff.h"

namespace parley::migrate {
namespace {

Applied up_to_heads(const History& graph, const std::string& history) {
  Applied applied;
  for (const std::string& head : graph.heads(history)) applied.merge(graph.with_ancestors(head));
  return applied;
}

}  // namespace

std::vector<schema::Change> uncommitted(const NamespaceDefinition& definition,
                                        const HistoryDefinition& history) {
  // The histories before this one are the ground it stands on; what comes after it does not concern
  // it.
  Applied ground;
  for (const HistoryDefinition& earlier : definition.histories) {
    if (earlier.name == history.name) break;
    ground.merge(up_to_heads(definition.graph, earlier.name));
  }
  Applied own = up_to_heads(definition.graph, history.name);
  own.insert(ground.begin(), ground.end());
  return diff(definition.graph.replay(own),
              with_declared(definition.graph.replay(ground), history));
}

std::vector<std::string> dependencies_of(const std::vector<schema::Change>& changes,
                                         const NamespaceDefinition& definition,
                                         const HistoryDefinition& history) {
  std::vector<std::string> dependencies;
  for (const HistoryDefinition& earlier : definition.histories) {
    if (earlier.name == history.name) break;
    const auto is_of_earlier = [&](const schema::Change& change) {
      return std::ranges::find(earlier.declared_tables, schema::table_of(change),
                               &schema::Table::name) != earlier.declared_tables.end();
    };
    if (std::ranges::none_of(changes, is_of_earlier)) continue;
    for (std::string& head : definition.graph.heads(earlier.name)) {
      dependencies.push_back(std::move(head));
    }
  }
  return dependencies;
}

Revision make_revision(const NewRevision& wanted, const History& graph, Timestamp now) {
  Revision revision{.id = wanted.id.empty() ? random_hex(6) : wanted.id,
                    .down_revisions = wanted.parents,
                    .branch_labels = wanted.branch_labels,
                    .depends_on = wanted.depends_on,
                    .message = wanted.message,
                    .create_date = format_sql(std::chrono::floor<std::chrono::seconds>(now)),
                    .upgrade = wanted.changes};
  if (const Revision* taken = graph.find(revision.id)) {
    throw Error(ErrorCode::InvalidArgument,
                fmt::format("There is a revision {} already: {}", revision.id, taken->file),
                "Choose another with --rev-id.");
  }
  revision.file = file_name_of(revision);
  auto revisions = graph.revisions();
  revisions.push_back(parse_revision(to_yaml(revision), revision.file));
  History{std::move(revisions)};
  return revision;
}

}  // namespace parley::migrate
