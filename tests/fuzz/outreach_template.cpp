// Any template renders for any recipient: what is no name stays as it is, values are put in once
// and never looked into, and in HTML they cannot become markup.

#include "outreach/channels/html_text.h"
#include "outreach/channels/mime.h"
#include "outreach/template.h"

#include "base/html.h"
#include "base/text.h"
#include "fuzz.h"

namespace {

using parley::fuzz::require;
using namespace parley::outreach;

/// The first line is the recipient's name, the second a field's value, the rest the template.
std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

void check_mail(const RenderedMessage& rendered) {
  const std::string mail = mime_text({.from = {"Shop", "a@b.example"},
                                      .to = {*rendered.subject, "c@d.example"},
                                      .subject = *rendered.subject,
                                      .content = *rendered.content,
                                      .message_id = "<1@b.example>"});
  for (const std::string& line : parley::split(mail, '\n')) {
    require(line.size() <= 999, "a line is short");
    require(line.empty() || line.back() == '\r', "a line ends with CRLF");
    // A tab inside of a line needs no encoding (RFC 2045 section 6.7, rule 3).
    for (const char c : line)
      require(c == '\r' || c == '\t' || (c >= 0x20 && c < 0x7f), "a mail is ASCII");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = parley::fuzz::text_of(data, size);
  if (!parley::is_storable_text(text)) return 0;
  TemplateRecipient recipient{.name = std::string(take_line(text)), .email = "e@x.example"};
  recipient.fields.emplace("field", take_line(text));
  const MessageTemplate message{.subject = std::string(text.substr(0, 200)),
                                .content = std::string(text)};
  const RenderedMessage rendered = render(message, recipient);
  require(parley::is_storable_text(*rendered.content), "what is rendered is text");

  const MessageTemplate fixed{.content = std::string(text),
                              .variables = std::vector<std::string>{}};
  require(render(fixed, recipient).content == text, "without variables nothing changes");

  const auto twice = replace_names(
      text, [](std::string_view name) { return std::optional("{" + std::string(name) + "}"); });
  require(twice == text, "a name that stands for itself changes nothing");
  if (is_html(text) && !recipient.name.empty()) {
    const std::string escaped = parley::escaped_html(recipient.name);
    require(escaped.find('<') == std::string::npos, "a value is no markup");
  }
  text_of_html(text);
  check_mail(rendered);
  return 0;
}
