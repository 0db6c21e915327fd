#include "migrate/revision_yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace parley::migrate {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Where the text stops being UTF-8.
FilePosition first_broken_character(std::string_view yaml, std::string_view file) {
  FilePosition position{.file = file};
  while (!yaml.empty()) {
    const auto lead = static_cast<unsigned char>(yaml.front());
    const std::size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (!is_storable_text(yaml.substr(0, size))) return position;
    const bool ends_line = yaml.front() == '\n';
    position.line += ends_line ? 1 : 0;
    position.column = ends_line ? 1 : position.column + 1;
    yaml.remove_prefix(std::min(size, yaml.size()));
  }
  return position;
}

/// Turns the library's byte offsets into lines and columns.
class SourceText {
 public:
  SourceText(std::string_view yaml, std::string_view file) : yaml_(yaml), file_(file) {}

  FilePosition position(const YAML::Mark& mark) const {
    if (mark.is_null()) return {.file = file_};
    return {.file = file_, .line = mark.line + 1, .column = column(offset(mark))};
  }

  /// The column where `text` stands letter by letter at `mark`, possibly behind an opening quote.
  std::optional<int> text_column(const YAML::Mark& mark, std::string_view text) const {
    if (mark.is_null() || text.find('\n') != text.npos) return std::nullopt;
    for (const std::size_t begin : {offset(mark), offset(mark) + 1}) {
      if (begin <= yaml_.size() && yaml_.substr(begin).starts_with(text)) return column(begin);
    }
    return std::nullopt;
  }

  /// False when a quote opens at `mark` and the file ends before it closes, which the library lets
  /// pass.
  bool is_closed(const YAML::Mark& mark) const {
    if (mark.is_null() || offset(mark) == yaml_.size()) return true;
    const char quote = yaml_[offset(mark)];
    if (quote != '\'' && quote != '"') return true;
    for (std::size_t i = offset(mark) + 1; i < yaml_.size(); ++i) {
      const bool is_doubled = quote == '\'' && yaml_.substr(i).starts_with("''");
      if (yaml_[i] == quote && !is_doubled) return true;
      if (is_doubled || (quote == '"' && yaml_[i] == '\\')) ++i;
    }
    return false;
  }

  bool is_indented_by_tab(const YAML::Mark& mark) const {
    if (mark.is_null()) return false;
    const std::size_t end_before = yaml_.substr(0, offset(mark)).rfind('\n');
    const std::string_view line = yaml_.substr(end_before == yaml_.npos ? 0 : end_before + 1);
    return line.substr(0, line.find_first_not_of(" \t")).find('\t') != line.npos;
  }

 private:
  std::size_t offset(const YAML::Mark& mark) const {
    return std::min(static_cast<std::size_t>(mark.pos), yaml_.size());
  }

  int column(std::size_t offset) const {
    const std::string_view before = yaml_.substr(0, offset);
    const std::size_t line_begin = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
    return static_cast<int>(code_points(before.substr(line_begin))) + 1;
  }

  std::string_view yaml_;
  std::string_view file_;
};

