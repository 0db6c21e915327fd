#include "outreach/cells.h"

#include <algorithm>

namespace parley::outreach {
namespace {

/// Nothing when the text is no JSON.
std::optional<Json> json_in(const std::string& text) {
  json::error_code error;
  Json value = json::parse(text, error);
  if (error) return std::nullopt;
  return value;
}

std::string text_of_item(const Json& item) {
  return item.is_string() ? std::string(item.get_string()) : to_text(item);
}

}  // namespace

std::vector<std::string> list_in(const std::optional<std::string>& cell) {
  if (!cell || cell->empty()) return {};
  const std::optional<Json> value = json_in(*cell);
  if (!value || !value->is_array()) return {*cell};
  std::vector<std::string> texts;
  for (const Json& item : value->get_array()) texts.push_back(text_of_item(item));
  return texts;
}

std::string list_cell(const std::vector<std::string>& texts) {
  json::array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return to_text(array);
}

void add_once(std::vector<std::string>& texts, const std::string& text) {
  if (std::ranges::find(texts, text) == texts.end()) texts.push_back(text);
}

JsonObject object_in(const std::optional<std::string>& cell) {
  if (!cell || cell->empty()) return {};
  std::optional<Json> value = json_in(*cell);
  if (value && value->is_object()) return std::move(value->get_object());
  return {{"raw", *cell}};
}

}  // namespace parley::outreach
