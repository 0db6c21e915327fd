#include "chat/powerbi.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/crypto.h"
#include "base/error.h"
#include "base/text.h"
#include "chat/config_text.h"
#include "chat/powerbi_schema.h"

namespace parley::chat {
namespace {

constexpr std::chrono::seconds kTokenSpare{60};
constexpr std::size_t kTokensMax = 1000;
constexpr std::size_t kWordsMax = 500;
constexpr std::size_t kRowsOfSchemaMax = 5000;

/// Percent-encodes everything that RFC 3986 does not leave unreserved.
std::string encoded(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') ||
                          std::string_view("-._~").find(c) != std::string_view::npos;
    result += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

const Json* find(const Json* value, std::string_view name) {
  const auto* object = value == nullptr ? nullptr : value->if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

const Json* first(const Json* value) {
  const auto* list = value == nullptr ? nullptr : value->if_array();
  return list == nullptr || list->empty() ? nullptr : &list->front();
}

std::string text_in(const Json* value, std::string_view name) {
  const Json* found = find(value, name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::optional<Json> json_of(std::string_view text) {
  try {
    return parse_json(text);
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// `details: [{code: "DetailsMessage", detail: {value: "…"}}]`
std::string details_in(const Json* error) {
  const Json* details = find(find(error, "pbi.error"), "details");
  const auto* list = details == nullptr ? nullptr : details->if_array();
  if (list == nullptr) return {};
  for (const Json& entry : *list) {
    if (text_in(&entry, "code") == "DetailsMessage")
      return text_in(find(&entry, "detail"), "value");
  }
  return {};
}

std::optional<std::string> text_of(const Json& value) {
  if (value.is_null()) return std::nullopt;
  std::string text = value.is_string() ? std::string(value.get_string()) : to_text(value);
  std::erase(text, '\0');
  return text;
}

ErrorCode code_of(int status) {
  if (status == 401 || status == 403) return ErrorCode::PermissionDenied;
  if (status == 404) return ErrorCode::UnknownDatabase;
  return status >= 500 || status == 429 ? ErrorCode::Unavailable : ErrorCode::InvalidArgument;
}

class PowerBiSource final : public DataSource {
 public:
  PowerBiSource(const DataSourceSettings& settings, http::Client& client, PowerBiTokens& tokens,
                const Json& config);

  QueryLanguage language() const override { return QueryLanguage::Dax; }
  std::string language_name() const override { return "DAX"; }
  std::shared_ptr<const DataSchema> schema(const Cancellation& cancellation) override;
  DataRows run(const std::string& query, const Cancellation& cancellation) override {
    return run(query, settings_.rows_max, cancellation);
  }

 private:
  DataRows run(const std::string& query, std::size_t rows_max, const Cancellation& cancellation);
  std::optional<DataRows> try_to_run(const std::string& query, const Cancellation& cancellation);
  http::ClientAnswer call(http::ClientRequest request, std::string_view what,
                          const Cancellation& cancellation);
  http::ClientAnswer execute(const std::string& query, const Cancellation& cancellation);
  std::string token(const Cancellation& cancellation);
  std::string fetch_token(const Cancellation& cancellation);

  const DataSourceSettings& settings_;
  http::Client& client_;
  PowerBiTokens& tokens_;
  const std::string tenant_;
  const std::string client_id_;
  const std::string secret_;
  const std::string query_url_;
  const std::string credentials_;  ///< The key of their token.
};

std::string url_of_queries(const DataSourceSettings& settings, const Json& config) {
  return fmt::format("{}/v1.0/myorg/groups/{}/datasets/{}/executeQueries", settings.powerbi_api_url,
                     encoded(config_text(config, "workspace_id")),
                     encoded(config_text(config, "dataset_id")));
}

PowerBiSource::PowerBiSource(const DataSourceSettings& settings, http::Client& client,
                             PowerBiTokens& tokens, const Json& config)
    : settings_(settings),
      client_(client),
      tokens_(tokens),
      tenant_(config_text(config, "tenant_id")),
      client_id_(config_text(config, "client_id")),
      secret_(config_text(config, "client_secret")),
      query_url_(url_of_queries(settings, config)),
      credentials_(to_hex(sha256(to_text(json::array{tenant_, client_id_, secret_})))) {}

http::ClientAnswer PowerBiSource::call(http::ClientRequest request, std::string_view what,
                                       const Cancellation& cancellation) {
  request.method = "POST";
  request.timeout = settings_.powerbi_timeout;
  request.cancellation = cancellation;
  const auto outcome = http::send_and_wait(client_, std::move(request));
  if (const auto* answer = std::get_if<http::ClientAnswer>(&outcome)) return *answer;
  const auto& error = std::get<Error>(outcome);
  throw Error(error.code(), fmt::format("{}: {}", what, error.what()));
}

std::string PowerBiSource::fetch_token(const Cancellation& cancellation) {
  const auto answer = call(
      {.url = fmt::format("{}/{}/oauth2/v2.0/token", settings_.powerbi_authority_url,
                          encoded(tenant_)),
       .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
       .body = fmt::format("grant_type=client_credentials&client_id={}&client_secret={}&scope={}",
                           encoded(client_id_), encoded(secret_),
                           encoded(settings_.powerbi_resource + "/.default"))},
      "No token for Power BI", cancellation);
  const auto body = json_of(answer.body);
  const std::string token = body ? text_in(&*body, "access_token") : std::string();
  if (!answer.is_success() || token.empty()) {
    const std::string words = body ? text_in(&*body, "error_description") : std::string();
    throw Error(ErrorCode::PermissionDenied,
                fmt::format("Power BI gives no token (status {}){}{}", answer.status,
                            words.empty() ? "" : ": ", first_code_points(words, kWordsMax)));
  }
  const Json* lifetime = find(&*body, "expires_in");
  tokens_.keep(credentials_, token,
               std::chrono::seconds(
                   lifetime != nullptr && lifetime->is_int64() ? lifetime->get_int64() : 0));
  return token;
}

std::string PowerBiSource::token(const Cancellation& cancellation) {
  std::string token = tokens_.find(credentials_);
  return token.empty() ? fetch_token(cancellation) : token;
}

http::ClientAnswer PowerBiSource::execute(const std::string& query,
                                          const Cancellation& cancellation) {
  const JsonObject body{{"queries", json::array{JsonObject{{"query", query}}}},
                        {"serializerSettings", JsonObject{{"includeNulls", true}}}};
  return call({.url = query_url_,
               .headers = {{"Content-Type", "application/json"},
                           {"Authorization", "Bearer " + token(cancellation)}},
               .body = to_text(body)},
              "Power BI did not answer", cancellation);
}

DataRows PowerBiSource::run(const std::string& query, std::size_t rows_max,
                            const Cancellation& cancellation) {
  http::ClientAnswer answer = execute(query, cancellation);
  if (answer.status == 401) {  // A token may be called back before its time.
    tokens_.forget(credentials_);
    answer = execute(query, cancellation);
  }
  if (!answer.is_success()) {
    throw Error(code_of(answer.status), powerbi_error_text(answer.status, answer.body));
  }
  const auto body = json_of(answer.body);
  if (!body) throw Error(ErrorCode::Unavailable, "The answer of Power BI is no JSON");
  return powerbi_rows(*body, rows_max);
}

/// For what not every dataset tells.
std::optional<DataRows> PowerBiSource::try_to_run(const std::string& query,
                                                  const Cancellation& cancellation) {
  try {
    return run(query, kRowsOfSchemaMax, cancellation);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::InvalidArgument) throw;
    return std::nullopt;
  }
}

std::shared_ptr<const DataSchema> PowerBiSource::schema(const Cancellation& cancellation) {
  PowerBiSchemaRows rows;
  rows.tables = run(std::string(kTablesQuery), kRowsOfSchemaMax, cancellation);
  rows.columns = run(std::string(kColumnsQuery), kRowsOfSchemaMax, cancellation);
  rows.relationships = try_to_run(std::string(kRelationshipsQuery), cancellation);
  rows.measures = try_to_run(std::string(kMeasuresQuery), cancellation);
  return std::make_shared<const DataSchema>(powerbi_schema(rows));
}

}  // namespace

std::string PowerBiTokens::find(const std::string& credentials) const {
  const std::lock_guard lock(mutex_);
  const auto kept = by_credentials_.find(credentials);
  const bool is_good = kept != by_credentials_.end() && clock_.now() < kept->second.until;
  return is_good ? kept->second.token : std::string();
}

void PowerBiTokens::keep(const std::string& credentials, std::string token,
                         std::chrono::seconds lifetime) {
  if (lifetime <= kTokenSpare) return;
  const std::lock_guard lock(mutex_);
  if (by_credentials_.size() >= kTokensMax) by_credentials_.clear();
  by_credentials_[credentials] = {.token = std::move(token),
                                  .until = clock_.now() + lifetime - kTokenSpare};
}

void PowerBiTokens::forget(const std::string& credentials) {
  const std::lock_guard lock(mutex_);
  by_credentials_.erase(credentials);
}

std::unique_ptr<DataSource> open_powerbi_source(const DataSourceSettings& settings,
                                                http::Client& client, PowerBiTokens& tokens,
                                                const Json& config) {
  return std::make_unique<PowerBiSource>(settings, client, tokens, config);
}

DataRows powerbi_rows(const Json& answer, std::size_t rows_max) {
  const Json* result = first(find(&answer, "results"));
  if (const Json* error = find(result, "error"); error != nullptr && error->is_object()) {
    throw Error(ErrorCode::InvalidArgument,
                powerbi_error_text(200, to_text(JsonObject{{"error", *error}})));
  }
  const Json* found = find(first(find(result, "tables")), "rows");
  const auto* rows = found == nullptr ? nullptr : found->if_array();
  if (rows == nullptr) throw Error(ErrorCode::Unavailable, "The answer of Power BI has no rows");
  DataRows table;
  for (const Json& row : *rows) {
    if (!row.is_object()) continue;
    if (table.rows.size() >= rows_max) {
      table.is_cut = true;
      break;
    }
    if (table.columns.empty()) {
      for (const auto& field : row.get_object()) table.columns.emplace_back(field.key());
    }
    auto& values = table.rows.emplace_back();
    for (const std::string& column : table.columns) {
      const Json* value = row.get_object().if_contains(column);
      values.push_back(value == nullptr ? std::nullopt : text_of(*value));
    }
  }
  return table;
}

std::string powerbi_error_text(int status, std::string_view body) {
  const auto answer = json_of(body);
  const Json* error = answer ? find(&*answer, "error") : nullptr;
  for (const std::string& words :
       {details_in(error), text_in(error, "message"), text_in(error, "code")}) {
    if (!words.empty()) return fmt::format("Power BI: {}", first_code_points(words, kWordsMax));
  }
  return fmt::format("Power BI answered with status {}", status);
}

std::string dax_column(std::string_view table, std::string_view column) {
  std::string text = "'";
  for (const char c : table) text += c == '\'' ? std::string("''") : std::string(1, c);
  text += "'[";
  for (const char c : column) text += c == ']' ? std::string("]]") : std::string(1, c);
  return text + "]";
}

}  // namespace parley::chat
