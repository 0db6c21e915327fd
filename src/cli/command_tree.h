#pragma once

// The commands of the program as plain values: what help, manual pages and shell completion are
// made from, so that all three say the same. Values; any thread.

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace parley::cli {

/// Something that a command takes.
struct CommandOption {
  std::vector<std::string> names;  ///< `--lock-timeout`, `-q`; empty for a word without a dash.
  std::string label;               ///< How help calls the word without a dash: `revision`.
  std::string value;               ///< What follows: `SECONDS`; empty for a flag.
  std::string help;
  std::string heading;
  bool is_required = false;
};

struct Command {
  std::string path;  ///< As it is called: `parley db upgrade`.
  std::string help;  ///< One line.
  std::string heading;
  std::string footer;  ///< Examples, or where to read on.
  std::vector<CommandOption> options;
  std::vector<Command> commands;

  std::string name() const { return path.substr(path.rfind(' ') + 1); }
};

/// What the parser knows. `parents` is how it is called, without its own name.
Command command_tree(const CLI::App& app, const std::string& parents = "");

/// The command with that path below `root`; null when there is none.
const Command* find_command(const Command& root, const std::string& path);

/// `[OPTIONS] [revision]`: what may follow the name.
std::string synopsis_of(const Command& command);

/// `-q, --quiet`, `--lock-timeout SECONDS`.
std::string spelling_of(const CommandOption& option);

/// The headings of the options or commands, each once, in the order in which they first come.
template <class Item>
std::vector<std::string> headings_of(const std::vector<Item>& items) {
  std::vector<std::string> headings;
  for (const Item& item : items) {
    bool is_known = false;
    for (const std::string& heading : headings) is_known = is_known || heading == item.heading;
    if (!is_known) headings.push_back(item.heading);
  }
  return headings;
}

/// What `--help` prints.
std::string help_text(const Command& command);

}  // namespace parley::cli
