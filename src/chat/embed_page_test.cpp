#include "chat/embed_page.h"

#include <gmock/gmock.h>

#include "chat/wire.h"

namespace parley::chat {
namespace {

using testing::HasSubstr;
using testing::Not;

EmbedPage page_of(std::string name) {
  return {.agent_id = "0195992e-e07b-7000-8000-000000000001",
          .agent_name = std::move(name),
          .token = {},
          .recommended_questions = {},
          .theme = default_theme()};
}

TEST(EmbedPage, EscapesNamesAndQuestions) {
  EmbedPage page = page_of("<script>alert('x')</script> & \"co\"");
  page.recommended_questions = json::array{"</button><img src=x onerror=alert(1)>", 7};
  const std::string body = embed_page(page, "n0").body;
  EXPECT_THAT(body, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(body, Not(HasSubstr("<img")));
  EXPECT_THAT(body,
              HasSubstr("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;co&quot;"));
  EXPECT_THAT(body, HasSubstr("&lt;/button&gt;&lt;img"));
}

TEST(EmbedPage, AThemeCannotLeaveItsStyleSheet) {
  EmbedPage page = page_of("Sales");
  page.theme["primary"] = "red}</style><script>alert(1)</script>";
  page.theme["accent"] = "rgb(1, 2, 3)";
  const std::string body = embed_page(page, "n0").body;
  EXPECT_THAT(body, Not(HasSubstr("alert")));
  EXPECT_THAT(body, HasSubstr("--accent: rgb(1, 2, 3);"));
}

TEST(EmbedPage, ATokenCannotEndTheScript) {
  EmbedPage page = page_of("Sales");
  page.token = "</script><script>alert(1)";
  EXPECT_THAT(embed_page(page, "n0").body, Not(HasSubstr("</script><script>alert")));
}

TEST(EmbedPage, MayStandInAFrameOfAnySiteAndRunsItsOwnScriptOnly) {
  const http::Response response = embed_page(page_of("Sales"), "n0");
  const std::string policy(response.header("Content-Security-Policy"));
  EXPECT_THAT(policy, HasSubstr("frame-ancestors *"));
  EXPECT_THAT(policy, HasSubstr("script-src 'nonce-n0'"));
  EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
}

TEST(EmbedPage, AProblemIsAPageToo) {
  http::Problem problem = http::not_found("No <agent>");
  problem.headers.emplace_back("Retry-After", "7");
  const http::Response response = embed_problem_page(problem);
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.header("Retry-After"), "7");
  EXPECT_THAT(response.body, HasSubstr("No &lt;agent&gt;"));
}

}  // namespace
}  // namespace parley::chat
