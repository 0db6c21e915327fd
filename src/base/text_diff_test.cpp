#include "base/text_diff.h"

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(UnifiedDiff, OfEqualTextsIsEmpty) { EXPECT_EQ(unified_diff("a\nb\n", "a\nb", "x", "y"), ""); }

TEST(UnifiedDiff, ShowsAChangedLineWithThreeLinesAround) {
  EXPECT_EQ(unified_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", "a", "b"),
            "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(UnifiedDiff, KeepsFarChangesInHunksOfTheirOwn) {
  const std::string before = "a\n1\n2\n3\n4\n5\n6\n7\nb\n";
  const std::string after = "A\n1\n2\n3\n4\n5\n6\n7\nb\nc\n";
  EXPECT_EQ(unified_diff(before, after, "x", "y"),
            "--- x\n+++ y\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n"
            "@@ -7,3 +7,4 @@\n 6\n 7\n b\n+c\n");
}

TEST(UnifiedDiff, JoinsNearChangesInOneHunk) {
  EXPECT_EQ(unified_diff("a\n1\n2\nb\n", "A\n1\n2\nB\n", "x", "y"),
            "--- x\n+++ y\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n-b\n+B\n");
}

TEST(UnifiedDiff, CountsFromZeroWhenOneSideIsEmpty) {
  EXPECT_EQ(unified_diff("", "a\nb\n", "x", "y"), "--- x\n+++ y\n@@ -0,0 +1,2 @@\n+a\n+b\n");
}

}  // namespace
}  // namespace parley
