// Any text as a prompt template: it is read once, a value is never searched, and what has no value
// stays.

#include "ai/prompt_template.h"

#include <algorithm>
#include <string>

#include "fuzz.h"

using namespace parley;

namespace {

bool is_known(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr char kMark = '\x01';

/// The same by another way: first marks, which cannot be holes, then the values in their place.
std::string with_marks_replaced(std::string_view text, const std::vector<std::string>& names,
                                const ai::Variables& values) {
  ai::Variables marks;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (values.contains(names[i])) marks[names[i]] = kMark + std::to_string(i) + kMark;
  }
  std::string result;
  std::string rest = ai::fill(text, marks).text;
  for (std::size_t at = rest.find(kMark); at != std::string::npos; at = rest.find(kMark)) {
    const std::size_t end = rest.find(kMark, at + 1);
    result += rest.substr(0, at) + values.at(names[std::stoul(rest.substr(at + 1, end - at - 1))]);
    rest.erase(0, end + 1);
  }
  return result + rest;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::text_of(data, size);
  const std::uint8_t choice = fuzz::take_byte(text);
  const std::vector<std::string> names = ai::variables_of(text);

  const ai::Filled untouched = ai::fill(text, {});
  fuzz::require(untouched.text == text, "without values the text stays");
  fuzz::require(untouched.missing == names, "without values every name is missing");

  // Values that look like holes: were they searched, the second value would appear.
  ai::Variables values;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (((choice >> (i % 8)) & 1) != 0) values[names[i]] = "{{" + names[0] + "}}<" + names[i] + ">";
  }
  const ai::Filled filled = ai::fill(text, values);
  for (const std::string& name : names) {
    fuzz::require(values.contains(name) != is_known(filled.missing, name),
                  "a name has a value or is missing");
  }
  if (text.find(kMark) != std::string_view::npos) return 0;
  fuzz::require(filled.text == with_marks_replaced(text, names, values), "a value is not searched");
  return 0;
}
