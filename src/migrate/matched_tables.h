#pragma once

// The tables of two schemas side by side: which are the same table, which are gone, which are new,
// and what the old ones look like once names have changed and enums have their new values. The
// ground that diff stands on; internal to it. Pure.

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "migrate/renames.h"
#include "schema/change.h"
#include "schema/schema.h"

namespace parley::migrate {

/// One table on both sides.
struct MatchedTable {
  const schema::Table* old = nullptr;     ///< As it is called now.
  const schema::Table* base = nullptr;    ///< The same with its new names; lists as in `old`.
  const schema::Table* wanted = nullptr;  ///< As it shall be.
};

class MatchedTables {
 public:
  MatchedTables(const schema::Schema& from, const schema::Schema& to, const Renames& renames);

  const std::vector<MatchedTable>& kept() const { return kept_; }  ///< In the order of `to`.
  const std::vector<const schema::Table*>& gone() const { return gone_; }
  const std::vector<const schema::Table*>& created() const { return created_; }

  /// By the name it will have; null when it is gone or new.
  const MatchedTable* find(const std::string& table) const;

  /// RenameTable, then RenameColumn.
  const std::vector<schema::Change>& renames() const { return renames_; }
  /// AlterColumn in the old names for defaults that go with their value, and AlterEnum.
  const std::vector<schema::Change>& enum_changes() const { return enum_changes_; }

  /// True when the column gets another type, or values that its enum no longer has.
  bool is_retyped(const MatchedTable& table, const schema::Column& base_column) const;

 private:
  void match(const schema::Schema& to);
  void drop_defaults_that_go(const schema::AlterEnum& change);
  void alter_enums(const schema::Schema& from, const schema::Schema& to);
  void rename();

  Renames names_;
  schema::Schema base_;
  std::vector<const schema::Table*> old_;  ///< Of each table of `base_`.
  std::vector<MatchedTable> kept_;
  std::vector<const schema::Table*> gone_;
  std::vector<const schema::Table*> created_;
  std::unordered_map<std::string, std::size_t> positions_;
  std::vector<schema::Change> renames_;
  std::vector<schema::Change> enum_changes_;
  std::unordered_set<std::string> rewritten_enums_;
};

}  // namespace parley::migrate
