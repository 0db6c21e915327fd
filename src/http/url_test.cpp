#include "http/url.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace parley::http {
namespace {

TEST(Url, IsTakenApart) {
  EXPECT_EQ(parse_url("http://hooks.example.org/a/b?c=d#e"),
            (Url{false, "hooks.example.org", 80, "hooks.example.org", "/a/b?c=d"}));
  EXPECT_EQ(parse_url("HTTPS://localhost:8443"),
            (Url{true, "localhost", 8443, "localhost:8443", "/"}));
  EXPECT_EQ(parse_url("https://[::1]:81?x"), (Url{true, "::1", 81, "[::1]:81", "/?x"}));
  EXPECT_EQ(parse_url("https://[::1]/x").port, 443);
}

TEST(Url, RefusesWhatCannotBeCalled) {
  for (const char* text :
       {"", "example.org", "ftp://example.org/", "http:/example.org", "http://", "http://:80/",
        "http://user:secret@example.org/", "http://example.org:/", "http://example.org:0/",
        "http://example.org:65536/", "http://example.org:8x/", "http://[::1/", "http://[::1]x/",
        "http://example.org/a b", "http://example.org/\r\nX: y", "http://example.org/\xc3\xa4"}) {
    EXPECT_THROW(parse_url(text), Error) << text;
  }
}

}  // namespace
}  // namespace parley::http
