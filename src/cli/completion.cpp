#include "cli/completion.h"

#include <fmt/format.h>

#include <functional>
#include <vector>

#include "base/text.h"

namespace parley::cli {
namespace {

void for_each_command(const Command& command, const std::function<void(const Command&)>& visit) {
  visit(command);
  for (const Command& child : command.commands) for_each_command(child, visit);
}

/// In single quotes, as all three shells read them.
std::string in_quotes(std::string_view text) {
  std::string result = "'";
  for (const char each : text) result += each == '\'' ? std::string("'\\''") : std::string(1, each);
  return result + "'";
}

/// The paths that a word leads to, as patterns of a case.
std::string paths_below(const Command& root, const std::string& separator) {
  std::vector<std::string> paths;
  for_each_command(root, [&](const Command& command) {
    if (&command != &root) paths.push_back(in_quotes(command.path));
  });
  return join(paths, separator);
}

std::string bash(const Command& root) {
  std::string cases;
  for_each_command(root, [&](const Command& command) {
    std::vector<std::string> words;
    for (const Command& child : command.commands) words.push_back(child.name());
    for (const CommandOption& option : command.options) {
      words.insert(words.end(), option.names.begin(), option.names.end());
    }
    cases += fmt::format("    {}) words={} ;;\n", in_quotes(command.path), in_quotes(join(words, " ")));
  });
  return fmt::format(
      R"(# Completes the words of {0}. Put into ~/.bashrc: source <({0} completion bash)
_{0}() {{
  local at={0} words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at ${{COMP_WORDS[i]}}" in
      {1}) at+=" ${{COMP_WORDS[i]}}" ;;
    esac
  done
  case $at in
{2}  esac
  COMPREPLY=($(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}
complete -o default -F _{0} {0}
)",
      root.path, paths_below(root, " | "), cases);
}

/// `name:help`, as _describe reads it.
std::string described(const std::string& name, const std::string& help) {
  std::string safe;
  for (const char each : name) safe += each == ':' ? std::string("\\:") : std::string(1, each);
  return in_quotes(safe + ":" + help);
}

std::string zsh(const Command& root) {
  std::string cases;
  for_each_command(root, [&](const Command& command) {
    std::vector<std::string> items;
    for (const Command& child : command.commands) {
      items.push_back(described(child.name(), child.help));
    }
    for (const CommandOption& option : command.options) {
      for (const std::string& name : option.names) items.push_back(described(name, option.help));
    }
    cases += fmt::format("    {}) items=({}) ;;\n", in_quotes(command.path), join(items, " "));
  });
  return fmt::format(R"(#compdef {0}
# Completes the words of {0}. Put into a folder of $fpath: {0} completion zsh >_{0}
_{0}() {{
  local at={0} i
  local -a items
  for ((i = 2; i < CURRENT; i++)); do
    case "$at $words[i]" in
      {1}) at+=" $words[i]" ;;
    esac
  done
  case $at in
{2}  esac
  _describe word items || _files
}}
_{0} "$@"
)",
                     root.path, paths_below(root, " | "), cases);
}

std::string fish(const Command& root) {
  std::string lines;
  for_each_command(root, [&](const Command& command) {
    const std::string here =
        fmt::format("complete -c {} -n \"__{}_at {}\"", root.path, root.path, in_quotes(command.path));
    for (const Command& child : command.commands) {
      lines += fmt::format("{} -f -a {} -d {}\n", here, child.name(), in_quotes(child.help));
    }
    for (const CommandOption& option : command.options) {
      if (option.names.empty()) continue;
      lines += here;
      for (const std::string& name : option.names) {
        lines += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      lines += fmt::format("{} -d {}\n", option.value.empty() ? "" : " -r", in_quotes(option.help));
    }
  });
  return fmt::format(R"(# Completes the words of {0}. Put into ~/.config/fish/completions/{0}.fish
function __{0}_at
  set -l at {0}
  for word in (commandline -opc)[2..]
    switch "$at $word"
      case {1}
        set at "$at $word"
    end
  end
  test "$at" = "$argv[1]"
end
{2})",
                     root.path, paths_below(root, " "), lines);
}

}  // namespace

std::string completion_script(Shell shell, const Command& root) {
  switch (shell) {
    case Shell::Bash: return bash(root);
    case Shell::Zsh: return zsh(root);
    case Shell::Fish: return fish(root);
  }
  return "";
}

}  // namespace parley::cli
