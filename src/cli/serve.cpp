// parley serve: starts the server, says where, waits for the signal to stop. SIGHUP has it read the
// certificate anew.

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "app/demo.h"
#include "app/service.h"
#include "app/target.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/verb.h"

namespace parley::cli {
namespace {

struct ServeOptions : CommonOptions {
  bool is_dev = false;
  bool may_migrate = true;
};

/// Must come before any thread is started: threads inherit the mask, so that only `wait` gets the
/// signals.
sigset_t block_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

log::Level level_named(const std::string& name) {
  if (name == "debug") return log::Level::Debug;
  if (name == "info") return log::Level::Info;
  if (name == "warning") return log::Level::Warning;
  if (name == "error") return log::Level::Error;
  throw Error(ErrorCode::InvalidConfiguration, fmt::format("log.level is '{}'", name),
              "It is debug, info, warning or error.");
}

log::Format format_named(const std::string& name) {
  if (name == "text") return log::Format::Text;
  if (name == "json") return log::Format::Json;
  throw Error(ErrorCode::InvalidConfiguration, fmt::format("log.format is '{}'", name),
              "It is text or json.");
}

/// What cannot be used now is no reason to end: the server goes on as it is.
void renew_certificate(app::Service& service) {
  try {
    if (service.renew_certificate()) log::info("The certificate was read again");
  } catch (const Error& error) {
    log::error("The certificate stays as it was: {} {}", error.what(), error.hint());
  }
}

/// True when SIGHUP came because the terminal was closed at which the server was started.
bool has_terminal_gone(bool had_terminal) {
  termios settings{};
  return had_terminal && ::tcgetattr(STDIN_FILENO, &settings) != 0;
}

/// Returns when the server is to stop.
void wait_for_stop(const sigset_t& signals, app::Service& service) {
  const bool had_terminal = ::isatty(STDIN_FILENO) == 1;
  for (int signal = 0; signal != SIGTERM && signal != SIGINT;) {
    sigwait(&signals, &signal);
    if (signal != SIGHUP) continue;
    if (has_terminal_gone(had_terminal)) return;
    renew_certificate(service);
  }
}

ExitCode serve(const ServeOptions& options) {
  const sigset_t signals = block_signals();
  ServeOptions chosen = options;
  if (options.is_dev) app::open_for_demo(chosen.flags);
  const app::Configuration configuration = chosen.configuration();
  log::set_format(format_named(configuration.text("log.format")));
  if (!options.is_verbose && !options.is_quiet)
    log::set_level(level_named(configuration.text("log.level")));

  const SystemClock clock;
  app::Service service(
      configuration, clock,
      {.may_migrate = options.may_migrate, .tool_version = std::string(app::tool_version())});
  service.start();
  fmt::print("Parley serves on {}\n", service.address());
  if (options.is_dev) fmt::print("{}", app::prepare_demo(configuration, service.address()));
  std::fflush(stdout);

  wait_for_stop(signals, service);
  log::info("Stopping");
  service.stop();
  return ExitCode::Done;
}

}  // namespace

void add_serve(VerbGroup& group) {
  auto [verb, options] = group.verb<ServeOptions>("serve", "Serve all modules over HTTP", serve);
  verb.setting("--listen", "ADDRESS:PORT", "listen", options.flags,
               "Address and port (default 127.0.0.1:8000; port 0 picks a free one)");
  verb.flag("--dev", options.is_dev, "Try it out: loopback only, a demo agent, curl lines");
  verb.flag("!--no-migrate", options.may_migrate, "Only check the schema; never change it");
  verb.example("parley serve --dev");
}

}  // namespace parley::cli
