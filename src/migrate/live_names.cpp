#include "migrate/live_names.h"

#include <vector>

namespace parley::migrate {

using namespace schema;

const Table* LiveNames::table(const std::string& table) const {
  if (created_.contains(table)) return nullptr;
  const auto old = old_tables_.find(table);
  return live_.find_table(old == old_tables_.end() ? table : old->second);
}

const Column* LiveNames::column(const std::string& table, const std::string& column) const {
  const Table* found = this->table(table);
  if (found == nullptr || created_columns_.contains({table, column})) return nullptr;
  const auto old = old_columns_.find({table, column});
  return found->find_column(old == old_columns_.end() ? column : old->second);
}

std::optional<std::vector<std::string>> LiveNames::columns(
    const std::string& table, const std::vector<std::string>& columns) const {
  std::vector<std::string> names;
  for (const std::string& each : columns) {
    const Column* found = column(table, each);
    if (found == nullptr) return std::nullopt;
    names.push_back(found->name);
  }
  return names;
}

bool LiveNames::has_new_rows(const std::string& table) const {
  return is_anything_written_ || written_.contains(table);
}

void LiveNames::pass(const Change& change) {
  if (const auto* create = std::get_if<CreateTable>(&change)) {
    created_.insert(create->table.name);
  } else if (const auto* add = std::get_if<AddColumn>(&change)) {
    created_columns_.insert({add->table, add->column.name});
  } else if (const auto* fill = std::get_if<Backfill>(&change)) {
    written_.insert(fill->table);
  } else if (std::holds_alternative<Execute>(change)) {
    is_anything_written_ = true;
  } else if (const auto* rename = std::get_if<RenameTable>(&change)) {
    const Table* old = table(rename->table);
    if (old == nullptr) created_.insert(rename->new_name);
    if (old != nullptr) old_tables_[rename->new_name] = old->name;
    if (written_.contains(rename->table)) written_.insert(rename->new_name);
  } else if (const auto* column = std::get_if<RenameColumn>(&change)) {
    const Column* old = this->column(column->table, column->column);
    if (old == nullptr) created_columns_.insert({column->table, column->new_name});
    if (old != nullptr) old_columns_[{column->table, column->new_name}] = old->name;
  }
  apply(state_, change);
}

}  // namespace parley::migrate
