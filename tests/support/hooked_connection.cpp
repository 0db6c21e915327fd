#include "support/hooked_connection.h"

namespace parley::test {

class HookedConnection::HookedStatement final : public database::Statement {
 public:
  HookedStatement(HookedConnection& owner, std::string sql, database::Statement& inner)
      : owner_(owner), sql_(std::move(sql)), inner_(inner) {}

  using database::Statement::execute;
  void execute(std::span<const Value> parameters) override {
    owner_.call(sql_);
    inner_.execute(parameters);
  }
  bool next() override { return inner_.next(); }
  int column_count() const override { return inner_.column_count(); }
  std::string column_name(int column) const override { return inner_.column_name(column); }
  Value value(int column) const override { return inner_.value(column); }
  std::int64_t affected_rows() const override { return inner_.affected_rows(); }
  void reset() override { inner_.reset(); }

 private:
  HookedConnection& owner_;
  std::string sql_;
  database::Statement& inner_;
};

database::Statement& HookedConnection::prepare(std::string_view sql) {
  const auto known = statements_.find(sql);
  if (known != statements_.end()) return *known->second;
  auto statement = std::make_unique<HookedStatement>(*this, std::string(sql), inner_->prepare(sql));
  return *statements_.emplace(std::string(sql), std::move(statement)).first->second;
}

}  // namespace parley::test
