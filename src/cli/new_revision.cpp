#include "cli/new_revision.h"

#include <fmt/format.h>

#include <fstream>

#include "base/error.h"

namespace parley::cli {

app::Target target_for_writing(const DbOptions& options) {
  app::TargetOptions where = options.where();
  where.may_lack_directory = true;
  return app::only_target(where);
}

void require_heads(const migrate::History& graph, const std::vector<std::string>& parents,
                   bool splices) {
  for (const std::string& parent : parents) {
    if (splices || graph.children(parent).empty()) continue;
    throw Error(ErrorCode::InvalidArgument,
                fmt::format("Revision {} is not a head revision; please specify --splice to create "
                            "a new branch from this revision",
                            parent),
                "`parley db heads` lists the heads.");
  }
}

void write_revision(const migrate::Revision& revision, const app::Target& target, Output& output) {
  std::error_code failure;
  std::filesystem::create_directories(target.directory, failure);
  const auto file = target.directory / migrate::file_name_of(revision);
  if (std::filesystem::exists(file)) {
    throw Error(ErrorCode::FileSystem, fmt::format("{} exists already", file.string()),
                "Choose another id with --rev-id, or another message.");
  }
  std::ofstream stream(file);
  stream << migrate::to_yaml(revision);
  stream.close();
  if (!stream) {
    throw Error(ErrorCode::FileSystem, fmt::format("{} cannot be written", file.string()),
                "Choose another folder with --dir.");
  }
  print_changes(revision.upgrade, output);
  output.line("{}", file.string());
  output.document()["revision"] = revision.id;
  output.document()["down_revisions"] = to_json(revision.down_revisions);
  output.document()["changes"] = to_json(revision.upgrade);
  output.document()["file"] = file.string();
}

void print_changes(const std::vector<schema::Change>& changes, Output& output) {
  for (const schema::Change& change : changes) output.line("  {}", schema::describe(change));
}

json::array to_json(const std::vector<schema::Change>& changes) {
  json::array list;
  for (const schema::Change& change : changes) list.emplace_back(schema::describe(change));
  return list;
}

}  // namespace parley::cli
