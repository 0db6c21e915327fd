#include "support/fake_powerbi.h"

#include <fmt/format.h>

namespace parley::test {
namespace {

constexpr const char* kJson = "application/json";

ScriptedReply rows_reply(json::array rows) {
  const JsonObject table{{"rows", std::move(rows)}};
  const JsonObject result{{"tables", json::array{table}}};
  return http_reply(200, kJson, to_text(JsonObject{{"results", json::array{result}}}));
}

Json column_row(const char* name, const char* type) {
  return JsonObject{{"[Table]", "Sales"}, {"[Name]", name}, {"[DataType]", type}};
}

}  // namespace

FakePowerBi::FakePowerBi()
    : server_([this](const ScriptedRequest& request) { return reply_to(request); }) {}

Json FakePowerBi::config() {
  return JsonObject{{"tenant_id", "tenant 1"},
                    {"client_id", "app"},
                    {"client_secret", "s&cret"},
                    {"workspace_id", "work/space"},
                    {"dataset_id", "data"}};
}

void FakePowerBi::will_give(json::array rows) { will(rows_reply(std::move(rows))); }

void FakePowerBi::will_refuse(const std::string& message) {
  const JsonObject detail{{"code", "DetailsMessage"}, {"detail", JsonObject{{"value", message}}}};
  const JsonObject error{{"code", "DatasetExecuteQueriesError"},
                         {"pbi.error", JsonObject{{"details", json::array{detail}}}}};
  will(http_reply(400, kJson, to_text(JsonObject{{"error", error}})));
}

void FakePowerBi::will(ScriptedReply reply) {
  const std::lock_guard lock(mutex_);
  replies_.push_back(std::move(reply));
}

void FakePowerBi::void_tokens() {
  const std::lock_guard lock(mutex_);
  first_good_token_ = tokens_ + 1;
}

void FakePowerBi::refuse_credentials() {
  const std::lock_guard lock(mutex_);
  refuses_credentials_ = true;
}

std::vector<std::string> FakePowerBi::queries() const {
  const std::lock_guard lock(mutex_);
  return queries_;
}

std::size_t FakePowerBi::schema_queries() const {
  const std::lock_guard lock(mutex_);
  return schema_queries_;
}

std::size_t FakePowerBi::tokens_given() const {
  const std::lock_guard lock(mutex_);
  return tokens_;
}

ScriptedReply FakePowerBi::reply_to(const ScriptedRequest& request) {
  const std::lock_guard lock(mutex_);
  if (request.target == "/tenant%201/oauth2/v2.0/token") return token_reply(request);
  if (request.target == "/v1.0/myorg/groups/work%2Fspace/datasets/data/executeQueries") {
    return query_reply(request);
  }
  return http_reply(404, kJson, R"({"error":{"code":"PowerBIEntityNotFound"}})");
}

ScriptedReply FakePowerBi::token_reply(const ScriptedRequest& request) {
  constexpr const char* kWanted =
      "grant_type=client_credentials&client_id=app&client_secret=s%26cret&"
      "scope=https%3A%2F%2Fanalysis.windows.net%2Fpowerbi%2Fapi%2F.default";
  if (refuses_credentials_ || request.body != kWanted) {
    return http_reply(401, kJson,
                      R"({"error":"invalid_client","error_description":"Wrong secret."})");
  }
  const JsonObject token{{"access_token", fmt::format("token-{}", ++tokens_)},
                         {"expires_in", 3600}};
  return http_reply(200, kJson, to_text(token));
}

ScriptedReply FakePowerBi::query_reply(const ScriptedRequest& request) {
  bool is_known = false;
  for (std::size_t i = first_good_token_; i <= tokens_; ++i) {
    is_known = is_known || request.header("Authorization") == fmt::format("Bearer token-{}", i);
  }
  if (!is_known) return http_reply(401, kJson, R"({"error":{"code":"TokenExpired"}})");
  const JsonObject body = request.json();
  const std::string query(body.at("queries").as_array().at(0).at("query").as_string());
  if (const auto rows = schema_rows(query)) {
    ++schema_queries_;
    return rows_reply(*rows);
  }
  queries_.push_back(query);
  if (replies_.empty()) return rows_reply({});
  ScriptedReply reply = std::move(replies_.front());
  replies_.pop_front();
  return reply;
}

std::optional<json::array> FakePowerBi::schema_rows(const std::string& query) {
  if (query.find("INFO.VIEW.TABLES") != std::string::npos) {
    return json::array{JsonObject{{"[Name]", "Sales"}, {"[Description]", "What was sold"}}};
  }
  if (query.find("INFO.VIEW.COLUMNS") != std::string::npos) {
    return json::array{column_row("RowNumber-2662979B", "Int64"), column_row("City", "Text"),
                       column_row("Amount", "Int64")};
  }
  if (query.find("INFO.VIEW.RELATIONSHIPS") != std::string::npos) return json::array{};
  if (query.find("INFO.VIEW.MEASURES") != std::string::npos) {
    return json::array{JsonObject{
        {"[Table]", "Sales"},
        {"[Name]", "Total"},
        {"[Expression]", "SUM(Sales[Amount])" + std::string(300, ' ') + std::string(300, 'x')}}};
  }
  return std::nullopt;
}

}  // namespace parley::test
