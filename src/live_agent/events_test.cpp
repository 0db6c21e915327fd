#include "live_agent/events.h"

#include <gtest/gtest.h>

namespace parley::live_agent {
namespace {

SessionRow session() {
  return {.id = "6f1b0e52-8c9e-4b1b-9d55-0a7a4e1f2c33",
          .tenant_domain = " Shop.Example ",
          .user_account = "ann \"the\" user@x"};
}

TEST(Audience, HasTheSameTextWhetherOrNotTheObjectIsMade) {
  SessionRow row = session();
  EXPECT_EQ(audience_text(row), to_text(audience_of(row)));
  row.assigned_agent_id = 7;
  EXPECT_EQ(audience_text(row), to_text(audience_of(row)));
}

}  // namespace
}  // namespace parley::live_agent
