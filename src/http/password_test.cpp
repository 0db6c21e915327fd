#include "http/password.h"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

TEST(Password, VerifiesWhatItHashed) {
  const std::string stored = hash_password("correct horse");
  EXPECT_TRUE(stored.starts_with("$argon2id$v=19$"));
  EXPECT_TRUE(verify_password("correct horse", stored));
  EXPECT_FALSE(verify_password("correct horsf", stored));
  EXPECT_FALSE(verify_password("", stored));
}

TEST(Password, HashesWithASaltOfItsOwn) {
  EXPECT_NE(hash_password("correct horse"), hash_password("correct horse"));
}

/// Vectors of crypt_blowfish; a password of ASCII has the same digest under all three prefixes.
TEST(Password, VerifiesBcryptTexts) {
  for (const std::string prefix : {"$2a$", "$2b$", "$2y$"}) {
    EXPECT_TRUE(verify_password(
        "U*U", prefix + "05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
    EXPECT_TRUE(verify_password(
        "U*U*U", prefix + "05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"));
    EXPECT_FALSE(verify_password(
        "U*V", prefix + "05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
  }
}

/// As passlib writes them.
TEST(Password, VerifiesPbkdf2Texts) {
  const std::string stored =
      "$pbkdf2-sha256$29000$yMnKy8zNzs/Q0dLT1NXW1w$2sQRidcQyrZgIBkFv9HNrbH9hzwoYs5aUf04n8wepu0";
  EXPECT_TRUE(verify_password("correct horse", stored));
  EXPECT_FALSE(verify_password("correct horsf", stored));
  for (const std::string& broken :
       {stored + "x", stored.substr(0, stored.size() - 1), std::string("$pbkdf2-sha256$29000$$"),
        "$pbkdf2-sha256$0" + stored.substr(20), "$pbkdf2-sha256$999999999" + stored.substr(20),
        std::string("$pbkdf2-sha256$")}) {
    EXPECT_FALSE(verify_password("correct horse", broken)) << broken;
  }
}

TEST(Password, RefusesOtherStoredTexts) {
  const std::string bcrypt = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  for (const std::string& stored :
       {std::string(), std::string("U*U"), std::string("*0"), std::string("$argon2id$"),
        bcrypt.substr(0, 59), bcrypt + "x", "$2x$" + bcrypt.substr(4), "$5$" + bcrypt.substr(3),
        std::string(60, 'x'), std::string("$2a$99$") + bcrypt.substr(7)}) {
    EXPECT_FALSE(verify_password("U*U", stored)) << stored;
  }
}

/// crypt(3) would stop at the zero byte and accept the password in front of it.
TEST(Password, RefusesAPasswordWithAZeroByte) {
  using namespace std::string_view_literals;
  EXPECT_FALSE(
      verify_password("U*U\0x"sv, "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
}

TEST(Password, AcceptsEightCharactersTo256Bytes) {
  EXPECT_FALSE(is_acceptable_password("1234567"));
  EXPECT_TRUE(is_acceptable_password("12345678"));
  EXPECT_FALSE(is_acceptable_password("éééé"));
  EXPECT_TRUE(is_acceptable_password("123456", 6));
  EXPECT_FALSE(is_acceptable_password("12345", 6));
  EXPECT_TRUE(is_acceptable_password("éééééééé"));
  EXPECT_TRUE(is_acceptable_password(std::string(256, 'x')));
  EXPECT_FALSE(is_acceptable_password(std::string(257, 'x')));
  EXPECT_FALSE(is_acceptable_password("12345678\xff"));
  EXPECT_FALSE(is_acceptable_password(std::string(8, '\0')));
}

}  // namespace
}  // namespace parley::http
