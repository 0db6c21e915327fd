#include "store/condition.h"

namespace parley::store::detail {

void append(Pieces& to, const Pieces& more) { to.insert(to.end(), more.begin(), more.end()); }

Pieces compare(Name column, std::string_view sign, Piece value) {
  return {column, sign, std::move(value)};
}

Pieces is_one_of(Name column, OneOf one_of) {
  if (one_of.values->empty()) return {"1 = 0"};
  return {column, std::move(one_of)};
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
