#include "http/public_address.h"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

TEST(PublicAddress, IsOneThatAStrangersServerHas) {
  for (const char* address :
       {"8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1",
        "192.0.1.1", "198.17.0.1", "198.20.0.1", "223.255.0.1", "2606:4700::1111", "2a00:1450::1",
        "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"}) {
    EXPECT_TRUE(is_public_address(address)) << address;
  }
}

TEST(PublicAddress, IsNoneOfAnOwnNetwork) {
  for (const char* address :
       {"127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.192",
        "198.19.0.1", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255", "192.0.2.1",
        "198.51.100.7", "203.0.113.7"}) {
    EXPECT_FALSE(is_public_address(address)) << address;
  }
  for (const char* address :
       {"::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1",
        "::127.0.0.1", "2001::1", "2001:db8::1", "3fff::1", "100::1"}) {
    EXPECT_FALSE(is_public_address(address)) << address;
  }
}

TEST(PublicAddress, IsNotHiddenInAnotherForm) {
  for (const char* address :
       {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::a9fe:a9fe",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1"}) {
    EXPECT_FALSE(is_public_address(address)) << address;
  }
}

TEST(PublicAddress, IsNoName) {
  for (const char* text : {"", "example.org", "1.2.3", "0x7f.1", "1.2.3.4.5", "[::1]"}) {
    EXPECT_FALSE(is_public_address(text)) << text;
    EXPECT_FALSE(is_address(text)) << text;
  }
  EXPECT_TRUE(is_address("::1"));
  EXPECT_TRUE(is_address("8.8.8.8"));
}

}  // namespace
}  // namespace parley::http
