#include "outreach/channels/html_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/html.h"
#include "base/text.h"

namespace parley::outreach {
namespace {

struct Reference {
  std::string_view name;
  std::string_view text;
};
constexpr std::array<Reference, 11> kReferences{
    Reference{"amp", "&"},    Reference{"lt", "<"},    Reference{"gt", ">"},
    Reference{"quot", "\""},  Reference{"apos", "'"},  Reference{"nbsp", " "},
    Reference{"ndash", "–"},  Reference{"mdash", "—"}, Reference{"euro", "€"},
    Reference{"hellip", "…"}, Reference{"copy", "©"}};

constexpr std::array<std::string_view, 14> kBlocks{"p",  "div", "br", "li", "tr", "table", "ul",
                                                   "ol", "h1",  "h2", "h3", "h4", "h5",    "h6"};

/// More characters of a tag are not looked at for its name.
constexpr std::size_t kTagMax = 16;

void append_utf8(std::string& to, std::uint32_t code) {
  const auto add = [&](std::uint32_t byte) { to += static_cast<char>(byte); };
  if (code < 0x80) return add(code);
  if (code < 0x800) {
    add(0xC0 | (code >> 6));
  } else if (code < 0x10000) {
    add(0xE0 | (code >> 12));
    add(0x80 | ((code >> 6) & 0x3F));
  } else {
    add(0xF0 | (code >> 18));
    add(0x80 | ((code >> 12) & 0x3F));
    add(0x80 | ((code >> 6) & 0x3F));
  }
  add(0x80 | (code & 0x3F));
}

/// The character of `#65` or `#x41`.
std::optional<std::uint32_t> code_of(std::string_view reference) {
  const bool is_hex = reference.starts_with("#x") || reference.starts_with("#X");
  const std::string_view digits = reference.substr(is_hex ? 2 : 1);
  std::uint32_t code = 0;
  const auto [rest, problem] =
      std::from_chars(digits.data(), digits.data() + digits.size(), code, is_hex ? 16 : 10);
  const bool is_character = code >= 0x20 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  if (problem != std::errc() || rest != digits.data() + digits.size() || !is_character)
    return std::nullopt;
  return code;
}

/// Appends what the reference at the start of `text`, behind its `&`, stands for; returns its
/// length, 0 when it is none.
std::size_t append_reference(std::string& to, std::string_view text) {
  const std::size_t end = text.substr(0, 10).find(';');
  if (end == std::string_view::npos || end < 2) return 0;
  const std::string_view name = text.substr(0, end);
  if (name.front() == '#') {
    const auto code = code_of(name);
    if (!code) return 0;
    append_utf8(to, *code);
    return end + 1;
  }
  const auto known = std::ranges::find(kReferences, name, &Reference::name);
  if (known == kReferences.end()) return 0;
  to += known->text;
  return end + 1;
}

/// The name of the tag from behind its `<`, without the slash of an end; empty when it is none.
/// `tag` is in lower case.
std::string_view tag_name(std::string_view tag) {
  if (tag.starts_with('/')) tag.remove_prefix(1);
  const bool begins = !tag.empty() && ((tag[0] >= 'a' && tag[0] <= 'z') || tag[0] == '!');
  if (!begins) return {};
  return tag.substr(0, tag.find_first_of(" \t\r\n/><"));
}

/// How much from behind a `<` no reader sees: comments, and what is inside of style, script, head
/// and title. `rest` is in lower case.
std::size_t hidden_length(std::string_view rest, std::string_view name) {
  const auto until = [&](std::size_t from, std::string_view end) {
    const std::size_t found = from == std::string_view::npos ? from : rest.find(end, from);
    return found == std::string_view::npos ? rest.size() : found + end.size();
  };
  if (rest.starts_with("!--")) return until(3, "-->");
  static constexpr std::array<std::string_view, 4> kHidden{"style", "script", "head", "title"};
  if (rest.starts_with('/') || std::ranges::find(kHidden, name) == kHidden.end()) return 0;
  return until(rest.find("</" + std::string(name)), ">");
}

/// Blanks within the lines are one, and empty lines at most one.
std::string tidied(const std::string& text) {
  std::string tidy;
  bool wants_gap = false;
  for (const std::string& line : split(text, '\n')) {
    const std::string words = collapse_white_space(line);
    if (words.empty()) {
      wants_gap = !tidy.empty();
      continue;
    }
    if (wants_gap) tidy += '\n';
    wants_gap = false;
    tidy += words + '\n';
  }
  return tidy;
}

}  // namespace

std::string text_of_html(std::string_view html) {
  const std::string lowered = lower(html);
  // A `<` behind the last `>` begins no tag; looked for once, so that many of them cost little.
  const std::size_t last_end = html.rfind('>');
  std::string text;
  for (std::size_t at = 0; at < html.size(); ++at) {
    const char c = html[at];
    if (c == '&') {
      const std::size_t length = append_reference(text, html.substr(at + 1));
      if (length == 0) text += c;
      at += length;
      continue;
    }
    const std::string_view rest = std::string_view(lowered).substr(at + 1);
    const std::string_view name = c == '<' ? tag_name(rest.substr(0, kTagMax)) : "";
    if (c != '<' || name.empty() || last_end == std::string_view::npos || last_end < at) {
      // An end of line is no more than a blank in HTML.
      text += c == '\n' || c == '\r' ? ' ' : c;
      continue;
    }
    if (std::ranges::find(kBlocks, name) != kBlocks.end()) text += name == "p" ? "\n\n" : "\n";
    if (name == "td" || name == "th") text += ' ';
    const std::size_t hidden = hidden_length(rest, name);
    at += hidden > 0 ? hidden : rest.find('>') + 1;
  }
  return tidied(text);
}

std::string html_of_text(std::string_view text) {
  std::string html = "<!DOCTYPE html>\n<html><body>\n";
  for (const std::string& line : split(text, '\n')) {
    std::string_view words = line;
    if (words.ends_with('\r')) words.remove_suffix(1);
    html += escaped_html(words) + "<br>\n";
  }
  return html + "</body></html>\n";
}

}  // namespace parley::outreach
