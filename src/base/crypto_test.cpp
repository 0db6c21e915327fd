#include "base/crypto.h"

#include <gtest/gtest.h>

namespace parley {
namespace {

using namespace std::string_literals;

// FIPS 180-4, examples of SHA-256.
TEST(Sha1, GivesThePublishedDigests) {
  EXPECT_EQ(to_hex(sha1("")), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(to_hex(sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

struct HmacCase {
  std::string key;
  std::string data;
  std::string expected;
};

class HmacSha256 : public testing::TestWithParam<HmacCase> {};

TEST_P(HmacSha256, GivesThePublishedCode) {
  EXPECT_EQ(to_hex(hmac_sha256(GetParam().key, GetParam().data)), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc4231, HmacSha256,
    testing::Values(HmacCase{std::string(20, '\x0b'), "Hi There",
                             "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
                    HmacCase{"Jefe", "what do ya want for nothing?",
                             "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
                    HmacCase{std::string(20, '\xaa'), std::string(50, '\xdd'),
                             "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
                    HmacCase{std::string(131, '\xaa'),
                             "Test Using Larger Than Block-Size Key - Hash Key First",
                             "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"}));

TEST(HmacSha256Key, MayBeEmpty) {
  const char* const expected = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
  EXPECT_EQ(to_hex(hmac_sha256("", "")), expected);
  EXPECT_EQ(to_hex(hmac_sha256(std::string_view(), std::string_view())), expected);
}

// RFC 4648 section 10, without the padding.
TEST(Base64Url, GivesThePublishedTexts) {
  EXPECT_EQ(base64url(""), "");
  EXPECT_EQ(base64url("f"), "Zg");
  EXPECT_EQ(base64url("fo"), "Zm8");
  EXPECT_EQ(base64url("foo"), "Zm9v");
  EXPECT_EQ(base64url("foob"), "Zm9vYg");
  EXPECT_EQ(base64url("fooba"), "Zm9vYmE");
  EXPECT_EQ(base64url("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64url("\xfb\xff\xbf"), "-_-_");
}

TEST(Base64, GivesThePublishedTexts) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("\xfb\xff\xbf"), "+/+/");
}

TEST(Base64Url, DecodesWhatItEncodes) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes += static_cast<char>(i);
    EXPECT_EQ(decode_base64url(base64url(bytes)), bytes);
  }
}

TEST(Base64Url, RefusesWhatNoEncoderWrites) {
  for (const char* text :
       {"Z", "Zg==", "Zm9v\n", "Zm+v", "Zm/v", "Zm 9v", "Zm9vé", "Zh", "Zm9", "AAAAA"}) {
    EXPECT_EQ(decode_base64url(text), std::nullopt) << text;
  }
}

TEST(Hex, IsLowerCaseAndKeepsZeroBytes) { EXPECT_EQ(to_hex("\x00\x0f\xf0\xff"s), "000ff0ff"); }

TEST(ConstantTimeEquality, ComparesLengthAndBytes) {
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_TRUE(equal_constant_time("secret", "secret"));
  EXPECT_FALSE(equal_constant_time("secret", "secreT"));
  EXPECT_FALSE(equal_constant_time("secret", "secret "));
  EXPECT_FALSE(equal_constant_time("a\0b"s, "a\0c"s));
}

}  // namespace
}  // namespace parley
