// The examples of docs/guide/revision-files.md, read as users would type them.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "migrate/revision.h"

namespace parley::migrate {
namespace {

std::string guide() {
  const std::filesystem::path root(PARLEY_ROOT);
  std::ifstream file(root / "docs/guide/revision-files.md");
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The texts between ```yaml and ```.
std::vector<std::string> examples(const std::string& markdown) {
  const std::string open = "```yaml\n";
  std::vector<std::string> found;
  for (auto begin = markdown.find(open); begin != std::string::npos;) {
    begin += open.size();
    const auto end = markdown.find("```\n", begin);
    found.push_back(markdown.substr(begin, end - begin));
    begin = markdown.find(open, end);
  }
  return found;
}

/// A whole file, or a list of changes that lacks its head.
std::string as_file(const std::string& example) {
  return example.starts_with("- ") ? "revision: a1\nupgrade:\n" + example : example;
}

TEST(RevisionGuide, ShowsOnlyWhatCanBeRead) {
  const auto texts = examples(guide());
  EXPECT_EQ(texts.size(), 9U);
  for (const std::string& text : texts) {
    const Revision revision = parse_revision(as_file(text), "example");
    EXPECT_EQ(parse_revision(to_yaml(revision), "example"), revision) << text;
  }
}

TEST(RevisionGuide, ShowsEveryChange) {
  std::set<std::size_t> alternatives;
  for (const std::string& text : examples(guide())) {
    for (const auto& change : parse_revision(as_file(text), "example").upgrade) {
      alternatives.insert(change.index());
    }
  }
  EXPECT_EQ(alternatives.size(), std::variant_size_v<schema::Change>);
}

TEST(RevisionGuide, ShowsChangesAsTheyAreWritten) {
  for (const std::string& text : examples(guide())) {
    if (!text.starts_with("revision:")) continue;
    EXPECT_EQ(to_yaml(parse_revision(text, "example")), text);
  }
}

}  // namespace
}  // namespace parley::migrate
