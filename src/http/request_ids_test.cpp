#include "http/request_ids.h"

#include <gtest/gtest.h>

#include <set>

#include "base/ids.h"

namespace parley::http {
namespace {

TEST(RequestIds, AreUuidsOfVersionEight) {
  const std::string id = RequestIds().next();
  EXPECT_TRUE(is_uuid(id)) << id;
  EXPECT_EQ(id[14], '8');
  EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos) << id;
}

TEST(RequestIds, NeverRepeat) {
  std::set<std::string> seen;
  RequestIds one;
  RequestIds other;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(seen.insert(one.next()).second);
    EXPECT_TRUE(seen.insert(other.next()).second);
  }
}

}  // namespace
}  // namespace parley::http
