#pragma once

// Runs the built `parley` program as a person would: command in, exit code and both outputs back;
// or a server that stays until it is stopped; or a script for Node.js to talk to. One thread.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace parley::test {

using Environment = std::map<std::string, std::string>;

struct Outcome {
  int exit_code = -1;  ///< 128 + signal when a signal ended it.
  std::string out;
  std::string err;
};

/// Runs `parley` with these arguments, in `directory`, and waits. The environment is the caller's
/// plus `environment`.
Outcome run_parley(const std::vector<std::string>& arguments, const std::string& directory = ".",
                   const Environment& environment = {}, const std::string& input = "");

/// The same with a terminal of its own as standard input, output and error, at which `typed` was
/// typed beforehand. All that the terminal shows is in `out`.
Outcome run_parley_at_terminal(const std::vector<std::string>& arguments,
                               const std::string& directory, const std::string& typed);

/// A `parley serve` on a free loopback port. Killed with the object unless it was stopped before.
class RunningServer {
 public:
  /// Starts it and waits for the line that tells the address. Throws std::runtime_error with what
  /// it said when it ends before.
  RunningServer(std::vector<std::string> arguments, const std::string& directory,
                const Environment& environment = {});
  ~RunningServer();
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  std::uint16_t port() const { return port_; }

  /// Sends SIGHUP.
  void hang_up() const;
  /// Sends SIGTERM and waits; the exit code.
  int stop();
  /// Sends SIGKILL and waits.
  void kill();

 private:
  int wait();

  pid_t pid_ = -1;
  int out_ = -1;
  std::uint16_t port_ = 0;
};

/// A script of tests/npm that runs beside the test, with the packages of tests/npm/package.json at
/// hand: line in, line out. Killed with the object.
class NodeScript {
 public:
  /// `script`: its name in tests/npm. Its standard error is the test's.
  explicit NodeScript(const std::string& script, const std::vector<std::string>& arguments = {},
                      const Environment& environment = {});
  ~NodeScript();
  NodeScript(const NodeScript&) = delete;
  NodeScript& operator=(const NodeScript&) = delete;

  /// Writes a line to its standard input. Requires: `line` has no line break.
  void say(const std::string& line);

  /// The next line of its standard output, without the line break. Throws std::runtime_error when
  /// it ends or says nothing for so long.
  std::string hear(std::chrono::milliseconds patience = std::chrono::seconds(20));

  /// Sends SIGKILL and waits.
  void kill();

 private:
  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  std::string heard_;  ///< What came after the last line that was handed out.
};

}  // namespace parley::test
