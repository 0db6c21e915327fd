#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "dialect/expression.h"
#include "dialect/expression_tree.h"
#include "dialect/sql_tokens.h"

namespace parley::dialect {
namespace {

using Kind = ExpressionNode::Kind;

ExpressionNode make(Kind kind, std::string text, std::vector<ExpressionNode> children = {}) {
  return {.kind = kind, .text = std::move(text), .children = std::move(children)};
}

ExpressionNode make_operator(std::string op, ExpressionNode left, ExpressionNode right) {
  ExpressionNode node = make(Kind::Operator, std::move(op));
  const bool is_flat = node.text == "AND" || node.text == "OR";
  for (ExpressionNode* side : {&left, &right}) {
    if (is_flat && side->is_operator(node.text)) {
      std::move(side->children.begin(), side->children.end(), std::back_inserter(node.children));
    } else {
      node.children.push_back(std::move(*side));
    }
  }
  return node;
}

/// NOT pushed inwards, which is exact in three-valued logic and what MariaDB does before it stores.
ExpressionNode make_not(ExpressionNode node) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kOpposites = {
      {{"IS NOT DISTINCT FROM", "IS DISTINCT FROM"},
       {"IS DISTINCT FROM", "IS NOT DISTINCT FROM"},
       {"=", "<>"},
       {"<>", "="},
       {"<", ">="},
       {">=", "<"},
       {">", "<="},
       {"<=", ">"},
       {"AND", "OR"},
       {"OR", "AND"}}};
  if (node.kind == Kind::Not) return std::move(node.children.front());
  if (node.kind == Kind::Operator) {
    for (const auto& [op, opposite] : kOpposites) {
      if (node.text != op) continue;
      if (op == "AND" || op == "OR") {
        for (ExpressionNode& child : node.children) child = make_not(std::move(child));
      }
      node.text = opposite;
      return node;
    }
  }
  return make(Kind::Not, "", {std::move(node)});
}

ExpressionNode make_in(ExpressionNode subject, std::vector<ExpressionNode> list) {
  if (list.size() == 1) return make_operator("=", std::move(subject), std::move(list.front()));
  list.insert(list.begin(), std::move(subject));
  return make(Kind::In, "", std::move(list));
}

bool is_text_type(std::string_view type) {
  return type.starts_with("character varying") || type.starts_with("text") || type == "bpchar" ||
         type.starts_with("varchar");
}

bool is_text_column(const ExpressionNode& node, const schema::Table* table) {
  if (node.kind != Kind::Name || table == nullptr) return false;
  // A trigger's condition has NEW or OLD in front of its columns.
  const bool is_of_row = node.text.starts_with("new.") || node.text.starts_with("old.");
  const schema::Column* column = table->find_column(node.text.substr(is_of_row ? 4 : 0));
  return column != nullptr && (column->type.kind == schema::TypeKind::String ||
                               column->type.kind == schema::TypeKind::Char ||
                               column->type.kind == schema::TypeKind::Text);
}

/// Without the casts that PostgreSQL writes although nobody asked: those of literals to the type
/// that the context gives them anyway, and those of text columns to another text type.
ExpressionNode make_cast(ExpressionNode child, std::string type, const schema::Table* table) {
  static constexpr std::array<std::string_view, 6> kNumbers = {
      "integer", "bigint", "smallint", "numeric", "double precision", "real"};
  if (child.kind == Kind::String) {
    const bool is_number = std::find(kNumbers.begin(), kNumbers.end(), type) != kNumbers.end();
    const auto number = is_number ? canonical_number(child.text) : std::nullopt;
    return number ? make(Kind::Number, *number) : child;
  }
  const bool is_literal =
      child.kind == Kind::Number || child.kind == Kind::Array || child.is_word("NULL");
  if (is_literal || (is_text_type(type) && is_text_column(child, table))) return child;
  return make(Kind::Cast, std::move(type), {std::move(child)});
}

class Reader {
 public:
  Reader(std::string_view sql, const SqlStyle& style, const schema::Table* table)
      : tokens_(tokenize(sql, style)), style_(style), table_(table) {}

  std::optional<ExpressionNode> read_all() {
    ExpressionNode node = read(kOr);
    if (has_failed_ || at_ != tokens_.size()) return std::nullopt;
    return node;
  }

 private:
  bool next_is(std::string_view text) const {
    return at_ < tokens_.size() && tokens_[at_].is(text);
  }
  bool accept(std::string_view text) { return next_is(text) && (++at_, true); }
  void expect(std::string_view text) {
    if (!accept(text)) fail();
  }
  SqlToken take() { return at_ < tokens_.size() ? tokens_[at_++] : (fail(), SqlToken{}); }

  /// There is no rule for what stands here. Skips the rest, so that every loop ends.
  ExpressionNode fail() {
    has_failed_ = true;
    at_ = tokens_.size();
    return {};
  }

