#include "outreach/template.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/html.h"

namespace parley::outreach {
namespace {

enum class Markup { Plain, Html };

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Hands out the text piece by piece: what stands between names, and the names.
template <class OnText, class OnName>
void walk(std::string_view text, const OnText& on_text, const OnName& on_name) {
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    on_text(text.substr(0, open));
    if (open == std::string_view::npos) return;
    const std::size_t end = text.find_first_of("{}", open + 1);
    const bool is_name = end != std::string_view::npos && text[end] == '}' && end > open + 1;
    if (!is_name) {
      on_text("{");
      text.remove_prefix(open + 1);
      continue;
    }
    on_name(text.substr(open + 1, end - open - 1));
    text.remove_prefix(end + 1);
  }
}

std::string fill(std::string_view text, const MessageTemplate& message,
                 const TemplateRecipient& recipient, Markup markup) {
  return replace_names(text, [&](std::string_view name) -> std::optional<std::string> {
    const auto& variables = message.variables;
    if (variables && std::ranges::find(*variables, name) == variables->end()) return std::nullopt;
    auto value = recipient_value(recipient, name);
    if (value && markup == Markup::Html) return escaped_html(*value);
    return value;
  });
}

}  // namespace

bool is_html(std::string_view text) {
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    std::string_view rest = text.substr(at + 1);
    if (rest.starts_with('/') || rest.starts_with('!')) rest.remove_prefix(1);
    if (rest.empty() || !is_letter(rest.front())) continue;
    const std::size_t end = rest.find_first_of("<>");
    if (end != std::string_view::npos && rest[end] == '>') return true;
  }
  return false;
}

RenderedMessage render(const MessageTemplate& message, const TemplateRecipient& recipient) {
  const auto plain = [&](const std::optional<std::string>& text) -> std::optional<std::string> {
    if (!text) return std::nullopt;
    return fill(*text, message, recipient, Markup::Plain);
  };
  RenderedMessage rendered{.subject = plain(message.subject)};
  if (message.content) {
    const Markup markup = is_html(*message.content) ? Markup::Html : Markup::Plain;
    rendered.content = fill(*message.content, message, recipient, markup);
  }
  const bool has_own = message.whatsapp_content && !message.whatsapp_content->empty();
  rendered.whatsapp_content = plain(has_own ? message.whatsapp_content : message.content);
  return rendered;
}

std::optional<std::string> recipient_value(const TemplateRecipient& recipient,
                                           std::string_view name) {
  if (name == "name") return recipient.name;
  if (name == "email") return recipient.email;
  if (name == "phone") return recipient.phone.value_or("");
  if (name == "company") return recipient.company.value_or("");
  const auto field = recipient.fields.find(name);
  if (field == recipient.fields.end()) return std::nullopt;
  return field->second;
}

std::string replace_names(
    std::string_view text,
    const std::function<std::optional<std::string>(std::string_view name)>& value_of) {
  std::string filled;
  walk(
      text, [&](std::string_view between) { filled += between; },
      [&](std::string_view name) {
        const std::optional<std::string> value = value_of(name);
        filled += value ? *value : fmt::format("{{{}}}", name);
      });
  return filled;
}

std::vector<std::string> names_in(std::string_view text) {
  std::vector<std::string> names;
  walk(
      text, [](std::string_view) {},
      [&](std::string_view name) {
        if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
      });
  return names;
}

}  // namespace parley::outreach
