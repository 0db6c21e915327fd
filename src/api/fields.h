#pragma once

// Reading the fields of a request: its JSON body, its query and its path. Every wrong field is
// collected, so that one answer names them all; `finish` throws the 422 problem. A reader that
// found an error returns a stand-in, which the caller never uses because `finish` comes first. One
// thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/vocabulary.h"
#include "http/message.h"

namespace parley::api {

/// Largest value of an INTEGER column: ids, pages and offsets end here.
inline constexpr std::int64_t kIntegerMax = 2147483647;
inline constexpr std::size_t kNameCharactersMax = 255;

/// The wrong fields found so far.
class FieldErrors {
 public:
  /// `object` is the JSON pointer of the object whose fields are read: empty for the whole body,
  /// `/messages/3` for one inside it.
  explicit FieldErrors(std::string object = {}) : object_(std::move(object)) {}

  void add(std::string_view field, std::string code, std::string message);

  /// Takes over what was found in an object inside.
  void add_all(const FieldErrors& others);

  bool empty() const { return errors_.empty(); }

  /// Throws the 422 problem when anything was added.
  void finish() const;

 private:
  std::string object_;
  std::vector<http::FieldError> errors_;
};

/// The number that `text` is, all of it, and not negative; nothing otherwise.
std::optional<std::int64_t> whole_number(std::string_view text);

/// The time in a query; nothing for a text that is none. A `+` before the zone that was sent
/// without percent-encoding arrives as a space.
std::optional<Timestamp> time_in(std::string text);

/// The value of a `{name}` of the route's pattern. Requires: the pattern has it.
const std::string& path_value(const http::Request& request, std::string_view name);

/// The body of a request. Throws the 422 problem when it is no JSON object.
JsonObject object_of(std::string_view body);

class BodyReader {
 public:
  /// Throws the 422 problem when the body is no JSON object. Fields it does not ask for are
  /// ignored.
  explicit BodyReader(std::string_view body) : body_(object_of(body)) {}

  /// Reads an object inside a body; `pointer` is where it stands (RFC 6901): `/messages/3`.
  BodyReader(JsonObject object, std::string pointer)
      : body_(std::move(object)), errors_(std::move(pointer)) {}

  /// A text with a visible character and at most `characters_max`; required.
  std::string text(std::string_view field, std::size_t characters_max);
  /// The same, but null or absent is nothing.
  std::optional<std::string> optional_text(std::string_view field, std::size_t characters_max);
  /// May be empty; null or absent is empty.
  std::string text_or_empty(std::string_view field, std::size_t characters_max);
  /// Any text at all; required. For a password that is only compared.
  std::string any_text(std::string_view field);
  /// An e-mail address, trimmed and lower case.
  std::string email(std::string_view field);
  std::optional<std::string> optional_email(std::string_view field);
  /// A password that may be set: 8 characters to 256 bytes.
  std::string new_password(std::string_view field);
  std::optional<std::string> optional_new_password(std::string_view field);

  bool boolean(std::string_view field);
  std::optional<bool> optional_boolean(std::string_view field);
  std::optional<std::int64_t> optional_integer(std::string_view field, std::int64_t min,
                                               std::int64_t max);
  std::int64_t integer(std::string_view field, std::int64_t min, std::int64_t max);
  std::optional<double> optional_number(std::string_view field, double min, double max);
  std::optional<JsonObject> optional_object(std::string_view field);
  std::optional<json::array> optional_array(std::string_view field);

  template <class Enum>
  std::optional<Enum> optional_word(std::string_view field) {
    const std::optional<std::string> text = optional_text(field, kNameCharactersMax);
    if (!text) return std::nullopt;
    const std::optional<Enum> word = parse_word<Enum>(*text);
    if (!word) errors_.add(field, "not_in_vocabulary", "must be one of: " + list_words<Enum>());
    return word;
  }
  template <class Enum>
  Enum word(std::string_view field) {
    require(field);
    return optional_word<Enum>(field).value_or(Enum{});
  }

  /// The field as it came; null when it is absent or null.
  const Json* find(std::string_view field) const;
  /// Notes that a required field is absent.
  void require(std::string_view field);

  FieldErrors& errors() { return errors_; }
  void finish() const { errors_.finish(); }

 private:
  const json::string* text_value(std::string_view field, std::size_t characters_max);

  JsonObject body_;
  FieldErrors errors_;
};

class QueryReader {
 public:
  /// Requires: `request` outlives the reader.
  explicit QueryReader(const http::Request& request) : request_(request) {}

  std::int64_t number(std::string_view field, std::int64_t otherwise, std::int64_t min,
                      std::int64_t max);
  /// Empty is absent.
  std::optional<std::int64_t> optional_number(std::string_view field, std::int64_t min,
                                              std::int64_t max);
  bool boolean(std::string_view field, bool otherwise);
  /// Empty is absent.
  std::optional<std::string> text(std::string_view field, std::size_t characters_max);

  /// Empty is absent.
  template <class Enum>
  std::optional<Enum> optional_word(std::string_view field) {
    const std::optional<std::string> text = this->text(field, kNameCharactersMax);
    if (!text) return std::nullopt;
    const std::optional<Enum> word = parse_word<Enum>(*text);
    if (!word) errors_.add(field, "not_in_vocabulary", "must be one of: " + list_words<Enum>());
    return word;
  }

  FieldErrors& errors() { return errors_; }
  void finish() const { errors_.finish(); }

 private:
  const http::Request& request_;
  FieldErrors errors_;
};

}  // namespace parley::api
