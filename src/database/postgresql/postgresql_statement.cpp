#include "database/postgresql/postgresql_statement.h"

#include <libpq-fe.h>

#include <charconv>

#include <fmt/format.h>

#include "base/check.h"
#include "base/overloaded.h"
#include "database/failure.h"

namespace parley::database {
namespace {

// Type OIDs, fixed in PostgreSQL's pg_type.dat.
constexpr Oid kBool = 16;
constexpr Oid kBytea = 17;
constexpr Oid kInt8 = 20;
constexpr Oid kInt2 = 21;
constexpr Oid kInt4 = 23;
constexpr Oid kFloat4 = 700;
constexpr Oid kFloat8 = 701;

constexpr int kText = 0;
constexpr int kBinary = 1;

// The parameters as libpq wants them. Strings and blobs stay where they are; the server infers the
// types.
class Parameters {
 public:
  Parameters(std::span<const Value> values, std::string_view sql) {
    texts_.reserve(values.size());
    for (const Value& value : values) add(value, sql);
  }
  int count() const { return static_cast<int>(pointers_.size()); }
  const char* const* pointers() const { return pointers_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  void add(const Value& value, std::string_view sql) {
    std::visit(
        overloaded{[&](Null) { add(nullptr, 0, kText); },
                   [&](bool truth) { add(truth ? "t" : "f", 1, kText); },
                   [&](std::int64_t number) { add_text(std::to_string(number)); },
                   [&](double number) { add_text(fmt::format("{}", number)); },
                   [&](const std::string& text) {
                     // libpq reads text up to its first NUL and would cut it silently.
                     if (text.find('\0') != std::string::npos) {
                       fail(ErrorCode::InvalidArgument,
                            "PostgreSQL cannot store text with a NUL character", sql);
                     }
                     add(text.c_str(), text.size(), kText);
                   },
                   [&](const Blob& blob) { add(blob.bytes.c_str(), blob.bytes.size(), kBinary); }},
        value);
  }
  void add_text(std::string text) {
    const std::string& kept = texts_.emplace_back(std::move(text));
    add(kept.c_str(), kept.size(), kText);
  }
  void add(const char* pointer, std::size_t length, int format) {
    pointers_.push_back(pointer);
    lengths_.push_back(static_cast<int>(length));
    formats_.push_back(format);
  }

  std::vector<std::string> texts_;  ///< Never grows past its reserve: pointers into it stay valid.
  std::vector<const char*> pointers_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
};

template <class Number>
Number number_in(std::string_view text) {
  Number number{};
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Blob blob_in(const char* text) {
  std::size_t size = 0;
  const std::unique_ptr<unsigned char, void (*)(void*)> bytes(
      PQunescapeBytea(reinterpret_cast<const unsigned char*>(text), &size), PQfreemem);
  PARLEY_CHECK(bytes != nullptr);
  return Blob{std::string(reinterpret_cast<const char*>(bytes.get()), size)};
}

// The plan that the server keeps under a name no longer fits: the tables have changed, or a proxy
// in between has handed us another server connection.
bool is_stale_plan(const PGresult* result) {
  const char* sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  if (sqlstate == nullptr || message == nullptr) return false;
  const std::string_view state = sqlstate;
  return state == "26000" || (state == "0A000" && std::string_view(message).find("cached plan") !=
                                                      std::string_view::npos);
}

// PostgreSQL counts the rows of a SELECT too.
std::int64_t changed_rows(PGresult* result) {
  const std::string_view command = PQcmdStatus(result);
  const bool changes = command.starts_with("INSERT") || command.starts_with("UPDATE") ||
                       command.starts_with("DELETE") || command.starts_with("MERGE");
  return changes ? number_in<std::int64_t>(PQcmdTuples(result)) : 0;
}

}  // namespace

PostgresqlStatement::PostgresqlStatement(PostgresqlSession& session, std::string_view sql,
                                         std::string name)
    : session_(session), sql_(sql), numbered_(number_placeholders(sql)), name_(std::move(name)) {
  prepare();
}

void PostgresqlStatement::prepare() {
  const std::string name = fmt::format("{}_{}", name_, ++generation_);
  session_.checked(PQprepare(session_.handle(), name.c_str(), numbered_.sql.c_str(), 0, nullptr),
                   sql_);
  must_prepare_ = false;
}

void PostgresqlStatement::execute(std::span<const Value> parameters) {
  PARLEY_CHECK(parameters.size() == static_cast<std::size_t>(numbered_.parameters));
  reset();
  result_ = run(parameters);
  columns_ = PQnfields(result_.get());
  affected_rows_ = changed_rows(result_.get());
}

PostgresqlResult PostgresqlStatement::run(std::span<const Value> parameters) {
  const Parameters bound(parameters, sql_);
  while (true) {
    const bool is_fresh = must_prepare_;
    if (must_prepare_) prepare();
    const std::string name = fmt::format("{}_{}", name_, generation_);
    PostgresqlResult result(PQexecPrepared(session_.handle(), name.c_str(), bound.count(),
                                           bound.pointers(), bound.lengths(), bound.formats(),
                                           kText));
    must_prepare_ = is_stale_plan(result.get());
    // Inside a transaction the error has already ended it; the next execution gets the new plan.
    if (!must_prepare_ || is_fresh || session_.in_transaction()) {
      return session_.checked(result.release(), sql_);
    }
  }
}

bool PostgresqlStatement::next() {
  if (result_ == nullptr) return false;
  if (row_ + 1 < PQntuples(result_.get())) return ++row_, true;
  reset();
  return false;
}

int PostgresqlStatement::column_count() const { return columns_; }

std::string PostgresqlStatement::column_name(int column) const {
  PARLEY_CHECK(result_ != nullptr);
  return PQfname(result_.get(), column);
}

Value PostgresqlStatement::value(int column) const {
  PARLEY_CHECK(result_ != nullptr && row_ >= 0 && column >= 0 && column < columns_);
  const PGresult* result = result_.get();
  if (PQgetisnull(result, row_, column) == 1) return Null{};
  const char* bytes = PQgetvalue(result, row_, column);
  const std::string_view text(bytes, static_cast<std::size_t>(PQgetlength(result, row_, column)));
  switch (PQftype(result, column)) {
    case kBool: return text == "t";
    case kInt2:
    case kInt4:
    case kInt8: return number_in<std::int64_t>(text);
    case kFloat4:
    case kFloat8: return number_in<double>(text);
    case kBytea: return blob_in(bytes);
    default: return std::string(text);
  }
}

void PostgresqlStatement::reset() {
  result_.reset();
  row_ = -1;
}

}  // namespace parley::database
