#include "chat/host_rules.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/databases.h"
#include "support/errors.h"

namespace parley::chat {
namespace {

using test::code_of;

TEST(HostRules, GiveTheAddressOfAHost) {
  EXPECT_EQ(address_of("127.0.0.1", {}), "127.0.0.1");
  EXPECT_EQ(address_of("10.1.2.3", {"db.example.org", "10.1.2.3"}), "10.1.2.3");
  EXPECT_EQ(address_of("::1", {}), "::1");
  const std::string local = address_of("localhost", {"LocalHost"});
  EXPECT_TRUE(local == "127.0.0.1" || local == "::1") << local;
}

TEST(HostRules, RefuseWhereCloudsKeepTheirSecrets) {
  for (const char* host :
       {"169.254.169.254", "169.254.0.1", "fe80::1", "::ffff:169.254.169.254", "fd00:ec2::254",
        "64:ff9b::a9fe:a9fe", "100.100.100.200", "168.63.129.16", "2852039166"}) {
    EXPECT_EQ(code_of([&] { address_of(host, {}); }), ErrorCode::Forbidden) << host;
    EXPECT_EQ(code_of([&] { address_of(host, {host}); }), ErrorCode::Forbidden) << host;
  }
}

TEST(HostRules, RefuseWhatIsNoHost) {
  for (const char* host : {"", "/var/run/postgresql", "@socket", "a,b", "a b", "a?b=c", "a@b"}) {
    EXPECT_EQ(code_of([&] { address_of(host, {}); }), ErrorCode::Forbidden) << host;
  }
}

TEST(HostRules, RefuseAHostThatIsNotAllowed) {
  EXPECT_EQ(code_of([] { address_of("127.0.0.1", {"db.example.org"}); }), ErrorCode::Forbidden);
}

TEST(HostRules, SayThatNobodyKnowsAHost) {
  EXPECT_EQ(code_of([] { address_of("nowhere.invalid", {}); }), ErrorCode::CannotConnect);
}

TEST(HostRules, OpenFilesOfTheDirectoriesOnly) {
  namespace fs = std::filesystem;
  const test::TemporaryDirectory root;
  const std::string open = root.path() + "/open";
  fs::create_directories(open + "/deep");
  fs::create_directories(root.path() + "/open-not");
  for (const char* name : {"/open/a.db", "/open/deep/b.db", "/secret.db", "/open-not/c.db"}) {
    std::ofstream(root.path() + name) << "x";
  }
  fs::create_symlink(root.path() + "/secret.db", open + "/link.db");

  EXPECT_EQ(database_file(open + "/a.db", {open}), fs::canonical(open + "/a.db"));
  EXPECT_EQ(database_file(open + "/deep/b.db", {"/missing", open + "/"}),
            fs::canonical(open + "/deep/b.db"));
  for (const std::string& path : std::vector<std::string>{
           root.path() + "/secret.db", open + "/../secret.db", open + "/link.db",
           root.path() + "/open-not/c.db", open + "/missing.db", open, std::string("a.db")}) {
    EXPECT_EQ(code_of([&] { database_file(path, {open}); }), ErrorCode::Forbidden) << path;
  }
  EXPECT_EQ(code_of([&] { database_file(open + "/a.db", {}); }), ErrorCode::Forbidden);
}

}  // namespace
}  // namespace parley::chat
