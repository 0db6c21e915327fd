#include "chat/form.h"

#include <gtest/gtest.h>

namespace parley::chat {
namespace {

std::optional<std::string> read(const std::string& type, const std::string& body) {
  http::Request request;
  request.method = "POST";
  if (!type.empty()) request.headers.emplace_back("Content-Type", type);
  request.body = body;
  return form_field(request, "refresh_token");
}

TEST(FormField, IsFoundInAnUrlencodedForm) {
  EXPECT_EQ(read("application/x-www-form-urlencoded", "a=1&refresh_token=x%2By"), "x+y");
  EXPECT_EQ(read("application/x-www-form-urlencoded", "a=1"), std::nullopt);
}

TEST(FormField, IsFoundInAMultipartForm) {
  const std::string body =
      "--b0\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nno\r\n"
      "--b0\r\nContent-Disposition: form-data; name=\"refresh_token\"\r\n\r\na.b.c\r\n--b0--\r\n";
  EXPECT_EQ(read("multipart/form-data; boundary=b0", body), "a.b.c");
  EXPECT_EQ(read("multipart/form-data; boundary=\"b0\"; charset=utf-8", body), "a.b.c");
  EXPECT_EQ(read("multipart/form-data", body), std::nullopt);
  EXPECT_EQ(read("multipart/form-data; boundary=other", body), std::nullopt);
  EXPECT_EQ(read("multipart/form-data; boundary=b0", body.substr(0, 120)), std::nullopt);
}

TEST(FormField, IsFoundInJson) {
  EXPECT_EQ(read("application/json", R"({"refresh_token":"x"})"), "x");
  EXPECT_EQ(read("", R"({"refresh_token":"x"})"), "x");
  EXPECT_EQ(read("application/json", R"({"refresh_token":7})"), std::nullopt);
  EXPECT_EQ(read("application/json", "{"), std::nullopt);
}

TEST(FormField, IsFoundInTheQuery) {
  http::Request request;
  request.query["refresh_token"] = "q";
  EXPECT_EQ(form_field(request, "refresh_token"), "q");
  EXPECT_EQ(form_field(http::Request(), "refresh_token"), std::nullopt);
}

}  // namespace
}  // namespace parley::chat
