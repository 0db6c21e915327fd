#include "support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

namespace parley::test {
namespace {

struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  }
  std::array<int, 2> ends{};
};

/// In the child: becomes the program, which is looked for on the PATH when its name has no slash,
/// or ends.
[[noreturn]] void become(const std::string& program, const std::vector<std::string>& arguments,
                         const std::string& directory, const Environment& environment, int in,
                         int out, int err) {
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> words = {const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  if (::chdir(directory.c_str()) == 0) ::execvp(program.c_str(), words.data());
  ::_exit(127);
}

[[noreturn]] void become_parley(const std::vector<std::string>& arguments,
                                const std::string& directory, const Environment& environment,
                                int in, int out, int err) {
  become(PARLEY_PROGRAM, arguments, directory, environment, in, out, err);
}

/// Reads both to their ends, whichever has something.
void drain(int out, int err, Outcome& outcome) {
  std::array<pollfd, 2> sources = {pollfd{out, POLLIN, 0}, pollfd{err, POLLIN, 0}};
  std::array<std::string*, 2> texts = {&outcome.out, &outcome.err};
  int open = 2;
  while (open > 0 && ::poll(sources.data(), sources.size(), -1) > 0) {
    for (std::size_t i = 0; i < sources.size(); ++i) {
      if (sources[i].fd < 0 || sources[i].revents == 0) continue;
      std::array<char, 4096> buffer{};
      const ssize_t count = ::read(sources[i].fd, buffer.data(), buffer.size());
      if (count > 0) {
        texts[i]->append(buffer.data(), static_cast<std::size_t>(count));
      } else {
        sources[i].fd = -1;
        --open;
      }
    }
  }
}

int exit_code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Outcome run_parley(const std::vector<std::string>& arguments, const std::string& directory,
                   const Environment& environment, const std::string& input) {
  Pipe in;
  Pipe out;
  Pipe err;
  const pid_t pid = ::fork();
  if (pid == 0)
    become_parley(arguments, directory, environment, in.ends[0], out.ends[1], err.ends[1]);
  for (const int end : {in.ends[0], out.ends[1], err.ends[1]}) ::close(end);
  std::signal(SIGPIPE, SIG_IGN);
  [[maybe_unused]] const auto written = ::write(in.ends[1], input.data(), input.size());
  ::close(in.ends[1]);
  Outcome outcome;
  drain(out.ends[0], err.ends[0], outcome);
  ::close(out.ends[0]);
  ::close(err.ends[0]);
  int status = 0;
  ::waitpid(pid, &status, 0);
  outcome.exit_code = exit_code_of(status);
  return outcome;
}

Outcome run_parley_at_terminal(const std::vector<std::string>& arguments,
                               const std::string& directory, const std::string& typed) {
  int terminal = -1;
  const pid_t pid = ::forkpty(&terminal, nullptr, nullptr, nullptr);
  if (pid == 0) become_parley(arguments, directory, {}, STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO);
  if (pid < 0) throw std::runtime_error("no terminal");
  [[maybe_unused]] const auto written = ::write(terminal, typed.data(), typed.size());
  Outcome outcome;
  // The end of a terminal reads as an error.
  for (char letter = 0; ::read(terminal, &letter, 1) == 1;) {
    if (letter != '\r') outcome.out += letter;
  }
  ::close(terminal);
  int status = 0;
  ::waitpid(pid, &status, 0);
  outcome.exit_code = exit_code_of(status);
  return outcome;
}

RunningServer::RunningServer(std::vector<std::string> arguments, const std::string& directory,
                             const Environment& environment) {
  arguments.insert(arguments.begin(), "serve");
  arguments.insert(arguments.end(), {"--listen", "127.0.0.1:0"});
  Pipe out;
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  pid_ = ::fork();
  if (pid_ == 0)
    become_parley(arguments, directory, environment, nothing, out.ends[1], STDERR_FILENO);
  ::close(nothing);
  ::close(out.ends[1]);
  out_ = out.ends[0];
  std::string line;
  for (char letter = 0; letter != '\n' && ::read(out_, &letter, 1) == 1;) line += letter;
  const std::size_t colon = line.rfind(':');
  if (line.find("://") == std::string::npos) {
    throw std::runtime_error("the server ended with code " + std::to_string(wait()) +
                             " instead of serving");
  }
  port_ = static_cast<std::uint16_t>(std::stoi(line.substr(colon + 1)));
}

RunningServer::~RunningServer() {
  if (pid_ > 0) kill();
  if (out_ >= 0) ::close(out_);
}

int RunningServer::wait() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return exit_code_of(status);
}

void RunningServer::hang_up() const { ::kill(pid_, SIGHUP); }

int RunningServer::stop() {
  ::kill(pid_, SIGTERM);
  return wait();
}

void RunningServer::kill() {
  ::kill(pid_, SIGKILL);
  wait();
}

NodeScript::NodeScript(const std::string& script, const std::vector<std::string>& arguments,
                       const Environment& environment) {
  Pipe in;
  Pipe out;
  std::vector<std::string> words = {std::string(PARLEY_NPM_SCRIPTS "/") + script};
  words.insert(words.end(), arguments.begin(), arguments.end());
  Environment with_packages = environment;
  with_packages["NODE_PATH"] = PARLEY_NODE_MODULES;
  std::signal(SIGPIPE, SIG_IGN);
  pid_ = ::fork();
  if (pid_ == 0) become("node", words, ".", with_packages, in.ends[0], out.ends[1], STDERR_FILENO);
  ::close(in.ends[0]);
  ::close(out.ends[1]);
  in_ = in.ends[1];
  out_ = out.ends[0];
}

NodeScript::~NodeScript() {
  if (pid_ > 0) kill();
  ::close(in_);
  ::close(out_);
}

void NodeScript::say(const std::string& line) {
  const std::string text = line + "\n";
  for (std::size_t written = 0; written < text.size();) {
    const ssize_t count = ::write(in_, text.data() + written, text.size() - written);
    if (count < 0) throw std::runtime_error("the script does not listen any more");
    written += static_cast<std::size_t>(count);
  }
}

std::string NodeScript::hear(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    if (const std::size_t end = heard_.find('\n'); end != std::string::npos) {
      std::string line = heard_.substr(0, end);
      heard_.erase(0, end + 1);
      return line;
    }
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd source = {out_, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&source, 1, static_cast<int>(left.count())) <= 0)
      throw std::runtime_error("the script says nothing");
    std::array<char, 4096> buffer{};
    const ssize_t count = ::read(out_, buffer.data(), buffer.size());
    if (count <= 0) throw std::runtime_error("the script has ended");
    heard_.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

void NodeScript::kill() {
  ::kill(pid_, SIGKILL);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
}

}  // namespace parley::test
