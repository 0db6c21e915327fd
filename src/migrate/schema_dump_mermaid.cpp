#include <fmt/format.h>

#include <algorithm>

#include "migrate/diagram.h"
#include "migrate/schema_dump.h"

namespace parley::migrate {
namespace {

bool is_word_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Mermaid's own words for types and columns are letters, digits and a few signs.
std::string word(std::string_view text, std::string_view further_signs) {
  std::string word;
  for (const char c : text) {
    const bool is_allowed = is_word_character(c) || further_signs.find(c) != further_signs.npos;
    if (is_allowed) {
      word += c;
    } else if (!word.empty() && word.back() != '_') {
      word += '_';
    }
  }
  const bool starts_well = !word.empty() && !(word.front() >= '0' && word.front() <= '9');
  return starts_well ? word : "_" + word;
}

/// Its quotes know no escapes.
std::string quoted(std::string text) {
  std::ranges::replace(text, '"', '\'');
  std::ranges::replace(text, '\n', ' ');
  return '"' + text + '"';
}

std::string entity(const std::string& name) {
  const bool is_plain = std::ranges::all_of(name, is_word_character);
  return is_plain && !name.empty() ? name : quoted(name);
}

std::string keys_text(const DiagramRow& row) {
  std::string keys;
  const auto add = [&keys](bool is_key, std::string_view key) {
    if (is_key) keys += (keys.empty() ? " " : ", ") + std::string(key);
  };
  add(row.is_primary_key, "PK");
  add(row.is_foreign_key, "FK");
  add(row.is_unique && !row.is_primary_key, "UK");
  return keys;
}

std::string column_line(const DiagramRow& row) {
  const std::string name = word(row.name, "-");
  std::string comment = name == row.name ? "" : row.name;
  for (const std::string& more : {std::string(row.is_nullable ? "null" : ""), row.comment}) {
    if (!more.empty()) comment += (comment.empty() ? "" : "; ") + more;
  }
  return fmt::format("        {} {}{}{}\n", word(row.type, "()[]-"), name, keys_text(row),
                     comment.empty() ? "" : " " + quoted(comment));
}

}  // namespace

std::string to_mermaid(const schema::Schema& schema) {
  const Diagram diagram = diagram_of(schema);
  std::string text = "erDiagram\n";
  for (const DiagramBox& box : diagram.boxes) {
    if (box.kind != DiagramBox::Kind::Table) continue;
    text += fmt::format("    {} {{\n", entity(box.name));
    for (const DiagramRow& row : box.rows) text += column_line(row);
    text += "    }\n";
  }
  for (const DiagramLine& line : diagram.lines) {
    const DiagramBox& from = diagram.boxes[line.from];
    if (from.kind != DiagramBox::Kind::Table) continue;
    text += fmt::format("    {} {}--{} {} : {}\n", entity(diagram.boxes[line.to].name),
                        line.is_optional ? "|o" : "||", line.is_single ? "o|" : "o{",
                        entity(from.name), quoted(line.label));
  }
  return text;
}

}  // namespace parley::migrate
