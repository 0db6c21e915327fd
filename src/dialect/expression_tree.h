#pragma once

// The tree behind `expression.h`: reading an SQL expression, and writing it with the fewest
// parentheses. Values and pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/sql_style.h"
#include "schema/schema.h"

namespace parley::dialect {

struct ExpressionNode {
  enum class Kind {
    Name,    ///< `text` as it is to be written, quoted and with its table.
    String,  ///< `text` without quotes.
    Number,
    Word,   ///< TRUE, FALSE, NULL, CURRENT_TIMESTAMP, _DATE, _TIME in upper case.
    Call,   ///< Function `text` of `children`.
    In,     ///< The first child in the list of the others.
    Array,  ///< PostgreSQL's ARRAY[…].
    Cast,   ///< The only child as type `text`.
    Sign,   ///< `-` in front of the only child.
    Not,
    Operator,  ///< `text` between `children`: two, or more for AND and OR.
  };

  Kind kind = Kind::Word;
  std::string text;
  std::vector<ExpressionNode> children;

  bool is_word(std::string_view word) const { return kind == Kind::Word && text == word; }
  bool is_operator(std::string_view name) const { return kind == Kind::Operator && text == name; }
};

/// How tightly an operator binds. Where the engines differ (`||`, `->`) the writer always sets
/// parentheses, so that the text means the same everywhere.
enum Binding { kOr = 1, kAnd, kNot, kComparison, kOther, kSum, kProduct, kSign, kAtom };

Binding binding_of(std::string_view op);

/// Reads one whole expression, already in the one form: BETWEEN is two comparisons, NOT is pushed
/// inwards,
/// `= ANY (ARRAY[…])` is IN, casts that an engine adds by itself are gone. Nothing when it is not
/// understood to the end.
std::optional<ExpressionNode> read_expression(std::string_view sql, const SqlStyle& style,
                                              const schema::Table* table);

std::string write_expression(const ExpressionNode& node, const SqlStyle& style);

}  // namespace parley::dialect