  ExpressionNode read(int binding) {
    ExpressionNode left = read_prefix();
    while (at_ < tokens_.size()) {
      if (accept("::")) {
        left = make_cast(std::move(left), read_type(), table_);
        continue;
      }
      if (binding <= kComparison && read_comparison_words(left)) continue;
      const std::string op = operator_at();
      if (op.empty() || binding_of(op) < binding) return left;
      ++at_;
      left = read_right_side(std::move(left), op);
    }
    return left;
  }

  /// The operator at the next token in its one name; empty when there is none.
  std::string operator_at() const {
    static constexpr std::array<std::string_view, 16> kSymbols = {
        "=", "<>", "<", ">", "<=", ">=", "<=>", "+",
        "-", "*",  "/", "%", "||", "->", "->>", "collate"};
    const std::string& text = tokens_[at_].text;
    if (next_is("or") || next_is("and") || next_is("regexp") || next_is("glob")) return upper(text);
    if (next_is("!=")) return "<>";
    if (next_is("==")) return "=";
    // LIKE under its other name has a rule of its own.
    const bool is_made = style_.more_strings && tokens_[at_].kind == SqlToken::Kind::Symbol &&
                         text.find("~~") == std::string::npos &&
                         text.find_first_of("~!@#%^&|?") != std::string::npos;
    if (is_made) return text;
    const bool is_known = std::any_of(kSymbols.begin(), kSymbols.end(),
                                      [&](std::string_view symbol) { return next_is(symbol); });
    return is_known ? upper(text) : std::string();
  }

  ExpressionNode read_right_side(ExpressionNode left, const std::string& op) {
    const bool is_any = (op == "=" && (next_is("any"))) || (op == "<>" && next_is("all"));
    if (is_any) {
      ++at_;
      expect("(");
      ExpressionNode array = read(kOr);
      expect(")");
      if (array.kind != Kind::Array) return fail();
      ExpressionNode in = make_in(std::move(left), std::move(array.children));
      return op == "=" ? in : make_not(std::move(in));
    }
    return make_operator(op, std::move(left), read(binding_of(op) + 1));
  }

  /// IS, IN, LIKE and BETWEEN with or without NOT. False when none of them follows.
  bool read_comparison_words(ExpressionNode& left) {
    if (accept("is")) {
      const bool is_negated = accept("not");
      if (accept("distinct")) {
        expect("from");
        ExpressionNode same =
            make_operator("IS NOT DISTINCT FROM", std::move(left), read(kComparison + 1));
        left = is_negated ? std::move(same) : make_not(std::move(same));
        return true;
      }
      ExpressionNode is = make_operator("IS", std::move(left), read(kComparison + 1));
      left = is_negated ? make_not(std::move(is)) : std::move(is);
      return true;
    }
    if (accept("isnull") || accept("notnull")) {
      const bool is_negated = tokens_[at_ - 1].is("notnull");
      ExpressionNode is = make_operator("IS", std::move(left), make(Kind::Word, "NULL"));
      left = is_negated ? make_not(std::move(is)) : std::move(is);
      return true;
    }
    const std::size_t start = at_;
    const bool is_negated = accept("not");
    if (std::optional<ExpressionNode> positive = read_negatable(left)) {
      left = is_negated ? make_not(std::move(*positive)) : std::move(*positive);
      return true;
    }
    at_ = start;
    return read_pattern_symbol(left);
  }

  std::optional<ExpressionNode> read_negatable(ExpressionNode& left) {
    if (accept("in")) return make_in(std::move(left), read_list());
    if (accept("like")) return make_operator("LIKE", std::move(left), read(kComparison + 1));
    if (accept("ilike")) return make_operator("ILIKE", std::move(left), read(kComparison + 1));
    if (!accept("between")) return std::nullopt;
    ExpressionNode from = read(kComparison + 1);
    expect("and");
    ExpressionNode to = read(kComparison + 1);
    ExpressionNode at_least = make_operator(">=", left, std::move(from));
    return make_operator("AND", std::move(at_least),
                         make_operator("<=", std::move(left), std::move(to)));
  }

  /// PostgreSQL's own names of LIKE and ILIKE.
  bool read_pattern_symbol(ExpressionNode& left) {
    static constexpr std::array<std::string_view, 3> kPatterns = {"~~", "!~~", "~~*"};
    for (const std::string_view symbol : kPatterns) {
      if (!accept(symbol)) continue;
      const std::string word = symbol.ends_with('*') ? "ILIKE" : "LIKE";
      ExpressionNode like = make_operator(word, std::move(left), read(kComparison + 1));
      left = symbol.starts_with('!') ? make_not(std::move(like)) : std::move(like);
      return true;
    }
    return false;
  }

  ExpressionNode read_prefix() {
    if (accept("not")) return make_not(read(kNot));
    if (accept("+")) return read(kSign);
    if (accept("-")) {
      ExpressionNode child = read(kSign);
      const bool is_positive = child.kind == Kind::Number && !child.text.starts_with('-');
      if (is_positive) return make(Kind::Number, *canonical_number("-" + child.text));
      return make(Kind::Sign, "-", {std::move(child)});
    }
    if (accept("(")) {
      ExpressionNode inner = read(kOr);
      expect(")");
      return inner;
    }
    return read_atom();
  }

