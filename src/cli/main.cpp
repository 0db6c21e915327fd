// The program: runs the command and turns what it throws into words and an exit code.

#include <fmt/format.h>

#include <cstdio>

#include "base/error.h"
#include "base/log.h"
#include "cli/command_line.h"

int main(int count, char** words) {
  parley::log::set_format(parley::log::Format::Plain);
  try {
    return static_cast<int>(parley::cli::run(count, words));
  } catch (const parley::Error& error) {
    std::fflush(stdout);
    fmt::print(stderr, "error: {}\n", error.what());
    if (!error.hint().empty()) fmt::print(stderr, "{}\n", error.hint());
    return static_cast<int>(parley::facts_of(error.code()).exit_code);
  } catch (const std::exception& error) {
    std::fflush(stdout);
    fmt::print(stderr, "error: {}\n", error.what());
    return static_cast<int>(parley::ExitCode::FailedUnchanged);
  }
}
