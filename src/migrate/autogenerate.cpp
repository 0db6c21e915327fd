#include "migrate/autogenerate.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/ids.h"
#include "migrate/careful.h"
#include "migrate/diff.h"
#include "migrate/scratch.h"

namespace parley::migrate {
namespace {

Applied up_to_heads(const History& graph, const std::string& history) {
  Applied applied;
  for (const std::string& head : graph.heads(history)) applied.merge(graph.with_ancestors(head));
  return applied;
}

}  // namespace

Comparison declared_comparison(const NamespaceDefinition& definition,
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
  return {.recorded = definition.graph.replay(own),
          .wanted = {.schema = with_declared(definition.graph.replay(ground), history),
                     .renames = {},
                     .is_by_engine = false,
                     .how = ""}};
}

Comparison yaml_comparison(const NamespaceDefinition& definition, const HistoryDefinition& history,
                           const std::filesystem::path& file) {
  return {.recorded = definition.graph.replay(up_to_heads(definition.graph, history.name)),
          .wanted = read_yaml_target(file)};
}

Comparison sql_comparison(const NamespaceDefinition& definition, const HistoryDefinition& history,
                          const std::filesystem::path& file, database::Connection& live) {
  WantedSchema wanted = read_target(file, live);
  const auto recorded = definition.graph.replay(up_to_heads(definition.graph, history.name));
  return {.recorded = normalized_by_engine(live, recorded).schema, .wanted = std::move(wanted)};
}

std::vector<schema::Change> changes_to_write(const Comparison& comparison, const Renames& renames) {
  return careful(diff(comparison.recorded, comparison.wanted.schema, renames), comparison.recorded);
}

std::vector<schema::Change> uncommitted(const NamespaceDefinition& definition,
                                        const HistoryDefinition& history) {
  return changes_to_write(declared_comparison(definition, history), {});
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
