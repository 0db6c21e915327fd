#include "schema/json_schema.h"

#include "base/check.h"

namespace parley::schema::detail {

JsonObject schema_of(TypeKind kind, int length) {
  const auto characters_max = static_cast<std::size_t>(length);
  switch (kind) {
    case TypeKind::Boolean: return json_schema::boolean();
    case TypeKind::SmallInteger: return json_schema::integer(INT16_MIN, INT16_MAX);
    case TypeKind::Integer: return json_schema::integer(INT32_MIN, INT32_MAX);
    case TypeKind::BigInteger: return json_schema::integer();
    case TypeKind::Float:
    case TypeKind::Double: return {{"type", "number"}};
    case TypeKind::String:
    case TypeKind::Char:
    case TypeKind::Text: return json_schema::text(characters_max);
    case TypeKind::Date: return json_schema::text_of("date");
    case TypeKind::DateTime: return json_schema::text_of("date-time");
    case TypeKind::Uuid: return json_schema::text_of("uuid");
    case TypeKind::Json: return {};
    case TypeKind::Decimal:
    case TypeKind::Binary:
    case TypeKind::Time:
    case TypeKind::Enum:
    case TypeKind::Native: return json_schema::text();
  }
  PARLEY_CHECK(false);
}

}  // namespace parley::schema::detail
