// parley completion and parley man: what the program says about itself, for shells and for man.

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "app/target.h"
#include "base/text.h"
#include "base/vocabulary.h"
#include "cli/completion.h"
#include "cli/manual.h"
#include "cli/output.h"
#include "cli/verb.h"

namespace parley {
template <>
inline constexpr auto words_of<cli::Shell> =
    std::to_array<std::string_view>({"bash", "zsh", "fish"});
}  // namespace parley

namespace parley::cli {
namespace {

struct CompletionWords : CommonOptions {
  std::function<Command()> program;
  std::string shell;
};

struct ManWords : CommonOptions {
  std::function<Command()> program;
  std::vector<std::string> command;
  std::string folder;
};

ExitCode completion(const CompletionWords& words) {
  const auto shell = parse_word<Shell>(words.shell);
  if (!shell) {
    throw Error(ErrorCode::InvalidArgument, fmt::format("There is no script for '{}'", words.shell),
                fmt::format("The shells are: {}.", list_words<Shell>()));
  }
  fmt::print("{}", completion_script(*shell, words.program()));
  return ExitCode::Done;
}

void write_pages(const Command& command, const std::filesystem::path& folder) {
  const auto file = folder / (manual_name(command) + ".1");
  std::ofstream out(file);
  out << manual_page(command, app::tool_version());
  if (!out.flush()) {
    throw Error(ErrorCode::FileSystem, fmt::format("{} cannot be written", file.string()),
                "Name a folder that is there and may be written to.");
  }
  for (const Command& child : command.commands) write_pages(child, folder);
}

ExitCode man(const ManWords& words) {
  const Command program = words.program();
  if (!words.folder.empty()) {
    write_pages(program, words.folder);
    return ExitCode::Done;
  }
  std::string path = program.path;
  for (const std::string& word : words.command) path += " " + word;
  const Command* command = find_command(program, path);
  if (command == nullptr) {
    throw Error(ErrorCode::InvalidArgument, fmt::format("There is no command '{}'", path),
                fmt::format("{} --help lists the commands.", program.path));
  }
  fmt::print("{}", manual_page(*command, app::tool_version()));
  return ExitCode::Done;
}

}  // namespace

void add_completion(VerbGroup& group, std::function<Command()> program) {
  auto [verb, words] = group.verb<CompletionWords>(
      "completion", "Print the script with which a shell completes commands", completion);
  words.program = std::move(program);
  verb.argument("shell", words.shell, "bash, zsh or fish");
  verb.example("source <(parley completion bash)");
}

void add_man(VerbGroup& group, std::function<Command()> program) {
  auto [verb, words] =
      group.verb<ManWords>("man", "Print the manual page of a command, for man to show", man);
  words.program = std::move(program);
  verb.optional_arguments("command", words.command, "The words of the command (default: parley)");
  verb.option("--output", "FOLDER", words.folder, "Write all pages into this folder instead");
  verb.example("parley man db upgrade | man -l -");
}

}  // namespace parley::cli
