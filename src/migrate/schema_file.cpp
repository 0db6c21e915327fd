#include "migrate/schema_file.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <utility>

#include "base/error.h"
#include "migrate/creation.h"
#include "migrate/revision_change.h"
#include "migrate/revision_scalar.h"
#include "migrate/revision_short_form.h"
#include "migrate/revision_yaml.h"
#include "schema/change.h"

namespace parley::migrate {
namespace {

constexpr auto kFileKeys =
    std::to_array<std::string_view>({"enums", "tables", "views", "triggers"});

/// `first` and what else an item may say.
template <std::size_t N>
std::vector<std::string_view> keys_of(std::string_view first,
                                      const std::array<std::string_view, N>& further) {
  std::vector<std::string_view> keys = {first};
  keys.insert(keys.end(), further.begin(), further.end());
  return keys;
}

/// The value of the key that an item of the list begins with.
const YamlNode& head_of(const YamlNode& item, std::string_view key,
                        std::string_view looks_like) {
  if (const YamlNode* head = item.find(key)) return *head;
  fail_at(item.position, fmt::format("here a '{}' is expected", key),
          fmt::format("It reads: - {}: {}", key, looks_like));
}

/// Reads the lists one after the other, and remembers where everything stood.
class Reader {
 public:
  SchemaFile read(const YamlNode& root) {
    read_each(root, "enums", &Reader::read_enum_item);
    read_each(root, "tables", &Reader::read_table_item);
    read_each(root, "views", &Reader::read_view_item);
    read_each(root, "triggers", &Reader::read_trigger_item);
    check_together();
    return std::move(file_);
  }

 private:
  using ReadItem = void (Reader::*)(const YamlNode& item);

  void read_each(const YamlNode& root, std::string_view key, ReadItem read_item) {
    for (const YamlNode& item : items_of(root, key)) (this->*read_item)(item);
  }

  void read_enum_item(const YamlNode& item) {
    const YamlNode& head = head_of(item, "enum", kEnumLooksLike);
    check_keys(item, std::to_array<std::string_view>({"enum", "values", "rename"}), "an enum");
    schema::Enum enumeration = read_enum(item, head, kEnumLooksLike);
    remember("enum", enumeration.name, item.position);
    for (const schema::ValueMapping& each : read_value_mappings(item, "rename")) {
      file_.renames.values.push_back({enumeration.name, each.from, each.to});
    }
    file_.schema.enums.push_back(std::move(enumeration));
  }

  void read_table_item(const YamlNode& item) {
    const YamlNode& head = head_of(item, "table", "name");
    auto keys = keys_of("table", kTableKeys);
    keys.emplace_back("renamed_from");
    check_keys(item, keys, "a table");
    ShortForm text(head, "name");
    schema::Table table{.name = text.name("the name of the table")};
    text.expect_end();
    remember("relation", table.name, item.position);
    OldNames old_names;
    read_table_details(item, table, &old_names);
    if (const YamlNode* old_name = item.find("renamed_from")) {
      file_.renames.tables.push_back({scalar_text(*old_name, "renamed_from"), table.name});
    }
    for (auto& [column, old_name] : old_names) {
      file_.renames.columns.push_back({table.name, std::move(old_name), std::move(column)});
    }
    file_.schema.tables.push_back(std::move(table));
  }

  void read_view_item(const YamlNode& item) {
    const YamlNode& head = head_of(item, "view", "name");
    check_keys(item, keys_of("view", kViewKeys), "a view");
    schema::View view = read_view(item, head, "name");
    remember("relation", view.name, item.position);
    file_.schema.views.push_back(std::move(view));
  }

  void read_trigger_item(const YamlNode& item) {
    const YamlNode& head = head_of(item, "trigger", kTriggerLooksLike);
    check_keys(item, keys_of("trigger", kTriggerKeys), "a trigger");
    schema::Trigger trigger = read_trigger(item, head, kTriggerLooksLike);
    remember("trigger", trigger.table + "." + trigger.name, item.position);
    file_.schema.triggers.push_back(std::move(trigger));
  }

  /// Tables and views share one space of names.
  void remember(std::string_view space, const std::string& name, const FilePosition& position) {
    const auto [known, is_new] = positions_.emplace(fmt::format("{} {}", space, name), position);
    if (is_new) return;
    fail_at(position, fmt::format("'{}' is here twice; the first is in line {}", name,
                                  known->second.line));
  }

  /// Creating everything asks every question that there is about a schema.
  void check_together() const {
    schema::Schema state;
    for (const schema::Change& change : creation_of(file_.schema, Circles::AddedLater)) {
      try {
        schema::apply(state, change);
      } catch (const Error& misfit) {
        fail_at(position_of(change), misfit.what(), misfit.hint());
      }
    }
  }

  FilePosition position_of(const schema::Change& change) const {
    const auto* trigger = std::get_if<schema::CreateTrigger>(&change);
    const bool is_enum = std::holds_alternative<schema::CreateEnum>(change);
    return positions_.at(trigger != nullptr
                             ? fmt::format("trigger {}.{}", trigger->trigger.table,
                                           trigger->trigger.name)
                             : (is_enum ? "enum " : "relation ") + schema::table_of(change));
  }

  SchemaFile file_;
  std::map<std::string, FilePosition> positions_;
};

enum class Spacing { Tight, BlankLines };

template <class T, class ToLines>
void append_list(Lines& lines, std::string_view key, const std::vector<T>& values, Spacing spacing,
                 ToLines to_lines) {
  if (values.empty()) return;
  if (!lines.empty()) lines.emplace_back();
  lines.push_back(fmt::format("{}:", key));
  bool is_first = true;
  for (const T& value : values) {
    if (spacing == Spacing::BlankLines && !std::exchange(is_first, false)) lines.emplace_back();
    append(lines, indented(list_item(to_lines(value))));
  }
}

Lines table_lines(const schema::Table& table) {
  Lines lines = yaml_field("table", name_text(table.name));
  append(lines, table_detail_lines(table));
  return lines;
}

}  // namespace

SchemaFile parse_schema_file(std::string_view yaml, const std::string& file) {
  const YamlNode root = read_yaml(yaml, file);
  if (root.kind == YamlNode::Kind::Null) {
    fail_at(root.position, "the file is empty", "A schema without tables reads: tables: []");
  }
  if (root.kind != YamlNode::Kind::Mapping) {
    fail_at(root.position, "a schema file is made of keys and values",
            "Begin the file with: tables:");
  }
  if (root.find("revision") != nullptr) {
    fail_at(root.position, "this is a revision file, not a whole schema",
            "Revision files are applied: parley db upgrade --dir FOLDER");
  }
  check_keys(root, kFileKeys, "a schema file");
  return Reader().read(root);
}

std::string to_yaml(const schema::Schema& schema) {
  Lines lines;
  append_list(lines, "enums", schema.enums, Spacing::Tight,
              [](const schema::Enum& each) { return enum_lines("enum", each); });
  append_list(lines, "tables", schema.tables, Spacing::BlankLines, table_lines);
  append_list(lines, "views", schema.views, Spacing::BlankLines,
              [](const schema::View& each) { return view_lines("view", each); });
  append_list(lines, "triggers", schema.triggers, Spacing::BlankLines,
              [](const schema::Trigger& each) { return trigger_lines("trigger", each); });
  if (lines.empty()) lines.emplace_back("tables: []");
  std::string yaml;
  for (const std::string& line : lines) yaml += line + "\n";
  return yaml;
}

}  // namespace parley::migrate
