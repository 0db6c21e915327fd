#pragma once

// A connection that can be made to fail: before every statement it calls a hook with the number and
// text of the statement, and the hook may throw, kill the process, or do something to the server.
// Everything else goes to the connection inside. The seam of the fault tests; the program itself
// has none. One thread.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "database/connection.h"

namespace parley::test {

/// Statements are counted from 1; begin and commit count too.
using StatementHook = std::function<void(int number, std::string_view sql)>;

class HookedConnection final : public database::Connection {
 public:
  HookedConnection(std::unique_ptr<database::Connection> inner, StatementHook hook)
      : inner_(std::move(inner)), hook_(std::move(hook)) {}

  database::Connection& inner() { return *inner_; }
  int statements() const { return count_; }

  database::Statement& prepare(std::string_view sql) override;
  void execute(std::string_view sql) override {
    call(sql);
    inner_->execute(sql);
  }
  void begin() override {
    call("BEGIN");
    inner_->begin();
  }
  void begin_read() override { inner_->begin_read(); }
  void commit() override {
    call("COMMIT");
    inner_->commit();
  }
  void rollback() override { inner_->rollback(); }
  bool in_transaction() const override { return inner_->in_transaction(); }
  database::ServerVersion version() const override { return inner_->version(); }
  const database::Url& url() const override { return inner_->url(); }
  std::int64_t last_insert_id() override { return inner_->last_insert_id(); }
  void use_namespace(const std::string& name, Create create) override {
    inner_->use_namespace(name, create);
  }
  std::string namespace_in_use() const override { return inner_->namespace_in_use(); }
  void set_lock_timeout(std::optional<std::chrono::milliseconds> timeout) override {
    inner_->set_lock_timeout(timeout);
  }
  bool try_lock(const std::string& name) override { return inner_->try_lock(name); }
  void unlock(const std::string& name) override { inner_->unlock(name); }
  bool is_alive() override { return inner_->is_alive(); }
  bool is_lost() override { return inner_->is_lost(); }

 private:
  class HookedStatement;

  void call(std::string_view sql) { hook_(++count_, sql); }

  std::unique_ptr<database::Connection> inner_;
  StatementHook hook_;
  int count_ = 0;
  std::map<std::string, std::unique_ptr<database::Statement>, std::less<>> statements_;
};

}  // namespace parley::test
