#pragma once

// The text of a message to many, and what one recipient gets of it: `{name}` stands for a value of
// the recipient. Values and pure functions; any thread.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::outreach {

struct MessageTemplate {
  std::string id;
  std::string name;
  std::optional<std::string> subject;
  std::optional<std::string> content;
  std::optional<std::string> whatsapp_content;
  /// The names that are replaced; nothing: whichever the recipient has.
  std::optional<std::vector<std::string>> variables;
};

/// Whom a message goes to, with what templates may say of them.
struct TemplateRecipient {
  std::string name;
  std::string email;
  std::optional<std::string> phone;
  std::optional<std::string> company;
  std::map<std::string, std::string, std::less<>> fields;  ///< Beside those above.
};

/// The texts of one message; those that the template lacks are absent.
struct RenderedMessage {
  std::optional<std::string> subject;
  std::optional<std::string> content;
  std::optional<std::string> whatsapp_content;  ///< That of `content` when the template's is empty.

  bool operator==(const RenderedMessage&) const = default;
};

/// True when the text has a tag of HTML, such as `<p>` or `</a>`.
bool is_html(std::string_view text);

/// The template for one recipient, in one pass: what a value contains is not looked at again. Names
/// that are unknown, or not among the template's variables, stay as they are written. In a content
/// that is HTML, values are escaped, so that a recipient's name cannot become markup.
RenderedMessage render(const MessageTemplate& message, const TemplateRecipient& recipient);

/// The text with its names in braces replaced by what `value_of` has for them, in one pass; those
/// for which it has nothing stay.
std::string replace_names(
    std::string_view text,
    const std::function<std::optional<std::string>(std::string_view name)>& value_of);

/// What the recipient has under a name: `name`, `email`, `phone`, `company`, or a field's; nothing
/// when that is unknown.
std::optional<std::string> recipient_value(const TemplateRecipient& recipient,
                                           std::string_view name);

/// The names in braces, each once, in the order of their first use.
std::vector<std::string> names_in(std::string_view text);

}  // namespace parley::outreach
