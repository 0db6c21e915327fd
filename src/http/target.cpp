#include "http/target.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace parley::http {
namespace {

enum class Plus { Literal, Space };

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> percent_decoded(std::string_view text, Plus plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == Plus::Space) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  if (!is_storable_text(decoded)) return std::nullopt;
  return decoded;
}

std::optional<std::map<std::string, std::string>> read_query(std::string_view text) {
  std::map<std::string, std::string> query;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    const auto name = percent_decoded(pair.substr(0, equals), Plus::Space);
    const auto value = equals == std::string_view::npos
                           ? std::string()
                           : percent_decoded(pair.substr(equals + 1), Plus::Space);
    if (!name || !value) return std::nullopt;
    query[*name] = *value;
  }
  return query;
}

/// Origin form of an absolute form; other targets as they are.
std::string_view without_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equals_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    const auto path = target.find_first_of("/?", scheme.size());
    return path == std::string_view::npos ? "/" : target.substr(path);
  }
  return target;
}

/// A slash in disguise, `/a%2Fb`, would part segments here, but not in a proxy in front that
/// decides by the path who may pass.
bool has_encoded_slash(std::string_view path) {
  return path.find("%2f") != std::string_view::npos || path.find("%2F") != std::string_view::npos;
}

}  // namespace

bool read_target(std::string_view target, Request& request) {
  target = without_authority(target);
  const auto question = target.find('?');
  const std::string_view raw = target.substr(0, question);
  const auto path = percent_decoded(raw, Plus::Literal);
  if (!path || (!path->starts_with('/') && *path != "*")) return false;
  request.path = *path;  // Also when the rest is bad: the path's group says how its errors look.
  if (has_encoded_slash(raw)) return false;
  auto query = read_query(question == std::string_view::npos ? std::string_view()
                                                             : target.substr(question + 1));
  if (!query) return false;
  request.query = std::move(*query);
  return true;
}

std::string_view raw_path(std::string_view target) { return target.substr(0, target.find('?')); }

}  // namespace parley::http
