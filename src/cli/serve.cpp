// parley serve: starts the server, says where, waits for the signal to stop.

#include <fmt/format.h>

#include <csignal>
#include <cstdio>

#include "app/demo.h"
#include "app/service.h"
#include "app/target.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/commands.h"

namespace parley::cli {
namespace {

/// Must come before any thread is started: threads inherit the mask, so that only `wait` gets the
/// signals.
sigset_t block_stop_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
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

}  // namespace

ExitCode serve(const ServeOptions& options) {
  const sigset_t signals = block_stop_signals();
  ServeOptions chosen = options;
  if (options.is_dev) app::open_for_demo(chosen.flags);
  const app::Configuration configuration = chosen.configuration();
  log::set_plain(false);
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

  int signal = 0;
  sigwait(&signals, &signal);
  log::info("Stopping");
  service.stop();
  return ExitCode::Done;
}

}  // namespace parley::cli
