#include "http/compression.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace parley::http {
namespace {

std::string decompressed(std::string_view bytes) {
  std::string text(1 << 20, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

Request taking(const std::string& encodings) {
  Request request;
  request.headers.emplace_back("Accept-Encoding", encodings);
  return request;
}

Response json_of(std::size_t bytes) {
  Response response;
  response.body = std::string(bytes, 'x');
  response.headers = {{"ETag", "\"1\""}};
  return response;
}

TEST(AcceptsGzip, ReadsWeights) {
  for (const char* text : {"gzip", "deflate, gzip;q=1.0, *;q=0.5", "GZIP", "x-gzip", "*",
                           "br , gzip ; q=0.001", "identity;q=0.5, gzip", "gzip, identity"}) {
    EXPECT_TRUE(accepts_gzip(text)) << text;
  }
  for (const char* text : {"", "br", "identity", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *",
                           "identity, gzip;q=0.5", "gzip;q=2", "gzip;q=x", "gzip;q=", "gzip;q=nan",
                           "gzipped", ",,;"}) {
    EXPECT_FALSE(accepts_gzip(text)) << text;
  }
}

TEST(Gzip, CanBeUsedAgain) {
  Gzip gzip;
  for (const std::string& text : {std::string("hello"), std::string(), std::string(500'000, 'y')}) {
    EXPECT_EQ(decompressed(gzip.compress(text)), text);
  }
}

TEST(CompressBody, MakesALargeTextSmaller) {
  Gzip gzip;
  Response response = json_of(2000);
  compress_body(gzip, taking("gzip"), response, 1024);
  EXPECT_LT(response.body.size(), 200u);
  EXPECT_EQ(decompressed(response.body), std::string(2000, 'x'));
  EXPECT_EQ(response.header("Content-Encoding"), "gzip");
  EXPECT_EQ(response.header("Vary"), "Accept-Encoding");
  EXPECT_EQ(response.header("ETag"), "W/\"1\"");
}

TEST(CompressBody, TellsCachesWhenTheClientTakesItPlain) {
  Gzip gzip;
  Response response = json_of(2000);
  compress_body(gzip, taking("br"), response, 1024);
  EXPECT_EQ(response.body.size(), 2000u);
  EXPECT_EQ(response.header("Vary"), "Accept-Encoding");
  EXPECT_EQ(response.header("ETag"), "\"1\"");
}

TEST(CompressBody, LeavesTheRestAlone) {
  Gzip gzip;
  Response small = json_of(1023);
  Response image = json_of(2000);
  image.content_type = "image/png";
  Response encoded = json_of(2000);
  encoded.headers.emplace_back("Content-Encoding", "br");
  Response fixed = json_of(2000);
  fixed.headers.emplace_back("Cache-Control", "private, no-transform");
  for (Response* response : {&small, &image, &encoded, &fixed}) {
    const std::string before = response->body;
    compress_body(gzip, taking("gzip"), *response, 1024);
    EXPECT_EQ(response->body, before);
    EXPECT_EQ(response->header("Vary"), "");
  }
}

}  // namespace
}  // namespace parley::http
