#include "dialect/type_words.h"

#include <fmt/format.h>

#include <charconv>

#include "base/text.h"
#include "dialect/expression.h"
#include "dialect/sql_tokens.h"

namespace parley::dialect {

using schema::Type;
using schema::TypeKind;

TypeWords read_type_words(std::string_view text, const SqlStyle& style) {
  TypeWords words;
  int depth = 0;
  for (const SqlToken& token : tokenize(text, style)) {
    if (token.is("(")) {
      ++depth;
    } else if (token.is(")")) {
      --depth;
    } else if (depth == 0) {
      if (!words.name.empty()) words.name += ' ';
      words.name += token.text;
    } else if (token.kind == SqlToken::Kind::Number) {
      int number = 0;
      std::from_chars(token.text.data(), token.text.data() + token.text.size(), number);
      words.arguments.push_back(number);
    } else if (!token.is(",")) {
      words.has_other_arguments = true;
    }
  }
  return words;
}

Type tidy_type(const Type& type) {
  Type tidy;
  tidy.kind = type.kind;
  switch (type.kind) {
    case TypeKind::Char: tidy.length = type.length > 0 ? type.length : 1; break;
    case TypeKind::String:
    case TypeKind::Binary: tidy.length = type.length; break;
    case TypeKind::Decimal:
      tidy.precision = type.precision > 0 ? type.precision : -1;
      tidy.scale = type.precision > 0 ? type.scale : 0;
      break;
    case TypeKind::DateTime:
      tidy.precision = type.precision;
      tidy.with_time_zone = type.with_time_zone;
      break;
    case TypeKind::Time: tidy.precision = type.precision; break;
    case TypeKind::Enum:
      tidy.native = type.native;
      tidy.length = type.length;
      break;
    case TypeKind::Native: tidy.native = type.native; break;
    case TypeKind::Boolean:
    case TypeKind::SmallInteger:
    case TypeKind::Integer:
    case TypeKind::BigInteger:
    case TypeKind::Float:
    case TypeKind::Double:
    case TypeKind::Text:
    case TypeKind::Date:
    case TypeKind::Json:
    case TypeKind::Uuid: break;
  }
  return tidy;
}

Type native_type(std::string_view text, const SqlStyle& style) {
  return schema::native(canonical_tokens(text, style));
}

}  // namespace parley::dialect
