#include "chat/database_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "chat/config_text.h"
#include "chat/host_rules.h"
#include "chat/sql_guard.h"
#include "database/reader.h"

namespace parley::chat {
namespace {

using database::Engine;

struct Kind {
  std::string_view type;  ///< As the configuration says it.
  Engine engine;
  std::string_view language;
};

constexpr auto kKinds = std::to_array<Kind>({{"postgresql", Engine::Postgresql, "PostgreSQL"},
                                             {"postgres", Engine::Postgresql, "PostgreSQL"},
                                             {"mysql", Engine::Mysql, "MySQL"},
                                             {"mariadb", Engine::Mysql, "MariaDB"},
                                             {"sqlite", Engine::Sqlite, "SQLite"}});

const Kind& kind_of(const std::string& type) {
  const auto* const kind = std::ranges::find(kKinds, lower(trim(type)), &Kind::type);
  if (kind != kKinds.end()) return *kind;
  throw Error(ErrorCode::InvalidArgument,
              fmt::format("The database type {} is not supported", first_code_points(type, 50)));
}

int port_of(const Json& config) {
  const Json* port = config.as_object().if_contains("port");
  constexpr std::int64_t kPortMax = 65535;
  if (port == nullptr || !port->is_int64() || port->get_int64() < 0 ||
      port->get_int64() > kPortMax) {
    throw Error(ErrorCode::InvalidArgument, "Invalid DB config: port is no port");
  }
  return static_cast<int>(port->get_int64());
}

database::Url url_of(const DataSourceSettings& settings, const Kind& kind, const Json& config) {
  database::Url url;
  url.engine = kind.engine;
  const std::string host = config_text(config, "host");
  if (kind.type == "sqlite") {
    url.database = database_file(host, settings.sqlite_dirs);
    return url;
  }
  url.host = address_of(host, settings.allowed_hosts);
  url.port = port_of(config);
  url.user = config_text(config, "username");
  url.password = config_text(config, "password");
  url.database = config_text(config, "database");
  return url;
}

bool is_text(const std::string& type) {
  const std::string word = lower(type);
  return word.find("char") != std::string::npos || word.find("text") != std::string::npos;
}

/// `cities(id integer, name varchar(20))`, a table a line.
std::string text_of(const std::vector<DataColumn>& columns) {
  constexpr std::size_t kTextMax = 60'000;
  std::string text;
  std::string_view table;
  for (const DataColumn& column : columns) {
    if (text.size() > kTextMax) return text + ", …)";
    if (column.table == table) {
      text += ", ";
    } else {
      text += fmt::format("{}{}(", text.empty() ? "" : ")\n", column.table);
    }
    table = column.table;
    text += fmt::format("{}{}{}", column.name, column.type.empty() ? "" : " ", column.type);
  }
  return text.empty() ? "There are no tables." : text + ")";
}

class DatabaseSource final : public DataSource {
 public:
  DatabaseSource(const DataSourceSettings& settings, const Kind& kind, database::Url url)
      : limits_{.timeout = settings.database_timeout,
                .rows_max = settings.rows_max,
                .bytes_max = settings.bytes_max},
        kind_(kind),
        url_(std::move(url)) {}

  QueryLanguage language() const override { return QueryLanguage::Sql; }
  std::string language_name() const override { return std::string(kind_.language); }

  std::shared_ptr<const DataSchema> schema(const Cancellation& cancellation) override {
    auto schema = std::make_shared<DataSchema>();
    for (auto& column : database::read_columns(url_, limits_, cancellation)) {
      const bool has_text = is_text(column.type);
      schema->columns.push_back(
          {std::move(column.table), std::move(column.name), std::move(column.type), has_text});
    }
    schema->text = text_of(schema->columns);
    return schema;
  }

  DataRows run(const std::string& query, const Cancellation& cancellation) override {
    if (const auto reason = refusal_of(query)) throw Error(ErrorCode::Forbidden, *reason);
    auto rows = database::read(url_, query, limits_, cancellation);
    return {std::move(rows.columns), std::move(rows.rows), rows.is_cut};
  }

 private:
  const database::ReadLimits limits_;
  const Kind& kind_;
  const database::Url url_;
};

}  // namespace

std::unique_ptr<DataSource> open_database_source(const DataSourceSettings& settings,
                                                 const Json& config) {
  const Kind& kind = kind_of(config_text(config, "database_type"));
  return std::make_unique<DatabaseSource>(settings, kind, url_of(settings, kind, config));
}

}  // namespace parley::chat
