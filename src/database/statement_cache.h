#pragma once

// The prepared statements of one connection, found by their text. They stay until the connection is
// closed, because callers keep references: texts must therefore come from a bounded set. One
// thread.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "database/connection.h"

namespace parley::database {

template <class S>
class StatementCache {
 public:
  /// The statement for `sql`, made by `make()` when it is new. What `make` throws leaves no trace.
  template <class Make>
  S& find_or_add(std::string_view sql, Make&& make) {
    if (const auto found = statements_.find(sql); found != statements_.end()) return *found->second;
    return *statements_.emplace(std::string(sql), make()).first->second;
  }

  template <class Function>
  void for_each(Function&& function) {
    for (auto& [sql, statement] : statements_) function(*statement);
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, std::unique_ptr<S>, Hash, std::equal_to<>> statements_;
};

}  // namespace parley::database
