#include "outreach/channels/mime.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/crypto.h"
#include "base/text.h"
#include "outreach/channels/html_text.h"
#include "outreach/template.h"

namespace parley::outreach {
namespace {

constexpr std::size_t kLineMax = 76;  ///< Characters of a line, RFC 2045 and RFC 2047.
constexpr std::string_view kHex = "0123456789ABCDEF";

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Nothing that would end the header.
std::string one_line(std::string_view value) {
  std::string line(value);
  std::ranges::replace_if(line, is_control, ' ');
  return std::string(trim(line));
}

std::string hex_of(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return {'=', kHex[byte >> 4], kHex[byte & 15]};
}

/// A display name: as it is when it is made of atoms, else quoted, or encoded.
std::string phrase(std::string_view name, std::size_t header_characters) {
  if (!is_ascii(name)) return encoded_header(name, header_characters);
  const bool is_plain = std::ranges::all_of(name, [](char c) {
    return c == ' ' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  if (is_plain) return std::string(name);
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string header_of(const Mailbox& mailbox, std::string_view header) {
  const std::string name = one_line(mailbox.name);
  if (name.empty()) return fmt::format("{}: <{}>\r\n", header, mailbox.address);
  // On a line of its own, so that neither makes the other's line too long.
  return fmt::format("{}: {}\r\n <{}>\r\n", header, phrase(name, header.size() + 2),
                     mailbox.address);
}

/// `Sat, 15 Mar 2025 10:00:00 +0000`.
std::string date_text(Timestamp time) {
  static constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed",
                                                    "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format(
      "{}, {} {} {} {:02}:{:02}:{:02} +0000", kDays.at(std::chrono::weekday(day).c_encoding()),
      static_cast<unsigned>(date.day()), kMonths.at(static_cast<unsigned>(date.month()) - 1),
      static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
      clock.seconds().count());
}

std::string part(std::string_view boundary, std::string_view subtype, std::string_view text) {
  return fmt::format(
      "--{}\r\nContent-Type: text/{}; charset=utf-8\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n",
      boundary, subtype, quoted_printable(text));
}

/// The character at the start of well-formed UTF-8, so that none is cut in two.
std::string_view next_character(std::string_view text) {
  std::size_t bytes = 1;
  while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) ++bytes;
  return text.substr(0, bytes);
}

}  // namespace

bool is_mail_address(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size() || text.size() > 254)
    return false;
  return std::ranges::none_of(text, [](char c) {
    return static_cast<unsigned char>(c) >= 0x7f || static_cast<unsigned char>(c) <= 0x20 ||
           std::string_view("<>()[],;:\\\"").find(c) != std::string_view::npos;
  });
}

std::optional<Mailbox> parse_mailbox(std::string_view text) {
  text = trim(text);
  if (std::ranges::any_of(text, is_control)) return std::nullopt;
  Mailbox mailbox;
  if (text.ends_with('>')) {
    const std::size_t open = text.rfind('<');
    if (open == std::string_view::npos) return std::nullopt;
    mailbox.address = text.substr(open + 1, text.size() - open - 2);
    std::string_view name = trim(text.substr(0, open));
    if (name.size() >= 2 && name.starts_with('"') && name.ends_with('"'))
      name = name.substr(1, name.size() - 2);
    mailbox.name = name;
  } else {
    mailbox.address = text;
  }
  if (!is_mail_address(mailbox.address)) return std::nullopt;
  return mailbox;
}

std::string encoded_header(std::string_view value, std::size_t name_characters) {
  const std::string line = one_line(value);
  if (is_ascii(line) && line.size() + name_characters <= kLineMax &&
      line.find("=?") == std::string::npos)
    return line;
  constexpr std::string_view kOpen = "=?UTF-8?Q?";
  std::string encoded(kOpen);
  std::size_t used = name_characters + kOpen.size();
  for (std::string_view rest = line; !rest.empty();) {
    const std::string_view character = next_character(rest);
    rest.remove_prefix(character.size());
    std::string word;
    for (const char c : character) {
      const bool is_safe =
          (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      word += c == ' ' ? "_" : is_safe ? std::string(1, c) : hex_of(c);
    }
    if (used + word.size() + 2 > kLineMax - 1) {
      encoded.append("?=\r\n ").append(kOpen);
      used = 1 + kOpen.size();
    }
    encoded += word;
    used += word.size();
  }
  return encoded + "?=";
}

std::string quoted_printable(std::string_view text) {
  std::string encoded;
  std::size_t used = 0;
  const auto add = [&](std::string_view piece) {
    if (used + piece.size() > kLineMax - 1) {
      encoded += "=\r\n";
      used = 0;
    }
    encoded += piece;
    used += piece.size();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\n';
    if (c == '\r' && next == '\n') continue;
    if (c == '\n' || c == '\r') {
      encoded += "\r\n";
      used = 0;
      continue;
    }
    // A blank at the end of a line would be lost; a dot or `From ` at its start is dangerous.
    const bool is_blank = c == ' ' || c == '\t';
    const bool is_last = next == '\n' || next == '\r';
    const bool is_risky = used == 0 && (c == '.' || c == 'F');
    const bool is_plain = c > 0x20 && c < 0x7f && c != '=' && !is_risky;
    add(is_plain || (is_blank && !is_last) ? std::string(1, c) : hex_of(c));
  }
  return encoded;
}

std::string mime_text(const Mail& mail) {
  const bool has_tags = is_html(mail.content);
  const std::string plain = has_tags ? text_of_html(mail.content) : mail.content;
  const std::string html = has_tags ? mail.content : html_of_text(mail.content);
  // Quoted-printable never has `=_`, so that no text can hold the boundary.
  const std::string boundary = "=_" + to_hex(sha256(mail.message_id)).substr(0, 32);
  std::string text = fmt::format("Date: {}\r\n", date_text(mail.date));
  text += header_of(mail.from, "From") + header_of(mail.to, "To");
  text += fmt::format("Subject: {}\r\n", encoded_header(mail.subject, 9));
  text += fmt::format("Message-ID: {}\r\nMIME-Version: 1.0\r\n", mail.message_id);
  text += fmt::format("Content-Type: multipart/alternative;\r\n boundary=\"{}\"\r\n\r\n", boundary);
  return text + part(boundary, "plain", plain) + part(boundary, "html", html) +
         fmt::format("--{}--\r\n", boundary);
}

}  // namespace parley::outreach
