#include "migrate/value_text.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/error.h"

namespace parley::migrate {
namespace {

TEST(ValueText, ComesBackAsItWas) {
  const std::vector<Value> values = {Null{},
                                     true,
                                     std::int64_t{0},
                                     std::numeric_limits<std::int64_t>::min(),
                                     0.1,
                                     5e-324,
                                     std::numeric_limits<double>::infinity(),
                                     std::string("a \"quoted\"\nline, 日本"),
                                     Blob{std::string("\0\xff", 2)}};
  EXPECT_EQ(values_from_text(values_to_text(values)), values);
}

TEST(ValueText, RefusesWhatIsNoValue) {
  for (const char* text : {"{}", "[[1]]", R"([{"hex": "0"}])", R"([{"hex": "zz"}])", "[1.5]",
                           R"([{"number": "x"}])", R"([{"other": "1"}])"}) {
    EXPECT_THROW(values_from_text(text), Error) << text;
  }
}

}  // namespace
}  // namespace parley::migrate
