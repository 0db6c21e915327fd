#pragma once

// Where an agent's data is: a Power BI dataset, or somebody's database. Both show their schema and
// answer queries, each in its own language; neither can be changed through this. Functions block
// and belong on threads that may wait. Any thread.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancellation.h"
#include "base/clock.h"
#include "base/json.h"
#include "http/client.h"

namespace parley::chat {

struct DataSourceSettings {
  /// The only directories whose SQLite files may be asked; empty: none may.
  std::vector<std::string> sqlite_dirs;
  /// The only hosts whose databases may be asked, as configured with the agent; empty: all but
  /// link-local ones.
  std::vector<std::string> allowed_hosts;
  std::string powerbi_authority_url = "https://login.microsoftonline.com";
  std::string powerbi_api_url = "https://api.powerbi.com";
  std::string powerbi_resource = "https://analysis.windows.net/powerbi/api";
  std::chrono::milliseconds database_timeout{30'000};
  std::chrono::milliseconds powerbi_timeout{60'000};
  std::chrono::minutes schema_lifetime{10};
  std::size_t rows_max = 200;
  std::size_t bytes_max = std::size_t{1} << 20;
};

struct DataColumn {
  std::string table;
  std::string name;
  std::string type;
  bool is_text = false;
};

/// What a source holds. `text` is what a model reads of it.
struct DataSchema {
  std::vector<DataColumn> columns;  ///< By table.
  std::string text;

  /// The names of the tables, sorted, each once.
  std::vector<std::string> tables() const;
};

/// What a query gave; NULL is nothing.
struct DataRows {
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;
  bool is_cut = false;  ///< There were more than the first 200.
};

enum class QueryLanguage { Dax, Sql };

class DataSource {
 public:
  virtual ~DataSource() = default;

  virtual QueryLanguage language() const = 0;
  /// The words by which a model knows what to write: `DAX`, `PostgreSQL`…
  virtual std::string language_name() const = 0;

  /// Throws Error: the source is not reached, refuses the credentials, has not answered in time.
  virtual std::shared_ptr<const DataSchema> schema(const Cancellation& cancellation) = 0;

  /// Runs a query. Throws Error with what the source says is wrong with it, or as `schema`.
  virtual DataRows run(const std::string& query, const Cancellation& cancellation) = 0;
};

/// Opens sources, and keeps what they share: the tokens for Power BI, and the schemas for ten
/// minutes. Both belong to one exact configuration: another one, also a corrected secret, never
/// meets what was kept.
class DataSources {
 public:
  /// The client and the clock must outlive it.
  DataSources(DataSourceSettings settings, http::Client& client, const Clock& clock);
  ~DataSources();
  DataSources(const DataSources&) = delete;
  DataSources& operator=(const DataSources&) = delete;

  /// The source of an agent, by its connection type as it is stored and its configuration. Throws
  /// Error{InvalidArgument} when the configuration cannot be used, Error{Forbidden} when the host
  /// or file may not be asked.
  std::unique_ptr<DataSource> open(std::string_view connection_type, const Json& config);

  /// Whether the source can be asked now: `connected, message, workspace_id, dataset_id,
  /// table_count, database_name, host, error`. Nothing is thrown, and nothing kept is used.
  JsonObject check_connection(std::string_view connection_type, const Json& config,
                              const Cancellation& cancellation);

  /// Its schema: `success, message, data, error`; `data` has `tables`, each with its columns, and
  /// the `text` for a model. Nothing is thrown.
  JsonObject get_schema(std::string_view connection_type, const Json& config,
                        const Cancellation& cancellation);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace parley::chat
