#include "schema/json_schema.h"

#include "base/check.h"

namespace parley::schema::detail {

JsonObject schema_of(TypeKind kind, int length) {
  using namespace json_schema;
  const auto characters_max = static_cast<std::size_t>(length);
  switch (kind) {
    case TypeKind::Boolean: return boolean();
    case TypeKind::SmallInteger: return integer(INT16_MIN, INT16_MAX);
    case TypeKind::Integer: return integer(INT32_MIN, INT32_MAX);
    case TypeKind::BigInteger: return integer();
    case TypeKind::Float:
    case TypeKind::Double: return {{"type", "number"}};
    case TypeKind::String:
    case TypeKind::Char:
    case TypeKind::Text: return text(characters_max);
    case TypeKind::Date: return text_of("date");
    case TypeKind::DateTime: return text_of("date-time");
    case TypeKind::Uuid: return text_of("uuid");
    case TypeKind::Json: return {};
    case TypeKind::Decimal:
    case TypeKind::Binary:
    case TypeKind::Time:
    case TypeKind::Enum:
    case TypeKind::Native: return text();
  }
  PARLEY_CHECK(false);
}

}  // namespace parley::schema::detail
