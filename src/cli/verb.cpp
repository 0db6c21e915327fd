#include "cli/verb.h"

#include <CLI/CLI.hpp>

#include "base/log.h"
#include "cli/dashes.h"
#include "cli/output.h"

namespace parley::cli {
namespace {

CLI::Option* add_text(CLI::App& app, const std::string& names, std::string& into,
                      const std::string& help) {
  return app.add_option_function<std::string>(
      names, [&into](const std::string& word) { into = with_dash(word); }, help);
}

CLI::Option* add_texts(CLI::App& app, const std::string& names, std::vector<std::string>& into,
                       const std::string& help) {
  return app.add_option_function<std::vector<std::string>>(
      names,
      [&into](const std::vector<std::string>& words) {
        for (const std::string& word : words) into.push_back(with_dash(word));
      },
      help);
}

}  // namespace

Verb& Verb::argument(const std::string& name, std::string& into, const std::string& help) {
  add_text(*app_, name, into, help)->required()->option_text(" ");
  return *this;
}

Verb& Verb::optional_argument(const std::string& name, std::string& into, const std::string& help) {
  const std::string usual = into.empty() ? " " : fmt::format("(default {})", into);
  add_text(*app_, name, into, help)->option_text(usual);
  return *this;
}

Verb& Verb::arguments(const std::string& name, std::vector<std::string>& into,
                      const std::string& help) {
  add_texts(*app_, name, into, help)->required()->option_text("...");
  return *this;
}

Verb& Verb::optional_arguments(const std::string& name, std::vector<std::string>& into,
                               const std::string& help) {
  add_texts(*app_, name, into, help)->option_text("...");
  return *this;
}

Verb& Verb::option(const std::string& names, const std::string& value, std::string& into,
                   const std::string& help) {
  add_text(*app_, names, into, help)->option_text(value);
  return *this;
}

Verb& Verb::option(const std::string& names, const std::string& value,
                   std::vector<std::string>& into, const std::string& help) {
  add_texts(*app_, names, into, help)->option_text(value)->allow_extra_args(false);
  return *this;
}

Verb& Verb::option(const std::string& names, const std::string& value, std::int64_t& into,
                   const std::string& help) {
  app_->add_option(names, into, help)->option_text(value);
  return *this;
}

Verb& Verb::required_option(const std::string& names, const std::string& value, std::string& into,
                            const std::string& help) {
  add_text(*app_, names, into, help)->option_text(value + " (required)")->required();
  return *this;
}

Verb& Verb::setting(const std::string& name, const std::string& value, const std::string& setting,
                    app::Configuration::Flags& into, const std::string& help) {
  app_->add_option_function<std::string>(
          name,
          [&into, setting](const std::string& word) { into.settings[setting] = with_dash(word); },
          help)
      ->option_text(value);
  return *this;
}

Verb& Verb::flag(const std::string& names, bool& into, const std::string& help) {
  app_->add_flag(names, into, help);
  return *this;
}

Verb& Verb::under(const std::string& heading) {
  app_->option_defaults()->group(heading);
  return *this;
}

Verb& Verb::example(const std::string& line) {
  const std::string before = app_->get_footer();
  app_->footer(before.empty() ? "Example:\n  " + line : before + "\n  " + line);
  return *this;
}

VerbGroup VerbGroup::group(const std::string& name, const std::string& help) {
  CLI::App* app = app_->add_subcommand(name, help)->group(heading_);
  app->require_subcommand(1);
  app->footer(fmt::format("parley {} COMMAND --help tells more about one of them.", name));
  return {*app, *chosen_};
}

Verb VerbGroup::add(const std::string& name, const std::string& help, CommonOptions& options,
                    std::function<ExitCode()> run) {
  // Without a footer of its own it would have that of the group.
  CLI::App* app = app_->add_subcommand(name, help)->group(heading_)->footer("");
  app->callback([chosen = chosen_, &options, run = std::move(run)] {
    *chosen = [&options, run] {
      if (options.is_quiet) log::set_level(log::Level::Warning);
      if (options.is_verbose) log::set_level(log::Level::Debug);
      return run();
    };
  });
  return Verb(*app);
}

void VerbGroup::add_common(Verb& verb, CommonOptions& options) {
  verb.under("Configuration");
  verb.setting("--data", "FOLDER", "data", options.flags, "Data directory (default ./parley-data)");
  verb.setting("--database", "URL", "database.url", options.flags,
               "Database server for all modules: postgresql://…, mysql://…");
  verb.option("--config", "FILE", options.flags.config_file,
              "Configuration file (default parley.toml in the data directory)");
  verb.under("Output");
  verb.flag("-q,--quiet", options.is_quiet, "Say only what goes wrong");
  verb.flag("-v,--verbose", options.is_verbose, "Say more");
  verb.flag("--no-color", options.has_no_color, "Never colour the output (also NO_COLOR)");
  verb.under("Options");
}

/// A failed command answers a program, too.
std::function<ExitCode()> VerbGroup::with_json(const AnswerOptions& options,
                                               std::function<ExitCode()> run) {
  return [&options, run = std::move(run)] {
    if (!options.is_json) return run();
    try {
      return run();
    } catch (const Error& error) {
      print_json_error(error);
      throw;
    } catch (const std::exception& error) {
      print_json_error(Error(ErrorCode::Internal, error.what()));
      throw;
    }
  };
}

void VerbGroup::add_where(Verb& verb, DbOptions& options) {
  verb.under("Which database");
  verb.option("--module", "NAME", options.module,
              "A module's history: live_agent, live_agent.support");
  verb.option("--url", "URL", options.url,
              "A database of your own (also PARLEY_DATABASE, DATABASE_URL)");
  verb.option("--dir", "FOLDER", options.directory,
              "The folder of its revision files (default ./migrations)");
  verb.under("Options");
}

void VerbGroup::add_json(Verb& verb, AnswerOptions& options) {
  verb.under("Output");
  verb.flag("--json", options.is_json, "Answer with one JSON document");
  verb.under("Options");
}

}  // namespace parley::cli
