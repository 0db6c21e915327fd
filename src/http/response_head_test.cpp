#include "http/response_head.h"

#include <gtest/gtest.h>

#include "base/log.h"

namespace parley::http {
namespace {

constexpr std::string_view kDate = "Sun, 06 Nov 1994 08:49:37 GMT";

TEST(ResponseHead, HasTheServersFields) {
  Response response;
  response.status = 201;
  response.body = "{}";
  response.headers = {{"Retry-After", "3"}};
  EXPECT_EQ(response_head(response, "id-1", kDate, AfterAnswer::KeepOpen),
            "HTTP/1.1 201 Created\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "X-Request-Id: id-1\r\n"
            "X-Content-Type-Options: nosniff\r\n"
            "Content-Type: application/json\r\n"
            "Content-Length: 2\r\n"
            "Retry-After: 3\r\n"
            "\r\n");
}

TEST(ResponseHead, SaysThatTheConnectionCloses) {
  const std::string head = response_head({}, "id", kDate, AfterAnswer::Close);
  EXPECT_NE(head.find("\r\nConnection: close\r\n"), std::string::npos);
}

TEST(ResponseHead, HasNoLengthWithoutABody) {
  Response response;
  response.status = 204;
  const std::string head = response_head(response, "id", kDate, AfterAnswer::KeepOpen);
  EXPECT_EQ(head.find("\r\nContent-Type:"), std::string::npos);
  EXPECT_EQ(head.find("Content-Length"), std::string::npos);
}

TEST(ResponseHead, LeavesOutFieldsThatWouldBreakTheFraming) {
  log::set_level(log::Level::Off);
  Response response;
  response.headers = {
      {"X-Bad", "a\r\nSet-Cookie: b"},  {"Bad Name", "1"}, {"", "2"}, {"content-length", "99"},
      {"Transfer-Encoding", "chunked"}, {"X-Good", "b\tc"}};
  response.content_type = "text/html\n";
  const std::string head = response_head(response, "id", kDate, AfterAnswer::KeepOpen);
  log::set_level(log::Level::Info);
  EXPECT_EQ(head.substr(head.find("nosniff")),
            "nosniff\r\nContent-Length: 0\r\nX-Good: b\tc\r\n\r\n");
}

TEST(DateText, IsAnImfFixdate) {
  DateText date;
  EXPECT_EQ(date.at(std::chrono::sys_seconds(std::chrono::seconds(784111777))), kDate);
  EXPECT_EQ(date.at(std::chrono::sys_seconds(std::chrono::seconds(784111778))),
            "Sun, 06 Nov 1994 08:49:38 GMT");
}

}  // namespace
}  // namespace parley::http
