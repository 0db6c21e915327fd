#include "chat/data_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "base/crypto.h"
#include "base/error.h"
#include "chat/database_source.h"
#include "chat/powerbi.h"

namespace parley::chat {
namespace {

constexpr std::size_t kSchemasMax = 500;

/// A text of the configuration to show; null when it has none.
Json shown(const Json& config, std::string_view key) {
  const auto* object = config.if_object();
  const Json* value = object == nullptr ? nullptr : object->if_contains(key);
  return value != nullptr && value->is_string() ? *value : Json();
}

json::array tables_json(const DataSchema& schema) {
  json::array tables;
  for (const std::string& table : schema.tables()) {
    json::array columns;
    for (const DataColumn& column : schema.columns) {
      if (column.table != table) continue;
      columns.push_back(JsonObject{{"name", column.name}, {"type", column.type}});
    }
    tables.push_back(JsonObject{{"name", table}, {"columns", std::move(columns)}});
  }
  return tables;
}

/// Schemas for the time that they are good. Any thread.
class SchemaCache {
 public:
  SchemaCache(const Clock& clock, std::chrono::minutes lifetime)
      : clock_(clock), lifetime_(lifetime) {}

  std::shared_ptr<const DataSchema> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto kept = schemas_.find(key);
    const bool is_good = kept != schemas_.end() && clock_.now() < kept->second.until;
    return is_good ? kept->second.schema : nullptr;
  }

  void keep(const std::string& key, std::shared_ptr<const DataSchema> schema) {
    const std::lock_guard lock(mutex_);
    const Timestamp now = clock_.now();
    std::erase_if(schemas_, [&](const auto& entry) { return entry.second.until <= now; });
    if (schemas_.size() >= kSchemasMax) schemas_.clear();
    schemas_[key] = {.schema = std::move(schema), .until = now + lifetime_};
  }

 private:
  struct Kept {
    std::shared_ptr<const DataSchema> schema;
    Timestamp until;
  };

  const Clock& clock_;
  const std::chrono::minutes lifetime_;
  mutable std::mutex mutex_;
  std::map<std::string, Kept> schemas_;
};

/// A source whose schema is kept for those who ask next.
class CachedSource final : public DataSource {
 public:
  CachedSource(SchemaCache& cache, std::string key, std::unique_ptr<DataSource> source)
      : cache_(cache), key_(std::move(key)), source_(std::move(source)) {}

  QueryLanguage language() const override { return source_->language(); }
  std::string language_name() const override { return source_->language_name(); }
  std::shared_ptr<const DataSchema> schema(const Cancellation& cancellation) override {
    if (auto kept = cache_.find(key_)) return kept;
    auto schema = source_->schema(cancellation);
    cache_.keep(key_, schema);
    return schema;
  }
  DataRows run(const std::string& query, const Cancellation& cancellation) override {
    return source_->run(query, cancellation);
  }

 private:
  SchemaCache& cache_;
  const std::string key_;
  const std::unique_ptr<DataSource> source_;
};

}  // namespace

std::vector<std::string> DataSchema::tables() const {
  std::vector<std::string> names;
  for (const DataColumn& column : columns) names.push_back(column.table);
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

struct DataSources::State {
  State(DataSourceSettings given, http::Client& http_client, const Clock& clock)
      : settings(std::move(given)),
        client(http_client),
        tokens(clock),
        schemas(clock, settings.schema_lifetime) {}

  std::unique_ptr<DataSource> open(std::string_view connection_type, const Json& config) {
    if (connection_type == "POWERBI") return open_powerbi_source(settings, client, tokens, config);
    if (connection_type == "DB") return open_database_source(settings, config);
    throw Error(ErrorCode::InvalidArgument,
                fmt::format("The connection type {} is not supported", connection_type));
  }

  const DataSourceSettings settings;
  http::Client& client;
  PowerBiTokens tokens;
  SchemaCache schemas;
};

DataSources::DataSources(DataSourceSettings settings, http::Client& client, const Clock& clock)
    : state_(std::make_unique<State>(std::move(settings), client, clock)) {}

DataSources::~DataSources() = default;

std::unique_ptr<DataSource> DataSources::open(std::string_view connection_type,
                                              const Json& config) {
  std::string key = to_hex(sha256(std::string(connection_type) + to_text(config)));
  return std::make_unique<CachedSource>(state_->schemas, std::move(key),
                                        state_->open(connection_type, config));
}

JsonObject DataSources::check_connection(std::string_view connection_type, const Json& config,
                                         const Cancellation& cancellation) {
  JsonObject answer{{"connected", false},
                    {"message", "The data source cannot be asked"},
                    {"workspace_id", shown(config, "workspace_id")},
                    {"dataset_id", shown(config, "dataset_id")},
                    {"table_count", nullptr},
                    {"database_name", shown(config, "database")},
                    {"host", shown(config, "host")},
                    {"error", nullptr}};
  try {
    const auto schema = state_->open(connection_type, config)->schema(cancellation);
    answer["connected"] = true;
    answer["message"] = "The data source answers";
    answer["table_count"] = schema->tables().size();
  } catch (const Error& error) {
    answer["error"] = error.what();
  }
  return answer;
}

JsonObject DataSources::get_schema(std::string_view connection_type, const Json& config,
                                   const Cancellation& cancellation) {
  JsonObject answer{{"success", false},
                    {"message", "The schema cannot be read"},
                    {"data", nullptr},
                    {"error", nullptr}};
  try {
    const auto schema = state_->open(connection_type, config)->schema(cancellation);
    answer["success"] = true;
    answer["message"] = "This is the schema";
    answer["data"] = JsonObject{{"tables", tables_json(*schema)}, {"text", schema->text}};
  } catch (const Error& error) {
    answer["error"] = error.what();
  }
  return answer;
}

}  // namespace parley::chat
