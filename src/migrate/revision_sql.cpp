// SQL of the user's own, one text or one per engine: reading and writing side by side, so that one cannot change
// without the other.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "migrate/revision_change.h"

namespace parley::migrate {
namespace {

constexpr auto kDialects =
    std::to_array<std::string_view>({"sqlite", "postgresql", "mysql", "mariadb"});

schema::SqlText read_sql(std::string_view dialect, const YamlNode& node) {
  std::string sql = scalar_text(node, "SQL");
  if (trim(sql).empty()) fail_at(node.position, "the SQL is empty");
  return {std::string(dialect), std::move(sql)};
}

/// True when a mapping from engine to SQL reads back as the same texts in the same order.
bool fit_mapping(const std::vector<schema::SqlText>& texts) {
  auto next = kDialects.begin();
  return std::ranges::all_of(texts, [&](const schema::SqlText& text) {
    const auto found = std::find(next, kDialects.end(), text.dialect);
    if (found == kDialects.end()) return false;
    next = found + 1;
    return true;
  });
}

Lines sql_item_lines(const schema::SqlText& text) {
  return text.dialect.empty() ? Lines{yaml_scalar(text.sql)} : yaml_field(text.dialect, text.sql);
}

}  // namespace

std::vector<schema::SqlText> read_sql_texts(const YamlNode& node) {
  if (node.kind == YamlNode::Kind::Scalar) return {read_sql("", node)};
  std::vector<schema::SqlText> texts;
  // The order of keys means nothing, so it must not order the texts either.
  if (node.kind == YamlNode::Kind::Mapping) check_keys(node, kDialects, "SQL per engine");
  for (const std::string_view dialect : kDialects) {
    if (const YamlNode* sql = node.find(dialect)) texts.push_back(read_sql(dialect, *sql));
  }
  for (const YamlNode& item : node.items) {
    if (item.kind == YamlNode::Kind::Sequence)
      fail_at(item.position, "a list of SQL holds no further list");
    std::ranges::move(read_sql_texts(item), std::back_inserter(texts));
  }
  if (texts.empty()) fail_at(node.position, "the SQL is missing");
  return texts;
}

schema::SqlTexts read_sql_choice(const YamlNode& node) {
  schema::SqlTexts texts = read_sql_texts(node);
  for (std::size_t i = 1; i < texts.size(); ++i) {
    const auto before = texts.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find_if(texts.begin(), before, [&](const schema::SqlText& each) {
          return each.dialect == texts[i].dialect;
        }) == before) {
      continue;
    }
    fail_at(node.position, "here are two texts for one engine",
            "Give one text for all engines, or one under the name of each.");
  }
  return texts;
}

Lines sql_lines(std::string_view key, const std::vector<schema::SqlText>& texts) {
  if (texts.size() == 1 && texts.front().dialect.empty()) return yaml_field(key, texts.front().sql);
  const bool is_mapping = fit_mapping(texts);
  Lines lines = {yaml_scalar(key) + ":"};
  for (const schema::SqlText& text : texts) {
    append(lines, indented(is_mapping ? sql_item_lines(text) : list_item(sql_item_lines(text))));
  }
  return lines;
}

}  // namespace parley::migrate
