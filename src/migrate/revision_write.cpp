// From a `Revision` to the YAML of its file.

#include <string>
#include <string_view>
#include <vector>

#include "migrate/revision.h"
#include "migrate/revision_change.h"
#include "migrate/revision_scalar.h"

namespace parley::migrate {
namespace {

std::string parents_text(const std::vector<std::string>& parents) {
  if (parents.empty()) return "null";
  return parents.size() == 1 ? yaml_scalar(parents.front()) : yaml_list(parents);
}

Lines header_lines(const Revision& revision) {
  Lines lines = yaml_field("revision", revision.id);
  lines.push_back("down_revision: " + parents_text(revision.down_revisions));
  if (!revision.branch_labels.empty()) {
    lines.push_back("branch_labels: " + yaml_list(revision.branch_labels));
  }
  if (!revision.depends_on.empty())
    lines.push_back("depends_on: " + yaml_list(revision.depends_on));
  if (!revision.message.empty()) append(lines, yaml_field("message", revision.message));
  if (!revision.create_date.empty()) append(lines, yaml_field("create_date", revision.create_date));
  return lines;
}

Lines change_list_lines(const std::string& key, const std::vector<schema::Change>& changes) {
  if (changes.empty()) return {"", key + ": []"};
  Lines lines = {"", key + ":"};
  for (const schema::Change& change : changes) {
    append(lines, indented(list_item(change_lines(change))));
  }
  return lines;
}

}  // namespace

std::string to_yaml(const Revision& revision) {
  Lines lines = header_lines(revision);
  append(lines, change_list_lines("upgrade", revision.upgrade));
  if (revision.downgrade) append(lines, change_list_lines("downgrade", *revision.downgrade));
  std::string yaml;
  for (const std::string& line : lines) yaml += line + "\n";
  return yaml;
}

}  // namespace parley::migrate
