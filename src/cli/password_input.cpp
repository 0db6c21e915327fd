#include "cli/password_input.h"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <iostream>

#include "base/error.h"

namespace parley::cli {
namespace {

/// Switches the terminal's echo off for as long as it lives.
class HiddenInput {
 public:
  HiddenInput() {
    if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    is_hidden_ = tcsetattr(STDIN_FILENO, TCSANOW, &hidden) == 0;
  }
  ~HiddenInput() {
    if (is_hidden_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }
  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;

 private:
  termios before_{};
  bool is_hidden_ = false;
};

std::string read_line() {
  std::string line;
  std::getline(std::cin, line);
  return line;
}

std::string ask(const char* question) {
  const HiddenInput hidden;
  fmt::print(stderr, "{}: ", question);
  std::string answer = read_line();
  fmt::print(stderr, "\n");
  return answer;
}

}  // namespace

std::string read_password(PasswordFrom from) {
  if (from == PasswordFrom::StandardInput) return read_line();
  if (isatty(STDIN_FILENO) == 0) {
    throw Error(ErrorCode::InvalidArgument, "There is no terminal to ask for the password on",
                "Send it on standard input with --password-stdin.");
  }
  std::string password = ask("Password");
  if (ask("Again") != password) {
    throw Error(ErrorCode::InvalidArgument, "The two passwords differ; nothing was created");
  }
  return password;
}

}  // namespace parley::cli
