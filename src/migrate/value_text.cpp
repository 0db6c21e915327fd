#include "migrate/value_text.h"

#include <fmt/format.h>

#include <charconv>

#include "base/crypto.h"
#include "base/error.h"
#include "base/overloaded.h"

namespace parley::migrate {
namespace {

[[noreturn]] void refuse(const Json& json) {
  throw Error(ErrorCode::InvalidArgument, "This is no value: " + to_text(json));
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

Blob bytes_from(std::string_view hex, const Json& whole) {
  if (hex.size() % 2 != 0) refuse(whole);
  Blob blob;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit_of(hex[i]);
    const int low = digit_of(hex[i + 1]);
    if (high < 0 || low < 0) refuse(whole);
    blob.bytes += static_cast<char>(high * 16 + low);
  }
  return blob;
}

double number_from(std::string_view text, const Json& whole) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) refuse(whole);
  return number;
}

Value value_from_object(const Json& json) {
  const JsonObject& object = json.as_object();
  if (object.size() != 1 || !object.begin()->value().is_string()) refuse(json);
  const std::string_view text = object.begin()->value().as_string();
  if (object.begin()->key() == "hex") return bytes_from(text, json);
  if (object.begin()->key() == "number") return number_from(text, json);
  refuse(json);
}

}  // namespace

Json to_json(const Value& value) {
  return std::visit(
      overloaded{[](Null) { return Json(nullptr); }, [](bool truth) { return Json(truth); },
                 [](std::int64_t number) { return Json(number); },
                 [](double number) { return Json(JsonObject{{"number", fmt::format("{}", number)}}); },
                 [](const std::string& text) { return Json(text); },
                 [](const Blob& blob) { return Json(JsonObject{{"hex", to_hex(blob.bytes)}}); }},
      value);
}

Value value_from(const Json& json) {
  if (json.is_null()) return Null{};
  if (json.is_bool()) return json.as_bool();
  if (json.is_int64()) return json.as_int64();
  if (json.is_string()) return std::string(json.as_string());
  if (json.is_object()) return value_from_object(json);
  refuse(json);
}

std::string values_to_text(const std::vector<Value>& values) {
  json::array list;
  for (const Value& value : values) list.push_back(to_json(value));
  return parley::to_text(Json(std::move(list)));
}

std::vector<Value> values_from_text(std::string_view text) {
  const Json json = parse_json(text);
  if (!json.is_array()) refuse(json);
  std::vector<Value> values;
  for (const Json& each : json.as_array()) values.push_back(value_from(each));
  return values;
}

}  // namespace parley::migrate
