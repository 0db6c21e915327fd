#pragma once

// An e-mail as text, ready to be handed to a server (RFC 5322, MIME): the same message as plain
// text and as HTML. Lines end with CRLF, are short, and are ASCII. Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace parley::outreach {

/// `Shop <news@shop.example>`.
struct Mailbox {
  std::string name;     ///< May be empty.
  std::string address;  ///< `news@shop.example`.

  bool operator==(const Mailbox&) const = default;
};

/// Reads `news@shop.example`, `<news@shop.example>` or `Shop <news@shop.example>`, with the name in
/// quotes or not; nothing when the address is none that can be sent to.
std::optional<Mailbox> parse_mailbox(std::string_view text);

/// True for `local@domain` in ASCII, without blanks, brackets and commas: what can stand in an
/// envelope as it is.
bool is_mail_address(std::string_view text);

struct Mail {
  Mailbox from;
  Mailbox to;
  std::string subject;
  std::string content;     ///< Plain text, or HTML when it has tags.
  std::string message_id;  ///< With its angle brackets.
  Timestamp date{};
};

/// The message. What is no HTML is made it, and plain text is made of HTML, so that it always has
/// both. Control characters in headers become blanks.
std::string mime_text(const Mail& mail);

/// Quoted-printable (RFC 2045 section 6.7), with CRLF as the ends of lines.
std::string quoted_printable(std::string_view text);

/// A header's value as encoded words when it needs that (RFC 2047), folded.
std::string encoded_header(std::string_view value, std::size_t name_characters);

}  // namespace parley::outreach
