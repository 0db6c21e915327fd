#include "migrate/quarantine.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace parley::migrate {
namespace {

using fmt::format;
using namespace schema;

/// The columns of `table` that anybody may fill with anything.
Table bare(const Table& table, const std::string& name) {
  Table beside{.name = name, .columns = table.columns};
  for (Column& column : beside.columns) {
    column.nullable = true;
    column.auto_increment = false;
    column.on_update_now = false;
    column.default_value.reset();
    column.generated.reset();
  }
  return beside;
}

Change statement(std::string sql) { return Execute{{SqlText{"", std::move(sql)}}, {}}; }

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

std::vector<Change> move_rows(const dialect::Dialect& dialect, const Schema& live,
                              const std::string& table, const std::string& beside,
                              const std::string& condition) {
  const Table& from = *live.find_table(table);
  std::vector<std::string> names;
  for (const Column& column : from.columns) names.push_back(dialect.quote(column.name));
  const std::string columns = join(names, ", ");
  const std::string source = dialect.quote(table);
  std::vector<Change> changes;
  if (live.find_table(beside) == nullptr) changes.push_back(CreateTable{bare(from, beside)});
  changes.push_back(statement(format("INSERT INTO {} ({}) SELECT {} FROM {} WHERE {}",
                                     dialect.quote(beside), columns, columns, source, condition)));
  changes.push_back(statement(format("DELETE FROM {} WHERE {}", source, condition)));
  return changes;
}

Quarantine::Quarantine(const dialect::Dialect& dialect, const Schema& live, const Schema& wanted,
                       std::string table_prefix)
    : dialect_(dialect), live_(live), wanted_(wanted), table_prefix_(std::move(table_prefix)) {}

std::vector<std::string> Quarantine::children_first() const {
  std::vector<std::string> ordered;
  std::vector<std::string> seen;
  const auto visit = [&](const auto& again, const Table& table) -> void {
    if (contains(seen, table.name)) return;
    seen.push_back(table.name);
    for (const Table& other : wanted_.tables) {
      const bool refers = std::ranges::any_of(other.foreign_keys, [&](const ForeignKey& key) {
        return key.referenced_table == table.name;
      });
      if (refers) again(again, other);
    }
    if (live_.find_table(table.name) != nullptr) ordered.push_back(table.name);
  };
  for (const Table& table : wanted_.tables) visit(visit, table);
  return ordered;
}

std::string Quarantine::is_lost(const std::string& table) const {
  return is_lost(table, dialect_.quote(table), {table});
}

std::string Quarantine::is_lost(const std::string& table, const std::string& alias,
                                std::vector<std::string> seen) const {
  std::vector<std::string> conditions;
  const Table& live = *live_.find_table(table);
  for (const ForeignKey& key : wanted_.find_table(table)->foreign_keys) {
    const bool is_there = std::ranges::all_of(
        key.columns, [&](const std::string& name) { return live.find_column(name) != nullptr; });
    if (is_there) conditions.push_back(is_dangling(key, table, alias, seen));
  }
  return conditions.empty() ? "" : "(" + join(conditions, " OR ") + ")";
}

std::string Quarantine::is_dangling(const ForeignKey& key, const std::string& table,
                                    const std::string& alias,
                                    const std::vector<std::string>& seen) const {
  const std::string parent = "p" + std::to_string(seen.size());
  std::vector<std::string> present;
  std::vector<std::string> equal;
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const std::string column = alias + "." + dialect_.quote(key.columns[i]);
    present.push_back(column + " IS NOT NULL");
    equal.push_back(
        format("{}.{} = {}", parent, dialect_.quote(key.referenced_columns[i]), column));
  }
  if (live_.find_table(key.referenced_table) == nullptr) return join(present, " AND ");
  std::string lost;
  if (!contains(seen, key.referenced_table) && !sound_.contains(key.referenced_table) &&
      wanted_.find_table(key.referenced_table)) {
    std::vector<std::string> path = seen;
    path.push_back(key.referenced_table);
    lost = is_lost(key.referenced_table, parent, std::move(path));
  }
  // MySQL and MariaDB do not let a DELETE look into its own table, but into a copy of it.
  const std::string name = dialect_.quote(key.referenced_table);
  const std::string rows = key.referenced_table == table ? "(SELECT * FROM " + name + ")" : name;
  return format("{} AND NOT EXISTS (SELECT 1 FROM {} {} WHERE {}{})", join(present, " AND "), rows,
                parent, join(equal, " AND "), lost.empty() ? "" : " AND NOT " + lost);
}

std::string Quarantine::name_for(const std::string& table) const {
  const bool has_prefix = !table_prefix_.empty() && table.starts_with(table_prefix_);
  return "orphaned_" + (has_prefix ? table.substr(table_prefix_.size()) : table);
}

std::vector<Change> Quarantine::move(const std::string& table) const {
  return move_rows(dialect_, live_, table, name_for(table), is_lost(table));
}

}  // namespace parley::migrate
