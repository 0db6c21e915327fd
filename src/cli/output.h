#pragma once

// What a command answers on standard output: lines for a person or, with --json, one document for a
// program. A command says both and this decides which of them is printed, so that neither can be
// forgotten. Log and progress go to standard error (base/log.h). One thread.

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/json.h"
#include "cli/commands.h"

namespace parley::cli {

enum class Color { Red, Green, Yellow };

class Output {
 public:
  explicit Output(const AnswerOptions& options);

  bool is_json() const { return is_json_; }

  /// A line, or several, for a person; nothing with --json.
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    if (!is_json_) print(fmt::format(format, std::forward<Args>(args)...) + "\n");
  }
  /// The same without a line's end.
  void text(std::string_view text) {
    if (!is_json_) print(text);
  }
  /// `text` in colour when standard output is a terminal that may be coloured.
  std::string painted(Color color, std::string_view text) const;

  /// The document for a program. Printed by `finish`; nothing without --json.
  JsonObject& document() { return document_; }
  /// The list under `key` of the document, created when it is not there.
  json::array& list(std::string_view key);

  /// Prints the document. Call it once, at the end: a command that throws before prints the error
  /// instead, so that a program always reads exactly one document.
  void finish() const;

 private:
  static void print(std::string_view text);

  bool is_json_;
  bool is_colored_;
  JsonObject document_;
};

/// The document that stands for a failed command.
void print_json_error(const Error& error);

/// A list of texts, as JSON.
json::array to_json(const std::vector<std::string>& texts);

}  // namespace parley::cli
