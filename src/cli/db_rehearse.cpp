// parley db rehearse: tries an upgrade and its way back out on a copy of the database.

#include <algorithm>

#include "cli/applied.h"
#include "cli/execution.h"
#include "cli/output.h"
#include "migrate/rehearse.h"

namespace parley::cli {
namespace {

using std::chrono::microseconds;

struct RehearseWords : DbOptions {
  std::string expression = "head";
  ExecutionWords execution{.takes_backup = false};
};

migrate::RehearsalRequest request_of(const app::Target& target, const std::string& expression) {
  const bool is_all = target.is_whole_module && (expression == "head" || expression == "heads");
  if (is_all) return {.expression = "heads", .histories = histories_of(target)};
  return {.expression = expression, .histories = {target.history}};
}

double seconds(microseconds time) { return std::chrono::duration<double>(time).count(); }

std::string time_text(microseconds time) { return fmt::format("{:.3f} s", seconds(time)); }

/// What the database does when the command fails here is nothing: it was a copy.
ExitCode exit_code_of(const Error& error) {
  const ExitCode code = facts_of(error.code()).exit_code;
  return code == ExitCode::FailedPartly ? ExitCode::FailedUnchanged : code;
}

std::string stage_of(const migrate::RehearsalFailure& failure) {
  const bool is_up = failure.stage == migrate::RehearsalFailure::Stage::Upgrade;
  return is_up ? "upgrade" : "downgrade";
}

void print_revisions(const migrate::Rehearsal& rehearsal, Output& output) {
  std::size_t width = 0;
  for (const auto& revision : rehearsal.revisions) width = std::max(width, revision.id.size());
  for (const std::string& line : rehearsal.taken_over) output.line("  {}", line);
  for (const auto& revision : rehearsal.revisions) {
    output.line("  {:{}}  up {:>9}  down {:>9}  {}", revision.id, width, time_text(revision.up),
                revision.down ? time_text(*revision.down) : "-", revision.message);
    for (const std::string& loss : revision.losses) output.line("    ! {}", loss);
  }
}

void print_rows(const migrate::Rehearsal& rehearsal, Output& output) {
  for (const auto& rows : rehearsal.changed_rows) {
    const std::string after =
        rows.upgraded ? migrate::grouped(*rows.upgraded) : std::string("no table of that name");
    output.line("  {}: {} rows, after the upgrade {}{}", rows.table, migrate::grouped(rows.before),
                after, rows.is_restored ? "" : "; the way back does not bring all values back");
  }
  if (!rehearsal.no_way_back.empty()) output.line("  ! {}", rehearsal.no_way_back);
}

void print_verdict(const migrate::Rehearsal& rehearsal, Output& output) {
  if (const auto& failure = rehearsal.failure) {
    const std::string where = failure->revision.empty() ? "" : " of " + failure->revision;
    output.line("❌ The {}{} {}: {}", stage_of(*failure), where,
                output.painted(Color::Red, "fails"), failure->error.what());
    if (!failure->error.hint().empty()) output.line("{}", failure->error.hint());
    return;
  }
  microseconds up{0};
  for (const auto& revision : rehearsal.revisions) up += revision.up;
  const std::size_t count = rehearsal.revisions.size();
  output.line("✅ {}: {} {} in {}, verified{}", output.painted(Color::Green, "The upgrade works"),
              count, count == 1 ? "revision" : "revisions", time_text(up),
              rehearsal.no_way_back.empty() ? ", and so does the way back" : "; no way back");
}

void print(const migrate::Rehearsal& rehearsal, const std::string& prefix, Output& output) {
  if (rehearsal.is_empty()) return output.line("{}Nothing to rehearse.", prefix);
  output.line("{}Rehearsed on {}: {} tables, {} rows, made in {}", prefix, rehearsal.copy,
              rehearsal.tables, migrate::grouped(rehearsal.rows), time_text(rehearsal.copy_time));
  print_revisions(rehearsal, output);
  print_rows(rehearsal, output);
  print_verdict(rehearsal, output);
}

json::array revisions_json(const migrate::Rehearsal& rehearsal) {
  json::array revisions;
  for (const auto& revision : rehearsal.revisions) {
    revisions.push_back(JsonObject{{"revision", revision.id},
                                   {"message", revision.message},
                                   {"loses", to_json(revision.losses)},
                                   {"up_us", revision.up.count()},
                                   {"down_us", nullptr}});
    if (revision.down) revisions.back().as_object()["down_us"] = revision.down->count();
  }
  return revisions;
}

json::array rows_json(const migrate::Rehearsal& rehearsal) {
  json::array tables;
  for (const auto& rows : rehearsal.changed_rows) {
    tables.push_back(JsonObject{{"table", rows.table},
                                {"rows_before", rows.before},
                                {"rows_upgraded", nullptr},
                                {"is_restored", rows.is_restored}});
    if (rows.upgraded) tables.back().as_object()["rows_upgraded"] = *rows.upgraded;
  }
  return tables;
}

JsonObject to_json(const migrate::Rehearsal& rehearsal, const app::Target& target) {
  JsonObject document{{"module", target.definition.name},
                      {"works", !rehearsal.failure.has_value()},
                      {"copy", rehearsal.copy},
                      {"copy_us", rehearsal.copy_time.count()},
                      {"tables", rehearsal.tables},
                      {"rows", rehearsal.rows},
                      {"revisions", revisions_json(rehearsal)},
                      {"changed_rows", rows_json(rehearsal)},
                      {"no_way_back", rehearsal.no_way_back},
                      {"failure", nullptr}};
  if (const auto& failure = rehearsal.failure) {
    document["failure"] = JsonObject{{"stage", stage_of(*failure)},
                                     {"revision", failure->revision},
                                     {"message", failure->error.what()},
                                     {"hint", failure->error.hint()}};
  }
  return document;
}

ExitCode rehearse(const RehearseWords& words) {
  Output output(words);
  output.list("rehearsals");
  auto worst = ExitCode::Done;
  for (const app::Target& target : app::targets_of(words.where())) {
    const auto opened = target.open_existing();
    const auto rehearsal =
        migrate::rehearse(opened->deployment(), request_of(target, words.expression),
                          execute_options(words.execution, words, target));
    print(rehearsal, prefix_of(target), output);
    output.list("rehearsals").push_back(to_json(rehearsal, target));
    if (rehearsal.failure) worst = std::max(worst, exit_code_of(rehearsal.failure->error));
  }
  output.finish();
  return worst;
}

}  // namespace

void add_rehearse(VerbGroup& db) {
  auto [verb, words] = db.verb<RehearseWords>(
      "rehearse", "Try an upgrade and its way back out on a copy of the database", rehearse);
  verb.optional_argument("revision", words.expression,
                         "head, heads, an id or its beginning, +1, label@head");
  add_park(verb, words.execution);
  verb.example("parley db rehearse --url postgresql://localhost/shop --dir migrations");
}

}  // namespace parley::cli