/// Builds the tree from the parser's events: cheaper than the library's own nodes, and it sees what
/// those hide, aliases and repeated keys.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const SourceText& source)
      : source_(source), root_{.position = source.position(YAML::Mark())} {}

  YamlNode take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (has_document_)
      fail_at(source_.position(mark), "a file holds one document, but here begins a second");
    has_document_ = true;
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_decoration(mark, "?", anchor);
    add({.kind = YamlNode::Kind::Null, .position = source_.position(mark)});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_decoration(mark, "?", 1); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_decoration(mark, tag, anchor);
    if (!source_.is_closed(mark)) fail_at(source_.position(mark), "this quote is never closed");
    add({.kind = YamlNode::Kind::Scalar,
         .position = source_.position(mark),
         .text = value,
         .text_column = source_.text_column(mark, value)});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    refuse_decoration(mark, tag, anchor);
    open_.push_back(
        {.node = {.kind = YamlNode::Kind::Sequence, .position = source_.position(mark)}});
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    refuse_decoration(mark, tag, anchor);
    open_.push_back(
        {.node = {.kind = YamlNode::Kind::Mapping, .position = source_.position(mark)}});
  }
  void OnMapEnd() override { close(); }

 private:
  struct OpenNode {
    YamlNode node;
    std::optional<YamlNode> key;  ///< Read, its value still to come.
  };

  /// The parser's own tags are `?` for bare and `!` for quoted texts.
  void refuse_decoration(const YAML::Mark& mark, const std::string& tag,
                         YAML::anchor_t anchor) const {
    if (anchor == YAML::NullAnchor && (tag.empty() || tag == "?" || tag == "!")) return;
    fail_at(source_.position(mark),
            "tags (!), anchors (&) and aliases (*) are not used here",
            "Write the text out, or put it in quotes when the sign belongs to it.");
  }

  void close() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
  }

  void add(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    OpenNode& parent = open_.back();
    if (parent.node.kind == YamlNode::Kind::Sequence) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      check_key(parent.node, node);
      parent.key = std::move(node);
    } else {
      add_entry(parent, std::move(node));
    }
  }

  static void check_key(const YamlNode& mapping, const YamlNode& key) {
    if (key.kind != YamlNode::Kind::Scalar) {
      fail_at(key.position, "a key must be a word",
              "Put a name in quotes that YAML takes for something else: \"null\".");
    }
    for (const YamlEntry& entry : mapping.entries) {
      if (entry.key != key.text) continue;
      fail_at(key.position, fmt::format("'{}' is here twice; the first is in line {}", key.text,
                                        entry.position.line));
    }
  }

  static void add_entry(OpenNode& parent, YamlNode value) {
    if (value.kind == YamlNode::Kind::Null) value.position = parent.key->position;
    parent.node.entries.push_back({.key = std::move(parent.key->text),
                                   .position = parent.key->position,
                                   .value = std::move(value)});
    parent.key.reset();
  }

  const SourceText& source_;
  YamlNode root_;
  bool has_document_ = false;
  std::vector<OpenNode> open_;
};

}  // namespace

void fail_at(const FilePosition& position, const std::string& problem, std::string hint) {
  throw Error(ErrorCode::InvalidRevisionFile,
              fmt::format("{}:{}:{}: {}", position.file, position.line, position.column, problem),
              std::move(hint));
}

const YamlNode* YamlNode::find(std::string_view key) const {
  const auto found = std::ranges::find(entries, key, &YamlEntry::key);
  return found == entries.end() ? nullptr : &found->value;
}

FilePosition YamlNode::position_in_text(std::size_t offset) const {
  if (!text_column) return position;
  const auto characters = code_points(std::string_view(text).substr(0, offset));
  return {position.file, position.line, *text_column + static_cast<int>(characters)};
}

YamlNode read_yaml(std::string_view yaml, std::string_view file) {
  if (!is_storable_text(yaml)) {
    fail_at(first_broken_character(yaml, file), "the file is not UTF-8 text",
            "Save it as UTF-8 in your editor.");
  }
  if (yaml.starts_with(kByteOrderMark)) yaml.remove_prefix(kByteOrderMark.size());
  const SourceText source(yaml, file);
  TreeBuilder tree(source);
  std::istringstream input{std::string(yaml)};
  try {
    YAML::Parser parser(input);
    while (parser.HandleNextDocument(tree)) {
    }
  } catch (const YAML::Exception& broken) {
    if (source.is_indented_by_tab(broken.mark)) {
      fail_at(source.position(broken.mark), "this line is indented by a tab",
              "YAML takes only spaces in front of a line.");
    }
    fail_at(source.position(broken.mark), "this is not YAML: " + broken.msg);
  }
  return tree.take_root();
}

}  // namespace parley::migrate
