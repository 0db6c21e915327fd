// parley db lint: what a careful reviewer would say of the revisions. Needs no database.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/error.h"
#include "base/text.h"
#include "cli/applied.h"
#include "cli/output.h"
#include "cli/verb.h"
#include "migrate/ground.h"
#include "migrate/lint.h"

namespace parley::cli {
namespace {

struct LintOptions : DbOptions {
  std::string range;
  std::vector<std::string> ignored;
  std::string explained;
};

using Dialects = std::vector<const dialect::Dialect*>;

/// The engines that the revisions are read for: the one named or configured, else all of them.
Dialects dialects_for(const LintOptions& options, const app::Target& target) {
  if (!options.dialect.empty() || !options.url.empty()) {
    return {&app::offline_dialect(options.where(), target)};
  }
  return {&dialect::sqlite(), &dialect::postgresql(), &dialect::mysql(), &dialect::mariadb()};
}

std::vector<std::string> require_rules(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (migrate::find_lint_rule(name) != nullptr) continue;
    std::vector<std::string> known;
    for (const migrate::LintRule& rule : migrate::lint_rules()) {
      known.emplace_back(rule.id);
      known.emplace_back(rule.name);
    }
    const std::string near = nearest(name, known);
    throw Error(
        ErrorCode::InvalidArgument, "there is no lint rule '" + name + "'",
        near.empty() ? "docs/guide/lint.md lists the rules." : "Did you mean " + near + "?");
  }
  return names;
}

/// The rules that the file itself allows, by its comments; none for a revision inside the program.
std::vector<std::string> allowed_in(const std::string& file) {
  std::ifstream stream(file);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  return migrate::allowed_rules(text);
}

bool names_rule(const std::vector<std::string>& names, const migrate::LintRule& rule) {
  return std::ranges::any_of(
      names, [&](const std::string& name) { return name == rule.id || name == rule.name; });
}

/// The revisions that `start:end`, a revision or nothing means, in order.
std::vector<const migrate::Revision*> chosen(const app::Target& target, const std::string& range) {
  const migrate::History& graph = target.definition.graph;
  const auto under = [&](const std::string& expression) {
    return graph.ancestors(graph.resolve(expression, {}, target.history), migrate::Ties::All);
  };
  migrate::Applied without;
  migrate::Applied until;
  if (!range.empty() && !is_range(range)) {
    for (const std::string& id : graph.resolve(range, {}, target.history)) until.insert(id);
  } else {
    const RangeWords words = range_words(range.empty() ? ":" : range);
    if (!words.start.empty()) without = under(words.start);
    until = under(words.end.empty() ? "heads" : words.end);
  }
  std::vector<const migrate::Revision*> revisions;
  for (const migrate::Revision& revision : graph.revisions()) {
    const bool is_of_history =
        target.history.empty() || target.is_whole_module || revision.history == target.history;
    if (is_of_history && until.contains(revision.id) && !without.contains(revision.id)) {
      revisions.push_back(&revision);
    }
  }
  return revisions;
}

std::string indented(std::string_view text, std::string_view indent) {
  std::string result;
  for (const std::string& line : split(std::string(trim(text)), '\n')) {
    result += std::string(indent) + line + "\n";
  }
  return result;
}

/// The changes as the `upgrade` list of a revision file shows them.
std::string changes_text(const std::vector<schema::Change>& changes) {
  const std::string yaml = to_yaml(migrate::Revision{.id = "x", .upgrade = changes});
  const std::size_t begin = yaml.find("upgrade:");
  return yaml.substr(yaml.find('\n', begin) + 1);
}

void print(const migrate::Finding& finding, Output& output) {
  const auto color =
      finding.rule->severity == migrate::Severity::Advice ? Color::Yellow : Color::Red;
  const std::string on = finding.dialects.empty() ? "" : " (" + join(finding.dialects, ", ") + ")";
  output.line("{} {} {}: {}{}", output.painted(color, finding.rule->id),
              migrate::name_of(finding.rule->severity), finding.file, finding.subject, on);
  output.line("    {} {}", finding.rule->problem, finding.detail);
  output.line("    {}", finding.rule->advice);
  for (std::size_t part = 0; part < finding.rewrite.size(); ++part) {
    const std::string when = part == 0 ? "Instead:" : "And in a later release:";
    output.line("    {}", when);
    output.text(indented(changes_text(finding.rewrite[part]), "      "));
  }
}

JsonObject to_json(const migrate::Finding& finding) {
  JsonObject object = {{"rule", finding.rule->id},
                       {"name", finding.rule->name},
                       {"severity", migrate::name_of(finding.rule->severity)},
                       {"revision", finding.revision},
                       {"file", finding.file},
                       {"position", finding.position},
                       {"subject", finding.subject},
                       {"problem", finding.rule->problem},
                       {"detail", finding.detail},
                       {"advice", finding.rule->advice},
                       {"dialects", cli::to_json(finding.dialects)}};
  json::array rewrite;
  for (const auto& part : finding.rewrite) rewrite.emplace_back(changes_text(part));
  object["rewrite"] = std::move(rewrite);
  return object;
}

ExitCode explain(const LintOptions& options) {
  const auto& rule = *migrate::find_lint_rule(require_rules({options.explained}).front());
  Output output(options);
  output.line("{} {} ({})", rule.id, rule.name, migrate::name_of(rule.severity));
  output.line("{}\n{}", rule.problem, rule.advice);
  output.document() = {{"rule", rule.id},
                       {"name", rule.name},
                       {"severity", migrate::name_of(rule.severity)},
                       {"problem", rule.problem},
                       {"advice", rule.advice}};
  output.finish();
  return ExitCode::Done;
}

ExitCode lint(const LintOptions& options) {
  if (!options.explained.empty()) return explain(options);
  const auto ignored = require_rules(options.ignored);
  Output output(options);
  std::size_t revisions = 0;
  std::size_t problems = 0;
  output.list("findings");
  for (const app::Target& target : app::targets_of(options.where())) {
    const Dialects dialects = dialects_for(options, target);
    const migrate::History& graph = target.definition.graph;
    migrate::Ground ground(graph);
    for (const migrate::Revision* revision : chosen(target, options.range)) {
      ++revisions;
      const auto allowed = allowed_in(revision->file);
      const schema::Schema& before = ground.below(*revision);
      for (const migrate::Finding& finding : migrate::lint(*revision, before, dialects)) {
        if (names_rule(ignored, *finding.rule) || names_rule(allowed, *finding.rule)) continue;
        print(finding, output);
        output.list("findings").push_back(to_json(finding));
        if (finding.rule->severity != migrate::Severity::Advice) ++problems;
      }
    }
  }
  output.line("{} {} read, {} {} to look at.", revisions, revisions == 1 ? "revision" : "revisions",
              problems, problems == 1 ? "problem" : "problems");
  output.document()["revisions"] = revisions;
  output.document()["problems"] = problems;
  output.finish();
  return problems == 0 ? ExitCode::Done : ExitCode::Differences;
}

}  // namespace

void add_lint(VerbGroup& db) {
  auto [verb, options] =
      db.verb<LintOptions>("lint", "Read revisions as a careful reviewer does", lint);
  verb.optional_argument("range", options.range, "A revision, or start:end (default: all)")
      .option("--dialect", "NAME", options.dialect, "For one engine (default: all)")
      .option("--ignore", "RULE", options.ignored, "Leave out findings of this rule")
      .option("--explain", "RULE", options.explained, "Say what a rule is about")
      .example("parley db lint --dir migrations head");
}

}  // namespace parley::cli
