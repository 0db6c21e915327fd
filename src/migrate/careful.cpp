#include "migrate/careful.h"

#include <algorithm>
#include <optional>

#include "base/overloaded.h"

namespace parley::migrate {
namespace {

using namespace schema;

std::string quoted(const std::string& text) {
  std::string literal = "'";
  for (const char c : text) literal += c == '\'' ? std::string("''") : std::string(1, c);
  return literal + "'";
}

std::string sql_of(const Default& value) {
  return std::visit(overloaded{
                        [](bool truth) { return std::string(truth ? "TRUE" : "FALSE"); },
                        [](const Number& number) { return number.digits; },
                        [](const std::string& text) { return quoted(text); },
                        [](const CurrentTimestamp&) { return std::string("CURRENT_TIMESTAMP"); },
                        [](const Expression& expression) { return expression.sql; },
                    },
                    value);
}

/// A value that says nothing; none where there is no such value (a reference, a UUID).
std::optional<std::string> empty_value(const Type& type, const Schema& schema) {
  switch (type.kind) {
    case TypeKind::Boolean: return "FALSE";
    case TypeKind::SmallInteger:
    case TypeKind::Integer:
    case TypeKind::BigInteger:
    case TypeKind::Float:
    case TypeKind::Double:
    case TypeKind::Decimal: return "0";
    case TypeKind::String:
    case TypeKind::Char:
    case TypeKind::Text: return "''";
    case TypeKind::Date:
    case TypeKind::DateTime: return "CURRENT_TIMESTAMP";
    case TypeKind::Json: return "'{}'";
    case TypeKind::Enum: {
      const Enum* found = schema.find_enum(type.native);
      if (found == nullptr || found->values.empty()) return std::nullopt;
      return quoted(found->values.front());
    }
    case TypeKind::Binary:
    case TypeKind::Time:
    case TypeKind::Uuid:
    case TypeKind::Native: break;
  }
  return std::nullopt;
}

Change fill(const std::string& table, const std::string& column, const std::string& value) {
  return Backfill{
      .table = table, .set = {{column, {{"", value}}}}, .where = {{"", column + " IS NULL"}}};
}

class Author {
 public:
  Author(const std::vector<Change>& changes, const Schema& before)
      : changes_(changes), state_(before) {}

  std::vector<Change> run() {
    for (const Change& change : changes_) {
      if (!split(change)) result_.push_back(change);
      apply(state_, change);
    }
    return std::move(result_);
  }

 private:
  bool split(const Change& change) {
    if (const auto* add = std::get_if<AddColumn>(&change)) return split_addition(*add);
    const auto* alter = std::get_if<AlterColumn>(&change);
    return alter != nullptr && split_alteration(*alter);
  }

  bool split_addition(const AddColumn& add) {
    const Column& column = add.column;
    const bool fills_itself = column.nullable || column.default_value || column.generated ||
                              column.auto_increment || column.on_update_now;
    if (fills_itself) return false;
    Column first = column;
    first.nullable = true;
    result_.emplace_back(AddColumn{add.table, first});
    const auto value = empty_value(column.type, state_);
    if (value && !is_key(add.table, column.name)) {
      result_.push_back(fill(add.table, column.name, *value));
    }
    result_.emplace_back(AlterColumn{add.table, column});
    return true;
  }

  bool split_alteration(const AlterColumn& alter) {
    const Column* old = state_.find_table(alter.table)->find_column(alter.column.name);
    const bool forbids = old->nullable && !alter.column.nullable;
    if (!forbids || !alter.column.default_value || alter.column.generated) return false;
    result_.push_back(fill(alter.table, alter.column.name, sql_of(*alter.column.default_value)));
    result_.emplace_back(alter);
    return true;
  }

  /// One value for all rows makes neither a reference nor a unique key.
  bool is_key(const std::string& table, const std::string& column) const {
    const auto is_of = [&](const std::string& owner, const std::vector<std::string>& columns) {
      return owner == table && std::ranges::find(columns, column) != columns.end();
    };
    return std::ranges::any_of(changes_, [&](const Change& change) {
      if (const auto* key = std::get_if<AddForeignKey>(&change)) {
        return is_of(key->table, key->foreign_key.columns);
      }
      if (const auto* unique = std::get_if<AddUnique>(&change)) {
        return is_of(unique->table, unique->unique.columns);
      }
      if (const auto* primary = std::get_if<AddPrimaryKey>(&change)) {
        return is_of(primary->table, primary->primary_key.columns);
      }
      const auto* index = std::get_if<CreateIndex>(&change);
      return index != nullptr && index->index.unique && index->table == table &&
             std::ranges::find(index->index.parts, column, &IndexPart::column) !=
                 index->index.parts.end();
    });
  }

  const std::vector<Change>& changes_;
  Schema state_;
  std::vector<Change> result_;
};

}  // namespace

std::vector<Change> careful(const std::vector<Change>& changes, const Schema& before) {
  return Author(changes, before).run();
}

}  // namespace parley::migrate
