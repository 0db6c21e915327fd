// parley db edit: a revision file in the editor.

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/error.h"
#include "cli/applied.h"
#include "cli/output.h"
#include "cli/verb.h"

namespace parley::cli {
namespace {

struct EditOptions : DbOptions {
  std::string expression;
};

std::string editor() {
  for (const char* name : {"VISUAL", "EDITOR"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  throw Error(ErrorCode::InvalidArgument, "No editor is known",
              "Set EDITOR, for example: EDITOR=nano parley db edit head");
}

/// The editor may be a command with options, hence the shell.
void run_editor(const std::string& command, const std::string& file) {
  const std::string script = command + " \"$1\"";
  const pid_t child = fork();
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", script.c_str(), "sh", file.c_str(), nullptr);
    _exit(127);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status) ||
      WEXITSTATUS(status) != 0) {
    throw Error(ErrorCode::FileSystem, fmt::format("The editor '{}' failed", command),
                "Set EDITOR to one that works.");
  }
}

/// Throws when what was written cannot be read.
void require_readable(const std::string& file) {
  std::ifstream stream(file);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  migrate::parse_revision(text, file);
}

std::string file_of(const migrate::Revision& revision) {
  if (std::filesystem::exists(revision.file)) return revision.file;
  throw Error(ErrorCode::FileSystem,
              fmt::format("{} is part of this program and no file here", revision.file),
              "In a checkout of the source, name the folder with --dir.");
}

ExitCode edit(const EditOptions& options) {
  const app::Target target = app::only_target(options.where());
  const auto& graph = target.definition.graph;
  const auto found =
      graph.resolve(options.expression, applied_for(target, {options.expression}), target.history);
  if (found.empty()) {
    throw Error(ErrorCode::RevisionNotFound,
                fmt::format("No revision files indicated by symbol '{}'", options.expression),
                "`parley db history` lists the revisions.");
  }
  const std::string command = editor();
  Output output(options);
  for (const std::string& id : found) {
    const std::string file = file_of(graph.at(id));
    run_editor(command, file);
    require_readable(file);
    output.list("files").emplace_back(file);
  }
  output.finish();
  return ExitCode::Done;
}

}  // namespace

void add_edit(VerbGroup& db) {
  auto [verb, options] =
      db.verb<EditOptions>("edit", "Open a revision file in $EDITOR, and check it after", edit);
  verb.argument("revision", options.expression, "An id or its beginning, head, current");
  verb.example("parley db edit head --dir migrations");
}

}  // namespace parley::cli
