#include "base/html.h"

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(EscapedHtml, TurnsMarkupIntoText) {
  EXPECT_EQ(escaped_html("<a href=\"x\">Tom & 'Ann'</a>"),
            "&lt;a href=&quot;x&quot;&gt;Tom &amp; &#39;Ann&#39;&lt;/a&gt;");
}

TEST(EscapedHtml, LeavesEverythingElse) {
  EXPECT_EQ(escaped_html("{{name}} grüßt; 1/2\n"), "{{name}} grüßt; 1/2\n");
  EXPECT_EQ(escaped_html("&amp;"), "&amp;amp;");
  EXPECT_EQ(escaped_html(""), "");
}

}  // namespace
}  // namespace parley
