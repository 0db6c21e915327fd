#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

struct Counted {
  int* formatted;
};

template <>
struct fmt::formatter<Counted> {
  constexpr auto parse(format_parse_context& context) { return context.begin(); }
  auto format(const Counted& counted, format_context& context) const {
    ++*counted.formatted;
    return fmt::format_to(context.out(), "counted");
  }
};

namespace parley::log {
namespace {

class Log : public testing::Test {
 protected:
  ~Log() override {
    set_format(Format::Text);
    set_level(Level::Info);
  }

  template <class Action>
  std::string printed_by(const Action& action) {
    testing::internal::CaptureStderr();
    action();
    return testing::internal::GetCapturedStderr();
  }
};

TEST_F(Log, PrintsTimeAndLevelBeforeTheLine) {
  const std::string line = printed_by([] { info("listening on {}", 8000); });
  EXPECT_THAT(line, testing::MatchesRegex("[0-9-]+T[0-9:.]+Z info listening on 8000\n"));
}

TEST_F(Log, PrintsTheBareLineWhenPlain) {
  set_format(Format::Plain);
  EXPECT_EQ(printed_by([] { error("no such table: {}", "users"); }), "no such table: users\n");
}

TEST_F(Log, DropsLinesBelowTheLevel) {
  set_format(Format::Plain);
  EXPECT_EQ(printed_by([] { debug("unseen"); }), "");
  set_level(Level::Warning);
  EXPECT_EQ(printed_by([] {
              info("unseen");
              warning("seen");
            }),
            "seen\n");
  set_level(Level::Off);
  EXPECT_EQ(printed_by([] { error("unseen"); }), "");
}

TEST_F(Log, LetsNoTextForgeALineOfItsOwn) {
  const std::string printed = printed_by([] { info("path {}", "/a\n2025 error forged\x1b[2J"); });
  EXPECT_NE(printed.find("path /a\\x0a2025 error forged\\x1b[2J\n"), std::string::npos) << printed;
}

TEST_F(Log, TakesNoBracesInALineForAFormat) {
  set_format(Format::Plain);
  EXPECT_EQ(printed_by([] { write(Level::Info, "{} {0}"); }), "{} {0}\n");
}

TEST_F(Log, DoesNotFormatWhatItDrops) {
  int formatted = 0;
  debug("{}", Counted{&formatted});
  EXPECT_EQ(formatted, 0);
  EXPECT_THAT(printed_by([&] { info("{}", Counted{&formatted}); }),
              testing::EndsWith(" counted\n"));
  EXPECT_EQ(formatted, 1);
}

TEST_F(Log, PutsFieldsBehindTheLine) {
  const auto fields = std::to_array<Field>(
      {{"path", "/a"}, {"status", 200}, {"agent", "two words"}, {"empty", ""}, {"odd", "a\nb"}});
  const std::string line = printed_by([&] { write(Level::Info, "request", fields); });
  EXPECT_THAT(line, testing::EndsWith(" info request path=/a status=200 agent=\"two words\" "
                                      "empty=\"\" odd=a\\x0ab\n"));
}

TEST_F(Log, WritesAnObjectPerLineAsJson) {
  set_format(Format::Json);
  const auto fields = std::to_array<Field>({{"path", "/\"\n\xff"}, {"status", 200}});
  const std::string line = printed_by([&] { write(Level::Warning, "re\"quest {}", fields); });
  const Json object = parse_json(line);
  EXPECT_EQ(object.at("level"), "warning");
  EXPECT_EQ(object.at("message"), "re\"quest {}");
  EXPECT_EQ(object.at("path"), "/\"\n\xc3\xbf");
  EXPECT_EQ(object.at("status"), 200);
  EXPECT_TRUE(object.at("time").as_string().ends_with("Z"));
}

}  // namespace
}  // namespace parley::log
