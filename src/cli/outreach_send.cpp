// parley outreach send and import.

#include <fmt/format.h>

#include "app/outreach_list.h"
#include "app/outreach_run.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/output.h"
#include "cli/row_progress.h"
#include "cli/verb.h"

namespace parley::cli {
namespace {

using app::OutreachRun;
using outreach::MessageTemplate;
using outreach::RecipientList;

/// Recipients that are queued in one transaction.
constexpr std::size_t kQueuedTogether = 500;

struct SendOptions : AnswerOptions {
  std::string file;
  std::string channel = "email";
  std::string template_file;
  std::string via;
  std::string user = "default_user";
  bool is_dry_run = false;
  bool is_queue_only = false;
};

void tell_list(Output& output, const RecipientList& list) {
  for (const outreach::BrokenLine& broken : list.broken) {
    output.line("line {}: {}", broken.line, broken.why);
    output.list("broken").push_back(JsonObject{{"line", broken.line}, {"why", broken.why}});
  }
  output.list("broken");
  output.document()["recipients"] = list.recipients.size();
  output.line("{} recipients, {} lines that cannot be used", list.recipients.size(),
              list.broken.size());
}

void tell_preview(Output& output, const MessageTemplate& message, const RecipientList& list) {
  if (list.recipients.empty()) return;
  const outreach::RenderedMessage first =
      outreach::render(message, list.recipients.front().recipient);
  output.line("The first of them would get:\n\n{}\n{}", first.subject.value_or(""),
              first.content.value_or(first.whatsapp_content.value_or("")));
  output.document()["preview"] =
      JsonObject{{"subject", first.subject.value_or("")},
                 {"content", first.content.value_or(first.whatsapp_content.value_or(""))}};
}

void add_all(OutreachRun& run, const RecipientList& list, OutreachRun::Purpose purpose,
             const CommonOptions& options) {
  RowProgress progress(purpose == OutreachRun::Purpose::Send ? "queued" : "logged",
                       std::ssize(list.recipients), options);
  for (std::size_t first = 0; first < list.recipients.size(); first += kQueuedTogether) {
    const std::size_t end = std::min(first + kQueuedTogether, list.recipients.size());
    std::vector<outreach::TemplateRecipient> part;
    for (std::size_t i = first; i < end; ++i) part.push_back(list.recipients[i].recipient);
    run.add(part, purpose);
    progress.show(static_cast<std::int64_t>(end));
  }
}

void send_all(OutreachRun& run, std::int64_t count, const CommonOptions& options) {
  RowProgress progress("sent", count, options);
  while (run.send_some()) {
    const OutreachRun::Figures figures = run.figures();
    progress.show(figures.sent + figures.failed + figures.unknown);
  }
}

ExitCode tell_outcome(Output& output, OutreachRun& run) {
  const OutreachRun::Figures figures = run.figures();
  output.line("Session {}: {} sent, {} failed, {} waiting", run.session_id(), figures.sent,
              figures.failed, figures.waiting);
  if (figures.waiting > 0)
    output.line("Those that wait are sent by the server: parley serve.");
  if (figures.unknown > 0) {
    output.line("Of {} nobody knows whether they went out; see docs/guide/sending.md.",
                figures.unknown);
  }
  output.document()["session_id"] = run.session_id();
  output.document()["sent"] = figures.sent;
  output.document()["failed"] = figures.failed;
  output.document()["waiting"] = figures.waiting;
  output.document()["unknown"] = figures.unknown;
  return figures.failed + figures.unknown == 0 ? ExitCode::Done : ExitCode::Differences;
}

OutreachRun::Wanted wanted_by(const SendOptions& options, outreach::Channel channel,
                              const MessageTemplate& message) {
  return {.user_id = options.user,
          .channel = channel,
          .via = options.via.empty() ? std::nullopt : std::optional(options.via),
          .message = message};
}

/// Reads the list, tells of it, and, unless that is all, logs or queues its messages; `finish` says
/// what became of them.
template <class Finish>
ExitCode run_list(const SendOptions& options, OutreachRun::Purpose purpose, const Finish& finish) {
  const outreach::Channel channel = app::channel_named(options.channel);
  const MessageTemplate message = app::read_template_file(options.template_file);
  const RecipientList list = app::read_list_file(options.file, channel);
  const ExitCode of_list = list.broken.empty() ? ExitCode::Done : ExitCode::Differences;
  Output output(options);
  tell_list(output, list);
  if (options.is_dry_run) tell_preview(output, message, list);
  if (options.is_dry_run || list.recipients.empty()) {
    output.finish();
    return of_list;
  }
  const SystemClock clock;
  OutreachRun run(options.configuration(), clock, wanted_by(options, channel, message));
  add_all(run, list, purpose, options);
  const ExitCode outcome = finish(output, run, list);
  output.finish();
  return outcome == ExitCode::Done ? of_list : outcome;
}

ExitCode send_list(const SendOptions& options) {
  return run_list(options, OutreachRun::Purpose::Send,
                  [&](Output& output, OutreachRun& run, const RecipientList& list) {
                    if (!options.is_queue_only) send_all(run, std::ssize(list.recipients), options);
                    run.end_session();
                    return tell_outcome(output, run);
                  });
}

ExitCode import_list(const SendOptions& options) {
  return run_list(options, OutreachRun::Purpose::OnlyLog,
                  [](Output& output, OutreachRun& run, const RecipientList& list) {
                    output.line("Session {}: {} messages are pending", run.session_id(),
                                list.recipients.size());
                    output.document()["session_id"] = run.session_id();
                    return ExitCode::Done;
                  });
}

void add_list_options(Verb& verb, SendOptions& options) {
  verb.argument("FILE", options.file, "A CSV file: name,email,phone,company and further fields");
  verb.required_option("--template", "FILE", options.template_file,
                       "What to write: JSON, or text or HTML after a line `Subject: …`");
  verb.option("--channel", "CHANNEL", options.channel, "email or whatsapp");
  verb.option("--user", "USER", options.user, "Whose messages (default default_user)");
  verb.flag("--dry-run", options.is_dry_run, "Read the list and show the first message, no more");
}

}  // namespace

void add_outreach_send(VerbGroup& group) {
  auto [verb, options] = group.verb<SendOptions>(
      "send", "Write to everybody on a list; lines that cannot be used are named", send_list);
  add_list_options(verb, options);
  verb.option("--via", "NAME", options.via, "The configured channel that sends");
  verb.flag("--queue-only", options.is_queue_only, "Leave the sending to the server");
  verb.example("parley outreach send customers.csv --template welcome.html --dry-run");
}

void add_outreach_import(VerbGroup& group) {
  auto [verb, options] = group.verb<SendOptions>(
      "import", "Log a pending message for everybody on a list; send it later", import_list);
  add_list_options(verb, options);
  verb.example("parley outreach import customers.csv --channel email --template welcome.html");
}

}  // namespace parley::cli
