#include "migrate/same_keys.h"

namespace parley::migrate {
namespace {

bool have_same_name(const std::string& a, const std::string& b) {
  return a == b || a.empty() || b.empty();
}

}  // namespace

bool is_same(const schema::PrimaryKey& a, const schema::PrimaryKey& b) {
  return a.columns == b.columns && have_same_name(a.name, b.name);
}

bool is_same(const schema::Unique& a, const schema::Unique& b) {
  return a.columns == b.columns && have_same_name(a.name, b.name);
}

bool is_same(const schema::Check& a, const schema::Check& b) {
  return a.expression == b.expression && have_same_name(a.name, b.name);
}

bool is_same(const schema::ForeignKey& a, const schema::ForeignKey& b) {
  return a.columns == b.columns && a.referenced_table == b.referenced_table &&
         a.referenced_columns == b.referenced_columns && a.on_delete == b.on_delete &&
         a.on_update == b.on_update && a.deferral == b.deferral && have_same_name(a.name, b.name);
}

bool is_same(const schema::Index& a, const schema::Index& b) { return a == b; }

bool have_same_primary_key(const schema::Table& a, const schema::Table& b) {
  if (!a.primary_key || !b.primary_key) return !a.primary_key && !b.primary_key;
  return is_same(*a.primary_key, *b.primary_key);
}

bool is_key(const schema::Index& index) {
  return index.unique && index.where.empty() &&
         std::ranges::all_of(index.parts, [](const schema::IndexPart& part) {
           return part.expression.empty() && part.prefix_length == 0;
         });
}

}  // namespace parley::migrate
