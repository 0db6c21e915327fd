#include "cli/command_tree.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/dashes.h"

namespace parley::cli {
namespace {

constexpr std::size_t kColumn = 32;  ///< Where the second column of a help begins.

CommandOption option_of(const CLI::Option& option) {
  CommandOption made{.value = std::string(trim(option.get_option_text())),
                     .help = option.get_description(),
                     .heading = option.get_group(),
                     .is_required = option.get_required()};
  if (option.get_positional() && option.get_lnames().empty()) {
    made.label = option.get_single_name();
    made.heading = "Words";
    return made;
  }
  for (const std::string& name : option.get_snames()) made.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) made.names.push_back("--" + name);
  return made;
}

/// Two columns; a first one that is too long stands on a line of its own.
void add_row(std::string& text, const std::string& first, const std::string& second) {
  const std::string left = "  " + first;
  const std::size_t width = code_points(left);
  text += left;
  text +=
      width + 2 > kColumn ? "\n" + std::string(kColumn, ' ') : std::string(kColumn - width, ' ');
  text += second + "\n";
}

}  // namespace

Command command_tree(const CLI::App& app, const std::string& parents) {
  Command command{.path = parents.empty() ? app.get_name() : parents + " " + app.get_name(),
                  .help = app.get_description(),
                  .heading = app.get_group(),
                  .footer = app.get_footer()};
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) command.options.push_back(option_of(*option));
  }
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
    command.commands.push_back(command_tree(*child, command.path));
  }
  return command;
}

const Command* find_command(const Command& root, const std::string& path) {
  if (root.path == path) return &root;
  for (const Command& child : root.commands) {
    if (const Command* found = find_command(child, path)) return found;
  }
  return nullptr;
}

std::string synopsis_of(const Command& command) {
  std::string text = "[OPTIONS]";
  for (const CommandOption& option : command.options) {
    if (!option.names.empty()) continue;
    const bool is_many = option.value == "...";
    const std::string word = option.label + (is_many ? "..." : "");
    text += option.is_required ? " " + word : " [" + word + "]";
  }
  return command.commands.empty() ? text : text + " COMMAND";
}

std::string spelling_of(const CommandOption& option) {
  if (option.names.empty()) {
    return option.value.empty() || option.value == "..." ? option.label
                                                         : option.label + " " + option.value;
  }
  const std::string names = join(option.names, ", ");
  return option.value.empty() ? names : names + " " + option.value;
}

std::string help_text(const Command& command) {
  std::string text =
      fmt::format("{}\nUsage: {} {}\n", command.help, command.path, synopsis_of(command));
  for (const std::string& heading : headings_of(command.options)) {
    text += fmt::format("\n{}:\n", heading);
    for (const CommandOption& option : command.options) {
      if (option.heading == heading) add_row(text, spelling_of(option), option.help);
    }
  }
  for (const std::string& heading : headings_of(command.commands)) {
    text += fmt::format("\n{}:\n", heading);
    for (const Command& child : command.commands) {
      if (child.heading == heading) add_row(text, child.name(), child.help);
    }
  }
  if (!command.footer.empty()) text += fmt::format("\n{}\n", command.footer);
  return text;
}

}  // namespace parley::cli
