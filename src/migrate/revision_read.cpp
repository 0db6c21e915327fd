// From the YAML of a revision file to a `Revision`.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/text.h"
#include "migrate/revision.h"
#include "migrate/revision_change.h"
#include "migrate/revision_yaml.h"

namespace parley::migrate {
namespace {

constexpr std::size_t kIdCharactersMax = 32;

constexpr auto kRevisionKeys =
    std::to_array<std::string_view>({"revision", "down_revision", "branch_labels", "depends_on",
                                     "message", "create_date", "upgrade", "downgrade"});

/// Refuses what a path name, a revision expression (`rev@head`, `rev+1`, `a:b`) or Alembic could
/// not hold.
void check_name(const YamlNode& node, std::string_view what) {
  const auto fail = [&](std::string_view why) {
    fail_at(node.position, fmt::format("{} '{}' {}", what, node.text, why),
            "Use letters, digits, '_' and '.', at most 32 of them.");
  };
  const bool is_taken =
      std::ranges::any_of(std::to_array<std::string_view>({"head", "heads", "base", "current"}),
                          [&](std::string_view word) { return node.text == word; });
  if (node.text.empty()) fail("is empty");
  if (is_taken) fail("is a word of revision expressions");
  if (node.text.find_first_of(" \t\r\n\v\f") != std::string::npos) fail("has white space in it");
  if (node.text.find_first_of("@+-:/\\") != std::string::npos) {
    fail("has one of @ + - : / \\ in it, which revision expressions and file names cannot hold");
  }
}

void check_id(const YamlNode& node, std::string_view what) {
  check_name(node, what);
  if (code_points(node.text) <= kIdCharactersMax) return;
  fail_at(node.position,
          fmt::format("{} '{}' is longer than {} characters, which is all that Alembic's "
                      "alembic_version holds",
                      what, node.text, kIdCharactersMax),
          "Shorten the id; `message` has room for words.");
}

using NameCheck = void (*)(const YamlNode& node, std::string_view what);

/// One name, a list of them, or null for none.
std::vector<std::string> read_names(const YamlNode* node, std::string_view key, NameCheck check) {
  std::vector<std::string> names;
  if (node == nullptr || node->kind == YamlNode::Kind::Null) return names;
  const bool is_list = node->kind == YamlNode::Kind::Sequence;
  for (const YamlNode& item : is_list ? std::span(node->items) : std::span(node, 1)) {
    std::string name = scalar_text(item, key);
    check(item, key);
    if (std::ranges::find(names, name) != names.end()) {
      fail_at(item.position, fmt::format("{} names '{}' twice", key, name));
    }
    names.push_back(std::move(name));
  }
  return names;
}

const YamlNode& required(const YamlNode& root, std::string_view key, std::string_view example) {
  if (const YamlNode* node = root.find(key)) return *node;
  fail_at(root.position, fmt::format("the key '{}' is missing", key),
          fmt::format("Write it, even as: {}: {}", key, example));
}

void check_not_own_parent(const YamlNode& root, std::string_view key,
                          const std::vector<std::string>& names, const std::string& id) {
  if (std::ranges::find(names, id) == names.end()) return;
  fail_at(root.find(key)->position, fmt::format("{} names the revision '{}' itself", key, id));
}

std::string read_text(const YamlNode* node, std::string_view key) {
  if (node == nullptr || node->kind == YamlNode::Kind::Null) return {};
  return scalar_text(*node, key);
}

std::vector<schema::Change> read_changes(const YamlNode& node, std::string_view key) {
  if (node.kind != YamlNode::Kind::Sequence) {
    fail_at(node.position, fmt::format("{} must be a list of changes", key),
            fmt::format("Write `{}: []` when there is nothing to do.", key));
  }
  std::vector<schema::Change> changes;
  for (const YamlNode& item : node.items) changes.push_back(read_change(item));
  return changes;
}

const YamlNode& check_root(const YamlNode& root) {
  if (root.kind == YamlNode::Kind::Null) fail_at(root.position, "the file is empty");
  if (root.kind != YamlNode::Kind::Mapping) {
    fail_at(root.position, "a revision file is made of keys and values",
            "Begin the file with: revision: <id>");
  }
  check_keys(root, kRevisionKeys, "a revision file");
  return root;
}

}  // namespace

Revision parse_revision(std::string_view yaml, const std::string& file) {
  const YamlNode document = read_yaml(yaml, file);
  const YamlNode& root = check_root(document);
  Revision revision;
  const YamlNode& id = required(root, "revision", "<id>");
  revision.id = scalar_text(id, "revision");
  check_id(id, "revision");
  revision.down_revisions = read_names(root.find("down_revision"), "down_revision", check_id);
  revision.branch_labels = read_names(root.find("branch_labels"), "branch_labels", check_name);
  revision.depends_on = read_names(root.find("depends_on"), "depends_on", check_id);
  check_not_own_parent(root, "down_revision", revision.down_revisions, revision.id);
  check_not_own_parent(root, "depends_on", revision.depends_on, revision.id);
  revision.message = read_text(root.find("message"), "message");
  revision.create_date = read_text(root.find("create_date"), "create_date");
  revision.upgrade = read_changes(required(root, "upgrade", "[]"), "upgrade");
  if (const YamlNode* downgrade = root.find("downgrade")) {
    revision.downgrade = read_changes(*downgrade, "downgrade");
  }
  revision.file = file;
  return revision;
}

}  // namespace parley::migrate