  ExpressionNode read_atom() {
    const SqlToken token = take();
    switch (token.kind) {
      case SqlToken::Kind::String: return make(Kind::String, token.text);
      case SqlToken::Kind::Number: {
        const auto number = canonical_number(token.text);
        return number ? make(Kind::Number, *number) : fail();
      }
      case SqlToken::Kind::Name:
        return read_name(style_.names_ignore_case ? lower(token.text) : token.text);
      case SqlToken::Kind::Word: return read_word(token);
      case SqlToken::Kind::Symbol: break;
    }
    return fail();
  }

  ExpressionNode read_word(const SqlToken& token) {
    static constexpr std::array<std::string_view, 9> kOfOtherGrammar = {
        "case", "select", "exists", "interval", "distinct", "any", "all", "row", "default"};
    const std::string& word = token.text;
    if (std::find(kOfOtherGrammar.begin(), kOfOtherGrammar.end(), word) != kOfOtherGrammar.end()) {
      return fail();
    }
    if (word == "true" || word == "false") {
      if (style_.truth_is_number) return make(Kind::Number, word == "true" ? "1" : "0");
      return make(Kind::Word, upper(word));
    }
    if (word == "null") return make(Kind::Word, "NULL");
    if (word == "cast") return read_cast();
    if (word == "array") return read_array();
    if (word == "current_timestamp" || word == "localtimestamp") {
      if (next_is("(")) read_list();
      return make(Kind::Word, "CURRENT_TIMESTAMP");
    }
    if (word == "current_date" || word == "current_time") return make(Kind::Word, upper(word));
    if (next_is("(")) return read_call(word);
    const bool is_literal_prefix =
        at_ < tokens_.size() && tokens_[at_].kind == SqlToken::Kind::String;
    if (is_literal_prefix) {
      // MySQL puts the character set in front of its literals: _utf8mb4'x'.
      if (word.starts_with('_')) return make(Kind::String, take().text);
      return fail();
    }
    return read_name(word);
  }

  ExpressionNode read_name(const std::string& first) {
    std::string name = quote_name(first, style_);
    while (accept(".")) name += "." + quote_name(take().text, style_);
    return make(Kind::Name, std::move(name));
  }

  ExpressionNode read_call(const std::string& name) {
    std::vector<ExpressionNode> arguments = read_list();
    const bool is_now =
        (name == "now" && (arguments.empty() || arguments.front().kind == Kind::Number)) ||
        (name == "datetime" && arguments.size() == 1 && arguments.front().kind == Kind::String &&
         arguments.front().text == "now");
    if (is_now) return make(Kind::Word, "CURRENT_TIMESTAMP");
    const auto& synonyms = style_.function_synonyms;
    const auto synonym = std::find_if(synonyms.begin(), synonyms.end(),
                                      [&](const auto& pair) { return pair.first == name; });
    return make(Kind::Call, std::string(synonym == synonyms.end() ? name : synonym->second),
                std::move(arguments));
  }

  std::vector<ExpressionNode> read_list() {
    expect("(");
    return read_until(")");
  }

  std::vector<ExpressionNode> read_until(std::string_view end) {
    std::vector<ExpressionNode> list;
    if (accept(end)) return list;
    do {
      list.push_back(next_is("*") ? (++at_, make(Kind::Name, "*")) : read(kOr));
    } while (accept(","));
    expect(end);
    return list;
  }

  ExpressionNode read_array() {
    expect("[");
    return make(Kind::Array, "", read_until("]"));
  }

  ExpressionNode read_cast() {
    expect("(");
    ExpressionNode child = read(kOr);
    expect("as");
    std::string type = read_type();
    expect(")");
    return make_cast(std::move(child), std::move(type), table_);
  }

  /// A type behind `::` or AS: its words, arguments and brackets.
  std::string read_type() {
    static constexpr std::array<std::string_view, 10> kMoreWords = {
        "precision", "varying",  "without", "with",    "time",
        "zone",      "unsigned", "signed",  "charset", "integer"};
    const SqlToken first = take();
    if (first.kind != SqlToken::Kind::Word && first.kind != SqlToken::Kind::Name) fail();
    std::string type = first.text;
    while (at_ < tokens_.size()) {
      const bool is_more = std::any_of(kMoreWords.begin(), kMoreWords.end(),
                                       [&](std::string_view word) { return next_is(word); });
      if (is_more) {
        // The character set's name follows the word.
        const bool is_charset = next_is("charset");
        type += " " + take().text;
        if (is_charset) type += " " + take().text;
      } else if (next_is("(")) {
        while (!has_failed_ && !next_is(")")) type += take().text;
        type += take().text;
      } else if (accept("[")) {
        expect("]");
        type += "[]";
      } else {
        break;
      }
    }
    return type;
  }

  std::vector<SqlToken> tokens_;
  const SqlStyle& style_;
  const schema::Table* table_;
  std::size_t at_ = 0;
  bool has_failed_ = false;
};

}  // namespace

std::optional<ExpressionNode> read_expression(std::string_view sql, const SqlStyle& style,
                                              const schema::Table* table) {
  return Reader(sql, style, table).read_all();
}

}  // namespace parley::dialect
