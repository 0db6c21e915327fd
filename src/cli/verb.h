#pragma once

// How a command joins the command line. Each one lives in a file of its own with its options, its
// help and its function, and has one line in command_line.cpp that says under which heading it is
// listed. The library that reads the words stays in verb.cpp and command_line.cpp. One thread.

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/commands.h"

namespace CLI {
class App;
}

namespace parley::cli {

/// One command: what it takes, for the parser and for `--help`. What the words say is written to
/// the given places before the command runs; a place that is not mentioned keeps its value. A word
/// that begins with a dash and a digit, such as `-1`, is a value like any other.
class Verb {
 public:
  explicit Verb(CLI::App& app) : app_(&app) {}

  /// A word without a dash that must be there.
  Verb& argument(const std::string& name, std::string& into, const std::string& help);
  /// One that may be left out.
  Verb& optional_argument(const std::string& name, std::string& into, const std::string& help);
  /// Several, at least one.
  Verb& arguments(const std::string& name, std::vector<std::string>& into, const std::string& help);
  /// Several or none.
  Verb& optional_arguments(const std::string& name, std::vector<std::string>& into,
                           const std::string& help);

  /// `names` as in "-m,--message"; `value` is how the help calls what follows: "TEXT".
  Verb& option(const std::string& names, const std::string& value, std::string& into,
               const std::string& help);
  /// An option that may be given several times.
  Verb& option(const std::string& names, const std::string& value, std::vector<std::string>& into,
               const std::string& help);
  Verb& option(const std::string& names, const std::string& value, std::int64_t& into,
               const std::string& help);
  Verb& required_option(const std::string& names, const std::string& value, std::string& into,
                        const std::string& help);
  /// An option that stands for a setting of the configuration file.
  Verb& setting(const std::string& name, const std::string& value, const std::string& setting,
                app::Configuration::Flags& into, const std::string& help);

  /// Set to true when the flag is given; with "!--no-thing", to false.
  Verb& flag(const std::string& names, bool& into, const std::string& help);

  /// The heading under which the help lists the options that follow; "Options" at first.
  Verb& under(const std::string& heading);

  /// A command line that shows what the command is good for.
  Verb& example(const std::string& line);

 private:
  CLI::App* app_;
};

/// A command just added, and where its words go.
template <class Options>
struct Added {
  Verb verb;
  Options& options;
};

/// A list of commands: those of `parley`, those of `parley db`.
class VerbGroup {
 public:
  /// `chosen` gets the command that the words ask for; both must outlive the group.
  VerbGroup(CLI::App& app, std::function<ExitCode()>& chosen) : app_(&app), chosen_(&chosen) {}

  VerbGroup group(const std::string& name, const std::string& help);

  /// The heading under which the help lists the verbs that follow.
  void heading(std::string text) { heading_ = std::move(text); }

  /// Adds a command with what every one of its kind takes: `--data`, `--quiet`, …; `--json` when it
  /// prints an answer; `--module`, `--url` and `--dir` when it works on a database.
  template <std::derived_from<CommonOptions> Options>
  Added<Options> verb(const std::string& name, const std::string& help,
                      ExitCode (*run)(const Options&)) {
    const auto options = std::make_shared<Options>();
    const auto call = [options, run] { return run(*options); };
    if constexpr (std::derived_from<Options, AnswerOptions>) {
      Verb verb = add(name, help, *options, with_json(*options, call));
      if constexpr (std::derived_from<Options, DbOptions>) add_where(verb, *options);
      add_common(verb, *options);
      add_json(verb, *options);
      return {verb, *options};
    } else {
      Verb verb = add(name, help, *options, call);
      add_common(verb, *options);
      return {verb, *options};
    }
  }

 private:
  Verb add(const std::string& name, const std::string& help, CommonOptions& options,
           std::function<ExitCode()> run);
  static std::function<ExitCode()> with_json(const AnswerOptions& options,
                                             std::function<ExitCode()> run);
  static void add_common(Verb& verb, CommonOptions& options);
  static void add_where(Verb& verb, DbOptions& options);
  static void add_json(Verb& verb, AnswerOptions& options);

  CLI::App* app_;
  std::function<ExitCode()>* chosen_;
  std::string heading_ = "Commands";
};

}  // namespace parley::cli
