#include "base/json_number.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

namespace parley {

void append_number(std::string& text, double value) {
  if (!std::isfinite(value)) {
    text += "null";
    return;
  }
  const std::size_t begin = text.size();
  fmt::format_to(std::back_inserter(text), "{}", value);
  if (text.find_first_of(".e", begin) == std::string::npos) text += ".0";
}

}  // namespace parley
