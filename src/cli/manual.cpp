#include "cli/manual.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace parley::cli {
namespace {

constexpr std::pair<int, std::string_view> kExitCodes[] = {
    {0, "Done, or nothing to do."},
    {1, "Differences, pending revisions or findings; only of commands that look."},
    {2, "The words could not be understood."},
    {3, "Refused for safety."},
    {4, "Somebody else holds the lock."},
    {5, "Failed; the database is unchanged."},
    {6, "Failed; the database is changed in part, and the journal says how far."},
    {7, "The database is newer than this program."},
    {8, "No connection, or not enough privileges."},
};

/// Text as the typesetter must get it: a backslash and a leading dot or quote mean something to it,
/// and a hyphen that is to be copied is written `\-`.
std::string escaped(std::string_view text) {
  std::string result;
  bool begins_line = true;
  for (const char each : text) {
    if (begins_line && (each == '.' || each == '\'')) result += "\\&";
    if (each == '\\') {
      result += "\\e";
    } else if (each == '-') {
      result += "\\-";
    } else {
      result += each;
    }
    begins_line = each == '\n';
  }
  return result;
}

void add_options(std::string& page, const Command& command) {
  for (const std::string& heading : headings_of(command.options)) {
    page += fmt::format(".SH {}\n", upper(escaped(heading)));
    for (const CommandOption& option : command.options) {
      if (option.heading != heading) continue;
      page += fmt::format(".TP\n.B {}\n{}\n", escaped(spelling_of(option)), escaped(option.help));
    }
  }
}

void add_commands(std::string& page, const Command& command) {
  for (const std::string& heading : headings_of(command.commands)) {
    page += fmt::format(".SH {}\n", upper(escaped(heading)));
    for (const Command& child : command.commands) {
      if (child.heading != heading) continue;
      page +=
          fmt::format(".TP\n.BR {} (1)\n{}\n", escaped(manual_name(child)), escaped(child.help));
    }
  }
}

void add_example(std::string& page, const Command& command) {
  constexpr std::string_view kBegin = "Example:\n";
  if (!command.footer.starts_with(kBegin)) return;
  page += fmt::format(".SH EXAMPLE\n.nf\n{}\n.fi\n", escaped(command.footer.substr(kBegin.size())));
}

}  // namespace

std::string manual_name(const Command& command) {
  std::string name = command.path;
  std::ranges::replace(name, ' ', '-');
  return name;
}

std::string manual_page(const Command& command, std::string_view version) {
  const std::string name = manual_name(command);
  std::string page = fmt::format(".TH {} 1 \"\" \"parley {}\"\n.SH NAME\n{} \\- {}\n", upper(name),
                                 version, escaped(name), escaped(command.help));
  page += fmt::format(".SH SYNOPSIS\n.B {}\n{}\n", escaped(command.path),
                      escaped(synopsis_of(command)));
  add_options(page, command);
  add_commands(page, command);
  add_example(page, command);
  page += ".SH EXIT STATUS\n";
  for (const auto& [code, meaning] : kExitCodes) {
    page += fmt::format(".TP\n.B {}\n{}\n", code, meaning);
  }
  return page;
}

}  // namespace parley::cli
