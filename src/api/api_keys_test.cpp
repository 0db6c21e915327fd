#include "api/api_keys.h"

#include <gmock/gmock.h>

#include "store/query.h"
#include "support/create_table.h"
#include "support/databases.h"

namespace parley::api {
namespace {

using namespace std::chrono_literals;

TEST(Scopes, AreWordsWithCommas) {
  const Scopes scopes = Scopes::parse("write, read").value();
  EXPECT_TRUE(scopes.has(Scope::Read));
  EXPECT_TRUE(scopes.has(Scope::Write));
  EXPECT_FALSE(scopes.has(Scope::Admin));
  EXPECT_EQ(scopes.text(), "read,write");
  EXPECT_EQ(Scopes::all().text(), "read,write,admin");
  for (const char* text : {"", "read,", "reads", "READ", "read write"}) {
    EXPECT_FALSE(Scopes::parse(text)) << text;
  }
}

TEST(ApiKeyOfRequest, IsTheHeaderOrABearerTokenWithItsPrefix) {
  http::Request request;
  EXPECT_FALSE(api_key_hash_in(request));
  request.headers = {{"Authorization", "Bearer eyJh.e30.x"}};
  EXPECT_FALSE(api_key_hash_in(request));
  request.headers = {{"Authorization", "bearer  pk_1 "}};
  const auto hash = api_key_hash_in(request);
  ASSERT_TRUE(hash);
  EXPECT_EQ(hash->size(), 64U);
  request.headers = {{"Authorization", "Bearer eyJh.e30.x"}, {"x-api-key", "pk_1"}};
  EXPECT_EQ(api_key_hash_in(request), hash);
}

class ApiKeysTest : public testing::TestWithParam<test::TestEngine> {
 protected:
  ApiKeysTest() { test::create_table<store::ApiKeyRow>(*connection); }

  CreatedApiKey create() {
    CreatedApiKey created;
    store.write_and_wait([&](store::UnitOfWork& unit) {
      created = create_api_key(unit.connection,
                               {.user_id = "ada@example.org",
                                .label = "the shop",
                                .scopes = Scopes::parse("read").value(),
                                .tenant = std::nullopt},
                               store.now());
    });
    return created;
  }
  void revoke(std::int64_t id) {
    store.write_and_wait(
        [&](store::UnitOfWork& unit) { revoke_api_key(unit.connection, id, store.now()); });
  }
  /// What somebody is told who comes with that key; empty when it is taken.
  std::string refusal(ApiKeys& keys, const std::string& key) {
    http::Request request;
    request.headers = {{"X-API-Key", key}};
    try {
      keys.use(*connection, api_key_hash_in(request).value());
    } catch (const http::Problem& problem) {
      EXPECT_EQ(problem.status, 401);
      return problem.detail;
    }
    return {};
  }
  store::ApiKeyRow stored() { return list_api_keys(*connection).front(); }

  ManualClock clock{parse_timestamp("2025-03-15T10:00:00Z").value()};
  test::TestDatabase database{GetParam()};
  std::unique_ptr<database::Connection> connection = database.connect();
  store::Store store{[this] { return database.connect(); }, clock};
};
INSTANTIATE_TEST_SUITE_P(Engines, ApiKeysTest, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<test::TestEngine>>);

TEST_P(ApiKeysTest, KeepOnlyTheDigest) {
  const CreatedApiKey created = create();
  EXPECT_TRUE(created.key.starts_with("pk_"));
  EXPECT_EQ(created.key.size(), 3U + 64U);
  EXPECT_EQ(stored().key_hash.size(), 64U);
  EXPECT_EQ(stored().key_hash.find(created.key.substr(3)), std::string::npos);
  EXPECT_NE(create().key, created.key);
}

TEST_P(ApiKeysTest, RefuseAKeyThatIsForged) {
  ApiKeys keys(store, clock);
  std::string key = create().key;
  EXPECT_EQ(refusal(keys, key), "");
  key.back() = key.back() == '0' ? '1' : '0';
  EXPECT_NE(refusal(keys, key), "");
  EXPECT_NE(refusal(keys, stored().key_hash), "");
}

TEST_P(ApiKeysTest, RefuseARevokedKeyAfterSomeSecondsOnEveryNode) {
  ApiKeys here(store, clock);
  ApiKeys elsewhere(store, clock);
  const CreatedApiKey created = create();
  EXPECT_EQ(refusal(here, created.key), "");
  revoke(created.row.id);
  EXPECT_NE(refusal(elsewhere, created.key), "");
  clock.advance(ApiKeys::kRemembered - 1us);
  EXPECT_EQ(refusal(here, created.key), "");
  clock.advance(1us);
  EXPECT_NE(refusal(here, created.key), "");
}

TEST_P(ApiKeysTest, NoteTheLastUseAfterwards) {
  const CreatedApiKey created = create();
  {
    ApiKeys keys(store, clock);
    refusal(keys, created.key);
    clock.advance(1s);
    refusal(keys, created.key);
  }
  EXPECT_EQ(stored().last_used_at, clock.now());
}

TEST_P(ApiKeysTest, AreRevokedOnce) {
  const CreatedApiKey created = create();
  revoke(created.row.id);
  const auto revoked_at = stored().revoked_at;
  clock.advance(1h);
  revoke(created.row.id);
  EXPECT_EQ(stored().revoked_at, revoked_at);
  EXPECT_FALSE(revoke_api_key(*connection, 99, clock.now()));
}

}  // namespace
}  // namespace parley::api
