#include "database/postgresql/postgresql_connect.h"

#include <libpq-fe.h>

#include <string>
#include <utility>
#include <vector>

#include "database/failure.h"
#include "database/postgresql/postgresql_error.h"

namespace parley::database {
namespace {

// The connection parameters of libpq. Later ones win, so that options can replace the defaults.
std::vector<std::pair<std::string, std::string>> connection_parameters(const Url& url) {
  std::vector<std::pair<std::string, std::string>> parameters = {{"connect_timeout", "5"},
                                                                 {"application_name", "parley"}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) parameters.emplace_back(name, value);
  };
  add("host", url.host);
  add("port", url.port == 0 ? "" : std::to_string(url.port));
  add("user", url.user);
  add("password", url.password);
  add("dbname", url.database);
  for (const auto& [name, value] : url.options) parameters.emplace_back(name, value);
  // All texts are UTF-8 here, whatever the URL or the environment says.
  parameters.emplace_back("client_encoding", "UTF8");
  return parameters;
}

pg_conn* begin(const Url& url) {
  const auto parameters = connection_parameters(url);
  std::vector<const char*> names;
  std::vector<const char*> values;
  for (const auto& [name, value] : parameters) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  return PQconnectdbParams(names.data(), values.data(), 0);
}

}  // namespace

pg_conn* connect_postgresql(const Url& url) {
  pg_conn* const handle = begin(url);
  if (PQstatus(handle) == CONNECTION_OK) {
    PQsetNoticeProcessor(handle, [](void*, const char*) {}, nullptr);
    return handle;
  }
  const std::string reason = PQerrorMessage(handle);
  PQfinish(handle);
  fail(classify_postgresql_connect(reason), "cannot connect to " + url.redacted() + ": " + reason);
}

}  // namespace parley::database
