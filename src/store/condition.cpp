#include "store/condition.h"

namespace parley::store::detail {

void append(Pieces& to, const Pieces& more) { to.insert(to.end(), more.begin(), more.end()); }

Pieces compare(Name column, std::string_view sign, Value value) {
  return {column, sign, std::move(value)};
}

Pieces is_one_of(Name column, schema::TypeKind kind, std::vector<Value> values) {
  if (values.empty()) return {"1 = 0"};
  return {column, OneOf{std::make_shared<const std::vector<Value>>(std::move(values)), kind}};
}

Pieces combine(std::vector<Pieces> conditions, std::string_view separator,
               std::string_view when_empty) {
  if (conditions.empty()) return when_empty.empty() ? Pieces{} : Pieces{when_empty};
  if (conditions.size() == 1) return std::move(conditions.front());
  Pieces pieces{"("};
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    if (i > 0) pieces.emplace_back(separator);
    append(pieces, conditions[i]);
  }
  pieces.emplace_back(")");
  return pieces;
}

Pieces negate(const Pieces& condition) {
  if (condition.empty()) return {"1 = 0"};
  Pieces pieces{"NOT ("};
  append(pieces, condition);
  pieces.emplace_back(")");
  return pieces;
}

}  // namespace parley::store::detail
