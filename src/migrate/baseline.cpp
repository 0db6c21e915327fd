#include "migrate/baseline.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "dialect/beyond_model.h"
#include "migrate/autogenerate.h"
#include "migrate/diff.h"

namespace parley::migrate {
namespace {

/// `alembic_version` has room for so much.
constexpr std::size_t kIdMax = 32;

schema::Schema taken_over(const Deployment& deployment,
                          const std::optional<ForeignHistory>& history) {
  schema::Schema live = deployment.live();
  std::erase_if(live.tables, [&](const schema::Table& table) {
    return history && table.name == history->table;
  });
  if (live.tables.empty() && live.views.empty()) {
    throw Error(ErrorCode::RefusedForSafety,
                "There is nothing to adopt: the database has no tables",
                "Begin with revisions of your own: parley db init, parley db revision -m MESSAGE.");
  }
  return live;
}

std::string id_of(const std::optional<ForeignHistory>& history) {
  if (!history) return "baseline";
  if (history->tool == ForeignTool::Alembic) return history->newest().id;
  std::string id = "baseline_" + history->newest().id;
  std::ranges::replace_if(id, [](char c) { return std::isalnum(c) == 0; }, '_');
  return id.substr(0, kIdMax);
}

std::string name_of(const ForeignRevision& revision) {
  return revision.message.empty() ? revision.id
                                  : fmt::format("{} ({})", revision.id, revision.message);
}

std::string message_of(const std::optional<ForeignHistory>& history) {
  if (!history) return "as it was found";
  return fmt::format("as {} left it at {}", migrate::name_of(history->tool),
                     name_of(history->newest()));
}

std::string heading_of(const std::optional<ForeignHistory>& history) {
  if (!history) {
    return "# Made by `parley db adopt` from a database that no migration tool has a record of.\n";
  }
  std::string text =
      fmt::format("# Made by `parley db adopt`. It stands for what {} has applied:\n",
                  migrate::name_of(history->tool));
  for (const ForeignRevision& revision : history->applied) {
    std::string line = name_of(revision);
    std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    text += "#   " + line + "\n";
  }
  return text;
}

/// What would be made is compared with what is there before anything is written.
void require_faithful(const Deployment& deployment, const Revision& revision,
                      const schema::Schema& live) {
  schema::Schema made;
  for (const schema::Change& change : parse_revision(to_yaml(revision), revision.file).upgrade) {
    schema::apply(made, change);
  }
  const auto lost = diff(deployment.dialect().normalize(made), live);
  if (lost.empty()) return;
  throw Error(ErrorCode::UnsupportedChange,
              fmt::format("This schema holds what revision files have no words for: {}",
                          schema::describe(lost.front())),
              "Nothing was changed. Take that object out of this database or schema, and adopt "
              "what is left.");
}

}  // namespace

Baseline baseline_of(Deployment& deployment, const std::optional<ForeignHistory>& history) {
  const schema::Schema live = taken_over(deployment, history);
  Baseline baseline{
      .revision = make_revision(
          {.id = id_of(history), .message = message_of(history), .changes = diff({}, live)},
          deployment.definition().graph, deployment.clock().now()),
      .heading = heading_of(history)};
  require_faithful(deployment, baseline.revision, live);
  for (const std::string& line : dialect::beyond_model(deployment.connection())) {
    log::warning("{}: revision files have no words for it, so a new database is without", line);
  }
  return baseline;
}

std::string standing_on(const History& graph, const std::optional<ForeignHistory>& history) {
  if (history && history->tool == ForeignTool::Alembic) {
    const std::string& id = history->newest().id;
    if (graph.find(id) != nullptr) return id;
    throw Error(ErrorCode::RevisionNotFound,
                fmt::format("Can't locate revision identified by '{}'", id),
                "alembic_version of this database names it, but the folder has revisions of "
                "another history. Name another folder with --dir. Nothing was changed.");
  }
  const auto bases = graph.bases();
  if (bases.size() == 1) return bases.front();
  throw Error(ErrorCode::MultipleHeads,
              fmt::format("The folder has several first revisions: {}", join(bases, ", ")),
              "Say on which one the database stands: parley db stamp REVISION.");
}

}  // namespace parley::migrate
