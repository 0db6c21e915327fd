#include "chat/agent_config.h"

#include <gtest/gtest.h>

namespace parley::chat {
namespace {

JsonObject db_config() {
  return {{"host", "db.example"}, {"username", "reader"}, {"database", "shop"},
          {"password", "secret"}, {"port", 5432},         {"database_type", "postgresql"}};
}

TEST(AgentConfig, NamesEveryMissingKeyInOrder) {
  EXPECT_EQ(config_problem(ConnectionType::PowerBi, JsonObject{{"client_id", "c"}}),
            "Invalid PowerBI config: missing tenant_id, workspace_id, dataset_id, client_secret");
  JsonObject config = db_config();
  config.erase("host");
  config["database_type"] = nullptr;
  EXPECT_EQ(config_problem(ConnectionType::Db, config),
            "Invalid DB config: missing host, database_type");
}

TEST(AgentConfig, APortIsAWholeNumber) {
  for (const Json& port : {Json("5432"), Json(-1), Json(65536), Json(1.5)}) {
    JsonObject config = db_config();
    config["port"] = port;
    EXPECT_EQ(config_problem(ConnectionType::Db, config), "Invalid DB config: wrong value of port");
  }
}

TEST(AgentConfig, AFileNeedsNoUserAndPassword) {
  JsonObject config = db_config();
  config["username"] = "";
  config["password"] = "";
  config["port"] = 0;
  EXPECT_EQ(config_problem(ConnectionType::Db, config), std::nullopt);
}

TEST(AgentConfig, WhatIsStoredMayBeAnything) {
  EXPECT_TRUE(config_problem("DB", Json(nullptr)).has_value());
  EXPECT_TRUE(config_problem("ORACLE", db_config()).has_value());
}

TEST(AgentConfig, TheMaskKeepsTheStoredSecret) {
  JsonObject sent = db_config();
  sent["host"] = "other.example";
  sent["password"] = "********";
  const Json merged = unmasked_config(sent, db_config());
  EXPECT_EQ(merged.at("password"), "secret");
  EXPECT_EQ(merged.at("host"), "other.example");
}

}  // namespace
}  // namespace parley::chat
