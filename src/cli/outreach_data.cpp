// parley outreach report, export, retention and health.

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iostream>

#include "app/outreach_data.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/row_progress.h"
#include "cli/verb.h"

namespace parley::cli {
namespace {

using app::OutreachData;

constexpr std::int64_t kDaysMax = 36'500;

struct OutreachOptions : AnswerOptions {
  std::string user = "default_user";
  std::int64_t days = 30;
};

struct ReportOptions : OutreachOptions {
  std::string html;
};

struct ExportOptions : OutreachOptions {
  std::string format = "json";
  std::string out;
  bool is_safe = false;
};

struct RetentionOptions : OutreachOptions {
  bool is_dry_run = false;
};

void require_days(std::int64_t days) {
  if (days >= 1 && days <= kDaysMax) return;
  throw Error(ErrorCode::InvalidArgument, fmt::format("--days {}: this is no number of days", days),
              fmt::format("Give a number from 1 to {}.", kDaysMax));
}

[[noreturn]] void fail_to_write(const std::string& file) {
  throw Error(ErrorCode::FileSystem, "Cannot write " + file, "Check the path and the disk.");
}

void write_file(const std::string& file, const std::string& content) {
  std::ofstream stream(file, std::ios::binary);
  stream << content;
  stream.close();
  if (!stream) fail_to_write(file);
}

ExitCode report(const ReportOptions& options) {
  require_days(options.days);
  const SystemClock clock;
  OutreachData data(options.configuration(), clock);
  const outreach::Report found = data.report(options.user, options.days);
  Output output(options);
  if (options.html.empty()) {
    output.text(outreach::report_table(found));
  } else {
    write_file(options.html, outreach::report_page(found));
    output.line("Wrote {}", options.html);
  }
  output.document() = parse_json(outreach::report_text(found)).as_object();
  output.finish();
  return ExitCode::Done;
}

/// Where an export goes: a file, or standard output.
class Sink {
 public:
  explicit Sink(const std::string& file)
      : name_(file.empty() ? "standard output" : file),
        file_(file.empty() ? stdout : std::fopen(file.c_str(), "wb")) {
    if (file_ == nullptr) fail_to_write(name_);
  }
  ~Sink() {
    if (file_ != stdout && file_ != nullptr) std::fclose(file_);
  }
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  void write(const std::string& piece) {
    if (std::fwrite(piece.data(), 1, piece.size(), file_) != piece.size()) fail_to_write(name_);
  }
  void finish() {
    if (std::fflush(file_) != 0) fail_to_write(name_);
  }

 private:
  const std::string name_;
  std::FILE* file_;
};

outreach::ExportRequest request_of(const ExportOptions& options) {
  const auto format = outreach::parse_export_format(options.format);
  if (!format) {
    throw Error(ErrorCode::InvalidArgument, "Unsupported export format: " + options.format,
                "The formats are csv, json and ndjson.");
  }
  return {.format = *format,
          .days = options.days,
          .cells = options.is_safe ? outreach::CsvCells::Safe : outreach::CsvCells::AsTheyAre};
}

ExitCode export_rows(const ExportOptions& options) {
  require_days(options.days);
  const outreach::ExportRequest request = request_of(options);
  const SystemClock clock;
  OutreachData data(options.configuration(), clock);
  Sink sink(options.out);
  std::int64_t rows = 0;
  {
    RowProgress progress("export", data.messages_in(request, options.user), options);
    data.export_to(request, options.user, [&](const std::string& piece, std::int64_t so_far) {
      sink.write(piece);
      rows = so_far;
      progress.show(rows);
    });
    sink.finish();
  }
  if (!options.is_quiet) fmt::print(stderr, "{} rows\n", rows);
  return ExitCode::Done;
}

ExitCode retention(const RetentionOptions& options) {
  require_days(options.days);
  const SystemClock clock;
  OutreachData data(options.configuration(), clock);
  const auto deletion =
      options.is_dry_run ? outreach::Deletion::DryRun : outreach::Deletion::ForReal;
  const outreach::Deleted deleted = data.delete_old(options.user, options.days, deletion);
  Output output(options);
  output.line("{} {} messages, {} sessions, {} reports, {} deliveries older than {} days",
              options.is_dry_run ? "Would delete" : "Deleted", deleted.messages, deleted.sessions,
              deleted.reports, deleted.deliveries, options.days);
  output.document() = {{"deleted",
                        {{"messages", deleted.messages},
                         {"sessions", deleted.sessions},
                         {"reports", deleted.reports},
                         {"deliveries", deleted.deliveries}}},
                       {"total", deleted.total()},
                       {"dry_run", options.is_dry_run}};
  output.finish();
  return ExitCode::Done;
}

ExitCode health(const OutreachOptions& options) {
  const SystemClock clock;
  OutreachData data(options.configuration(), clock);
  const OutreachData::Health found = data.health();
  Output output(options);
  if (!found.file.empty()) output.line("{}", found.file);
  JsonObject tables;
  for (const auto& [table, rows] : found.tables) {
    output.line("  {:<18} {:>10} rows", table, rows);
    tables[table] = rows;
  }
  for (const std::string& issue : found.schema.issues) output.line("{}", issue);
  output.line("{}", found.schema.issues.empty() ? "✓ Nothing is wrong" : "Run: parley db repair");
  output.document() = {{"database_path", found.file},
                       {"tables", std::move(tables)},
                       {"indexes", to_json(found.schema.indexes)},
                       {"errors", to_json(found.schema.issues)}};
  output.finish();
  return found.schema.issues.empty() ? ExitCode::Done : ExitCode::Differences;
}

void add_words(Verb& verb, OutreachOptions& options) {
  verb.option("--user", "USER", options.user, "Whose messages (default default_user)");
}

}  // namespace

void add_outreach_report(VerbGroup& group) {
  auto [verb, options] =
      group.verb<ReportOptions>("report", "What came of the messages of the last days", report);
  add_words(verb, options);
  verb.option("--days", "N", options.days, "How far back (default 30)");
  verb.option("--html", "FILE", options.html, "Write a page with charts instead");
  verb.example("parley outreach report --days 7 --html report.html");
}

void add_outreach_export(VerbGroup& group) {
  auto [verb, options] = group.verb<ExportOptions>(
      "export", "Write the messages and sessions of the last days", export_rows);
  add_words(verb, options);
  verb.option("--days", "N", options.days, "How far back (default 30)");
  verb.option("--format", "FORMAT", options.format, "csv, json or ndjson (default json)");
  verb.option("--out", "FILE", options.out, "Into this file instead of standard output");
  verb.flag("--csv-safe", options.is_safe, "Make cells texts that a spreadsheet would compute");
  verb.example("parley outreach export --format csv --out messages.csv");
}

void add_outreach_retention(VerbGroup& group) {
  auto [verb, options] = group.verb<RetentionOptions>(
      "retention", "Delete what is older than so many days", retention);
  add_words(verb, options);
  options.days = 90;
  verb.option("--days", "N", options.days, "How much is kept (default 90)");
  verb.flag("--dry-run", options.is_dry_run, "Only count");
  verb.example("parley outreach retention --days 365 --dry-run");
}

void add_outreach_health(VerbGroup& group) {
  auto [verb, options] =
      group.verb<OutreachOptions>("health", "Tables, rows, and what is wrong", health);
  add_words(verb, options);
  verb.example("parley outreach health");
}

}  // namespace parley::cli
