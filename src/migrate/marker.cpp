#include "migrate/marker.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"

namespace parley::migrate {
namespace {

constexpr std::string_view kAlembicVersion = "alembic_version";
constexpr std::string_view kSchemaVersion = "schema_version";

/// As Alembic creates it (alembic/runtime/migration.py), so that either tool can come second.
schema::Table alembic_table() {
  return {
      .name = std::string(kAlembicVersion),
      .columns = {schema::Column{.name = "version_num", .type = schema::string(32)}},
      .primary_key = schema::PrimaryKey{.name = "alembic_version_pkc", .columns = {"version_num"}}};
}

schema::Table schema_version_table() {
  schema::Type moment = schema::datetime_with_time_zone();
  moment.precision = 6;
  return {.name = std::string(kSchemaVersion),
          .columns = {schema::Column{.name = "version", .type = schema::integer()},
                      schema::Column{.name = "applied_at",
                                     .type = moment,
                                     .nullable = true,
                                     .default_value = schema::CurrentTimestamp{}}},
          .primary_key = schema::PrimaryKey{.columns = {"version"}}};
}

std::optional<int> number_in(std::string_view text) {
  int number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data(), end, number);
  if (problem != std::errc() || rest != end) return std::nullopt;
  return number;
}

/// The highest of the versions; what is no number says nothing.
std::vector<std::string> highest(const std::vector<std::string>& versions) {
  std::optional<int> highest;
  for (const std::string& version : versions) highest = std::max(highest, number_in(version));
  if (!highest) return {};
  return {std::to_string(*highest)};
}

std::vector<std::string> rows_of(database::Connection& connection, const std::string& query) {
  std::vector<std::string> rows;
  for (const auto& row : database::query(connection, query)) {
    if (!is_null(row.front())) rows.push_back(database::text_of(row.front()));
  }
  return rows;
}

}  // namespace

std::string_view Marker::object() const {
  switch (kind) {
    case MarkerKind::AlembicVersion: return kAlembicVersion;
    case MarkerKind::SchemaVersion: return kSchemaVersion;
    case MarkerKind::None: return "parley_revisions";
  }
  return {};
}

bool Marker::is_table(std::string_view table) const {
  return kind != MarkerKind::None && table == object();
}

std::optional<schema::Table> Marker::table() const {
  switch (kind) {
    case MarkerKind::AlembicVersion: return alembic_table();
    case MarkerKind::SchemaVersion: return schema_version_table();
    case MarkerKind::None: break;
  }
  return std::nullopt;
}

std::optional<std::vector<std::string>> Marker::read(database::Connection& connection) const {
  if (kind == MarkerKind::None) return std::nullopt;
  const bool is_alembic = kind == MarkerKind::AlembicVersion;
  try {
    auto ids = rows_of(connection, is_alembic ? "SELECT version_num FROM alembic_version ORDER BY 1"
                                              : "SELECT version FROM schema_version");
    if (!is_alembic) ids = highest(ids);
    for (std::string& id : ids) {
      if (const auto alias = aliases.find(id); alias != aliases.end()) id = alias->second;
    }
    return ids;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::UnknownTable) return std::nullopt;
    throw;
  }
}

void Marker::write(database::Connection& connection,
                   const std::vector<std::string>& revisions) const {
  if (kind == MarkerKind::None || read(connection) == revisions) return;
  const bool is_alembic = kind == MarkerKind::AlembicVersion;
  connection.execute(fmt::format("DELETE FROM {}", object()));
  for (const std::string& revision : revisions) {
    const Value value =
        is_alembic ? Value(revision) : Value(std::int64_t{number_in(revision).value_or(0)});
    connection
        .prepare(fmt::format("INSERT INTO {} ({}) VALUES (?)", object(),
                             is_alembic ? "version_num" : "version"))
        .execute({value});
  }
}

}  // namespace parley::migrate
