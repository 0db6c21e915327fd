#include <algorithm>
#include <array>
#include <span>

#include "dialect/expression_tree.h"

namespace parley::dialect {
namespace {

using Kind = ExpressionNode::Kind;

Binding binding_of_node(const ExpressionNode& node) {
  switch (node.kind) {
    case Kind::Operator: return binding_of(node.text);
    case Kind::In: return kComparison;
    case Kind::Not: return kNot;
    case Kind::Sign: return kSign;
    case Kind::Name:
    case Kind::String:
    case Kind::Number:
    case Kind::Word:
    case Kind::Call:
    case Kind::Array:
    case Kind::Cast: break;
  }
  return kAtom;
}

class Writer {
 public:
  explicit Writer(const SqlStyle& style) : style_(style) {}

  std::string write(const ExpressionNode& node) const {
    switch (node.kind) {
      case Kind::Name:
      case Kind::Number:
      case Kind::Word: return node.text;
      case Kind::String: return quote_string(node.text, style_);
      case Kind::Call: return node.text + "(" + list(node.children) + ")";
      case Kind::Array: return "ARRAY[" + list(node.children) + "]";
      case Kind::Cast: return "CAST(" + write(node.children.front()) + " AS " + node.text + ")";
      case Kind::Sign: return "-" + inside(node.children.front(), kAtom);
      case Kind::In: return in(node, " IN (");
      case Kind::Not: return negated(node.children.front());
      case Kind::Operator: break;
    }
    return joined(node, node.text);
  }

 private:
  std::string list(std::span<const ExpressionNode> nodes) const {
    std::string text;
    for (const ExpressionNode& node : nodes) {
      if (!text.empty()) text += ", ";
      text += write(node);
    }
    return text;
  }

  std::string inside(const ExpressionNode& child, int binding) const {
    const std::string text = write(child);
    return binding_of_node(child) < binding ? "(" + text + ")" : text;
  }

  std::string in(const ExpressionNode& node, std::string_view word) const {
    return inside(node.children.front(), kOther + 1) + std::string(word) +
           list(std::span(node.children).subspan(1)) + ")";
  }

  std::string negated(const ExpressionNode& child) const {
    if (child.kind == Kind::In) return in(child, " NOT IN (");
    if (child.is_operator("IS")) return joined(child, "IS NOT");
    if (child.is_operator("LIKE") || child.is_operator("ILIKE"))
      return joined(child, "NOT " + child.text);
    return "NOT " + inside(child, kAtom);
  }

  std::string joined(const ExpressionNode& node, const std::string& op) const {
    const int own = binding_of(node.text);
    // One level more than its own: `(a AND b) OR c` is read without counting levels.
    const int needed = own == kOr ? kNot : own + 1;
    std::string text;
    for (const ExpressionNode& child : node.children) {
      const bool is_first_of_chain = text.empty() && (own == kSum || own == kProduct);
      const std::string written = inside(child, is_first_of_chain ? own : needed);
      text += text.empty() ? written : " " + op + " " + written;
    }
    return text;
  }

  const SqlStyle& style_;
};

}  // namespace

Binding binding_of(std::string_view op) {
  static constexpr std::array<std::string_view, 15> kComparisons = {"IS DISTINCT FROM",
                                                                    "IS NOT DISTINCT FROM",
                                                                    "=",
                                                                    "<>",
                                                                    "<",
                                                                    ">",
                                                                    "<=",
                                                                    ">=",
                                                                    "<=>",
                                                                    "IS",
                                                                    "LIKE",
                                                                    "ILIKE",
                                                                    "REGEXP",
                                                                    "GLOB",
                                                                    "IN"};
  if (op == "OR") return kOr;
  if (op == "AND") return kAnd;
  if (op == "+" || op == "-") return kSum;
  if (op == "*" || op == "/" || op == "%") return kProduct;
  const bool is_comparison =
      std::find(kComparisons.begin(), kComparisons.end(), op) != kComparisons.end();
  return is_comparison ? kComparison : kOther;
}

std::string write_expression(const ExpressionNode& node, const SqlStyle& style) {
  return Writer(style).write(node);
}

}  // namespace parley::dialect
