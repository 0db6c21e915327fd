#include "database/mysql/mysql_reader.h"

#include <fmt/format.h>
#include <mysql.h>
#include <sys/socket.h>

#include <algorithm>

#include "database/mysql/mysql_connect.h"
#include "database/mysql/mysql_session.h"
#include "database/mysql/mysql_value.h"
#include "database/mysql/mysql_version.h"

namespace parley::database {
namespace {

constexpr int kGrace = 2;  // seconds

struct CloseResult {
  void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};
using Result = std::unique_ptr<MYSQL_RES, CloseResult>;

unsigned seconds_of(const ReadLimits& limits) {
  const auto whole = std::chrono::ceil<std::chrono::seconds>(limits.timeout);
  return static_cast<unsigned>(std::max<std::int64_t>(1, whole.count()));
}

/// Without CLIENT_MULTI_STATEMENTS a second statement is a syntax error.
MysqlHandle connect(const Url& url, const ReadLimits& limits) {
  return connect_mysql(url, 0, [&](st_mysql* handle) {
    const unsigned patience = seconds_of(limits) + kGrace;
    const unsigned long packet_max = std::max<std::size_t>(limits.bytes_max, 1 << 16);
    mysql_optionsv(handle, MYSQL_OPT_READ_TIMEOUT, &patience);
    mysql_optionsv(handle, MYSQL_OPT_WRITE_TIMEOUT, &patience);
    mysql_optionsv(handle, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet_max);
  });
}

class MysqlReading {
 public:
  MysqlReading(const Url& url, ReadWatch& watch)
      : watch_(watch), session_(connect(url, watch.limits()).release()) {
    const bool is_mariadb =
        parse_mysql_version(mysql_get_server_info(handle())).product == "MariaDB";
    const auto ms = watch_.limits().timeout.count();
    session_.run(
        is_mariadb ? fmt::format("SET SESSION max_statement_time = {}.{:03}", ms / 1000, ms % 1000)
                   : fmt::format("SET SESSION max_execution_time = {}", ms));
    session_.run(
        fmt::format("SET SESSION sql_select_limit = {}, lock_wait_timeout = 5, "
                    "innodb_lock_wait_timeout = 5, time_zone = '+00:00'",
                    watch_.limits().rows_max + 1));
    session_.run("SET SESSION TRANSACTION READ ONLY");
    session_.run("START TRANSACTION READ ONLY");
  }

  ReadRows run(std::string_view sql);

 private:
  void send(std::string_view sql);
  void add_rows(MYSQL_RES* result, ReadRows& rows, std::string_view sql);
  MYSQL* handle() const { return session_.handle(); }

  ReadWatch& watch_;
  MysqlSession session_;
};

void MysqlReading::send(std::string_view sql) {
  if (mysql_send_query(handle(), sql.data(), static_cast<unsigned long>(sql.size())) != 0) {
    session_.fail_now(sql);
  }
  watch_.wait_for_input(static_cast<int>(mysql_get_socket(handle())));
  if (mysql_read_query_result(handle()) != 0) session_.fail_now(sql);
}

std::optional<std::string> value_of(const char* bytes, unsigned long size,
                                    const MYSQL_FIELD& field) {
  if (bytes == nullptr) return std::nullopt;
  if (kind_of(field) == MysqlKind::Binary) return fmt::format("<{} bytes>", size);
  return readable({bytes, size});
}

void MysqlReading::add_rows(MYSQL_RES* result, ReadRows& rows, std::string_view sql) {
  const unsigned columns = mysql_num_fields(result);
  const MYSQL_FIELD* const fields = mysql_fetch_fields(result);
  for (unsigned column = 0; column < columns; ++column) {
    rows.columns.emplace_back(fields[column].name);
  }
  while (const MYSQL_ROW row = mysql_fetch_row(result)) {
    watch_.check();
    const unsigned long* const sizes = mysql_fetch_lengths(result);
    std::vector<std::optional<std::string>> values;
    for (unsigned column = 0; column < columns; ++column) {
      values.push_back(value_of(row[column], sizes[column], fields[column]));
    }
    if (!watch_.add(rows, std::move(values))) return;
  }
  if (mysql_errno(handle()) != 0) session_.fail_now(sql);
}

ReadRows MysqlReading::run(std::string_view sql) {
  send(sql);
  ReadRows rows;
  const Result result(mysql_use_result(handle()));
  if (result == nullptr) return rows;
  try {
    add_rows(result.get(), rows, sql);
  } catch (...) {
    ::shutdown(static_cast<int>(mysql_get_socket(handle())), SHUT_RDWR);
    throw;
  }
  // The library would receive the rows that nobody wants, to the last one.
  if (rows.is_cut) ::shutdown(static_cast<int>(mysql_get_socket(handle())), SHUT_RDWR);
  return rows;
}

}  // namespace

ReadRows read_mysql(const Url& url, std::string_view sql, ReadWatch& watch) {
  return MysqlReading(url, watch).run(sql);
}

ReadRows read_mysql_columns(const Url& url, ReadWatch& watch) {
  return MysqlReading(url, watch)
      .run(
          "SELECT table_name, column_name, column_type FROM information_schema.columns "
          "WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position");
}

}  // namespace parley::database
