#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::log {
namespace {

class Log : public testing::Test {
 protected:
  ~Log() override {
    set_plain(false);
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
  set_plain(true);
  EXPECT_EQ(printed_by([] { error("no such table: {}", "users"); }), "no such table: users\n");
}

TEST_F(Log, DropsLinesBelowTheLevel) {
  set_plain(true);
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
  set_plain(true);
  EXPECT_EQ(printed_by([] { write(Level::Info, "{} {0}"); }), "{} {0}\n");
}

}  // namespace
}  // namespace parley::log
