#include "migrate/schema_dump.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>

#include "dialect/script.h"
#include "migrate/creation.h"
#include "migrate/diagram_layout.h"
#include "schema/change_test_schema.h"
#include "support/databases.h"

namespace parley::migrate {
namespace {

using namespace schema;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Table table(std::string name, const std::vector<std::string>& referenced = {}) {
  Table table{.name = std::move(name),
              .columns = {{.name = "id", .type = integer()}},
              .primary_key = PrimaryKey{.columns = {"id"}}};
  for (const std::string& other : referenced) {
    table.columns.push_back({.name = other + "_id", .type = integer(), .nullable = true});
    table.foreign_keys.push_back({.name = "fk_" + table.name + "_" + other,
                                  .columns = {other + "_id"},
                                  .referenced_table = other,
                                  .referenced_columns = {"id"}});
  }
  return table;
}

std::vector<std::string> described(const std::vector<Change>& changes) {
  std::vector<std::string> texts;
  for (const Change& change : changes) texts.push_back(describe(change));
  return texts;
}

TEST(Creation, PutsEverythingBehindWhatItNeeds) {
  Schema schema{.tables = {table("c", {"b"}), table("b", {"a", "b"}), table("a"), table("d")}};
  schema.views = {{.name = "w", .query = {{"", "SELECT id FROM v"}}},
                  {.name = "v", .query = {{"", "SELECT id FROM a"}}}};
  schema.enums = {{"e", {"x"}}};
  schema.triggers = {
      {.name = "g", .table = "a", .events = {.insert = true}, .body = {{"", "SELECT 1;"}}}};
  const auto changes = creation_of(schema, Circles::AddedLater);
  EXPECT_THAT(described(changes), ElementsAre("create enum e", "create table a", "create table b",
                                              "create table c", "create table d", "create view v",
                                              "create view w", "create trigger g on a"));
  Schema built;
  for (const Change& change : changes) apply(built, change);
}

TEST(Creation, OpensCirclesOfForeignKeys) {
  const Schema schema{.tables = {table("a", {"b"}), table("b", {"c"}), table("c", {"a"})}};
  EXPECT_THAT(described(creation_of(schema, Circles::AddedLater)),
              ElementsAre("create table c", "create table b", "create table a",
                          "add foreign key fk_c_a (a_id) to c, referring to a"));
  EXPECT_THAT(described(creation_of(schema, Circles::LeftInTheTable)),
              ElementsAre("create table c", "create table b", "create table a"));
}

class SchemaDump : public testing::TestWithParam<parley::test::TestEngine> {
 protected:
  SchemaDump() : first_(GetParam()), second_(GetParam()) {}

  /// `schema` made in one database, read, dumped into another and read there.
  void expect_copy(const Schema& schema) {
    const auto source = first_.connect();
    const auto copy = second_.connect();
    const auto& dialect = dialect::dialect_of(*source);
    for (const std::string& sql : creation_statements(schema, dialect)) source->execute(sql);
    const Schema live = dialect.inspect(*source);
    EXPECT_EQ(live.tables.size(), schema.tables.size());
    for (const std::string& sql : creation_statements(live, dialect)) copy->execute(sql);
    EXPECT_EQ(dialect.inspect(*copy), live) << to_sql(live, dialect);
  }

  parley::test::TestDatabase first_;
  parley::test::TestDatabase second_;
};
INSTANTIATE_TEST_SUITE_P(
    Engines, SchemaDump, testing::ValuesIn(parley::test::all_engines()),
    parley::test::engine_name<testing::TestParamInfo<parley::test::TestEngine>>);

TEST_P(SchemaDump, MakesTheSameSchemaAgain) {
  Schema blog = schema::test::blog();
  // Not every engine has partial indexes and unnamed constraints; both have tests of their own.
  for (Table& each : blog.tables) {
    std::erase_if(each.indexes, [](const Index& index) { return !index.where.empty(); });
  }
  expect_copy(blog);
}

TEST_P(SchemaDump, MakesTablesThatReferToEachOther) {
  expect_copy({.tables = {table("a", {"b"}), table("b", {"c"}), table("c", {"a", "c"})}});
}

TEST_P(SchemaDump, MakesViewsTriggersAndEnumsAgain) {
  Schema schema{.tables = {table("a"), table("b", {"a"})}};
  schema.enums = {{"state", {"draft", "it's out"}}};
  schema.tables[1].columns.push_back(
      {.name = "state", .type = enumeration("state", 20), .default_value = std::string("draft")});
  schema.views = {{.name = "above", .query = {{"", "SELECT id FROM below"}}},
                  {.name = "below", .query = {{"", "SELECT id FROM b WHERE id > 5"}}}};
  const std::string count_up = "UPDATE a SET id = id WHERE id = NEW.id;";
  schema.triggers = {{.name = "trg_b",
                      .table = "b",
                      .events = {.insert = true},
                      .body = {{"sqlite", count_up},
                               {"mariadb", count_up},
                               {"mysql", count_up},
                               {"postgresql", "BEGIN " + count_up + " RETURN NEW; END"}}}};
  expect_copy(schema);
}

TEST(DumpSql, IsAScriptForTheEnginesOwnProgram) {
  const Schema schema{.tables = {table("a")}};
  EXPECT_EQ(to_sql(schema, dialect::sqlite()),
            "CREATE TABLE a (\n    id INTEGER NOT NULL,\n    PRIMARY KEY (id)\n);\n");
  EXPECT_EQ(dialect::script_of({"CREATE TRIGGER g BEGIN SELECT 1; END", "SELECT ';'"},
                               dialect::mariadb()),
            "DELIMITER ;;\nCREATE TRIGGER g BEGIN SELECT 1; END;;\nDELIMITER ;\n\nSELECT ';';\n");
  EXPECT_EQ(dialect::script_of({"CREATE TRIGGER g BEGIN SELECT 1; END"}, dialect::sqlite()),
            "CREATE TRIGGER g BEGIN SELECT 1; END;\n");
}

TEST(DumpMermaid, ShowsTablesColumnsAndHowTheyBelongTogether) {
  EXPECT_EQ(to_mermaid(schema::test::blog()), R"(erDiagram
    users {
        integer id PK
        string(255) email UK
        string(20) tenant
        string(255) full_name "null"
    }
    posts {
        integer id PK
        integer author FK
        integer parent FK "null"
        string(80) title
        string(10) state
        text note "null"
    }
    users ||--o{ posts : "author"
    posts |o--o{ posts : "parent"
)");
}

TEST(DumpMermaid, KeepsToItsOwnWords) {
  Table odd{.name = "order items",
            .columns = {{.name = "größe", .type = decimal(10, 2), .comment = "in \"cm\""},
                        {.name = "2nd", .type = native("enum('a','b')")}}};
  EXPECT_EQ(to_mermaid({.tables = {odd}}), R"(erDiagram
    "order items" {
        decimal(10_2) gr_e "größe; in 'cm'"
        native(_enum(_a_b_)_) _2nd "2nd"
    }
)");
}

TEST(DumpMermaid, ShowsAKeyThatOneRowCanHaveAsOneToOne) {
  Schema schema{.tables = {table("a"), table("b", {"a"})}};
  schema.tables[1].uniques = {{.columns = {"a_id"}}};
  EXPECT_THAT(to_mermaid(schema), HasSubstr("a |o--o| b : \"a_id\""));
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(DumpSvg, DrawsEveryTableColumnAndForeignKey) {
  const std::string svg = to_svg(schema::test::blog());
  EXPECT_EQ(count(svg, "class=\"title\""), 2U);
  EXPECT_EQ(count(svg, "class=\"name"), 10U);
  EXPECT_EQ(count(svg, "<path class=\"line"), 2U);
  EXPECT_THAT(svg, HasSubstr("posts (author) → users"));
  EXPECT_THAT(svg, HasSubstr("prefers-color-scheme:dark"));
}

TEST(DumpSvg, StandsByItself) {
  Schema schema = schema::test::blog();
  schema.tables[0].name = "<b>&\"";
  const std::string svg = to_svg(schema);
  EXPECT_THAT(svg, HasSubstr("&lt;b&gt;&amp;&quot;"));
  EXPECT_THAT(svg, Not(HasSubstr("<b>")));
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
  EXPECT_THAT(svg, Not(HasSubstr("href")));
  EXPECT_EQ(count(svg, "<g"), count(svg, "</g>"));
  EXPECT_EQ(count(svg, "<text"), count(svg, "</text>"));
}

TEST(DumpSvg, SaysThatThereIsNothing) { EXPECT_THAT(to_svg({}), HasSubstr("No tables")); }

TEST(DumpSvg, DrawsViewsWithWhatTheyReadAndEnumsWithTheirValues) {
  Schema schema = schema::test::blog();
  schema.views = {{.name = "drafts", .query = {{"", "SELECT id FROM posts"}}, .columns = {"id"}}};
  schema.enums = {{"state", {"draft", "published"}}};
  const std::string svg = to_svg(schema);
  EXPECT_THAT(svg, HasSubstr("<title>drafts reads posts</title>"));
  EXPECT_THAT(svg, Not(HasSubstr("drafts reads users")));
  EXPECT_THAT(svg, HasSubstr(">published</text>"));
}

bool overlap(const Point& a, const BoxSize& a_size, const Point& b, const BoxSize& b_size) {
  return a.x < b.x + b_size.width && b.x < a.x + a_size.width && a.y < b.y + b_size.height &&
         b.y < a.y + a_size.height;
}

/// Of all diagrams of five boxes with lines to any but one, every 37th.
TEST(DiagramLayoutTest, PutsNoBoxOverAnother) {
  constexpr std::size_t kBoxes = 5;
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t from = 0; from < kBoxes; ++from) {
    for (std::size_t to = 0; to < kBoxes; ++to) {
      if (from != to && (from + 1) % kBoxes != to) pairs.emplace_back(from, to);
    }
  }
  for (unsigned chosen = 0; chosen < 1U << pairs.size(); chosen += 37) {
    std::vector<BoxSize> sizes;
    for (std::size_t i = 0; i < kBoxes; ++i) {
      sizes.push_back({150.0 + 20 * static_cast<double>(i), 40.0 + 30 * static_cast<double>(i)});
    }
    std::vector<Link> links;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if ((chosen >> i & 1U) != 0) links.push_back({pairs[i].first, pairs[i].second, 20, 20});
    }
    const DiagramLayout layout = lay_out(sizes, links);
    for (std::size_t a = 0; a < kBoxes; ++a) {
      for (std::size_t b = a + 1; b < kBoxes; ++b) {
        ASSERT_FALSE(overlap(layout.boxes[a], sizes[a], layout.boxes[b], sizes[b])) << chosen;
      }
      ASSERT_LE(layout.boxes[a].x + sizes[a].width, layout.width + 0.01) << chosen;
      ASSERT_LE(layout.boxes[a].y + sizes[a].height, layout.height + 0.01) << chosen;
    }
    for (const auto& points : layout.links) ASSERT_GE(points.size(), 2U) << chosen;
  }
}

TEST(DiagramLayoutTest, LeadsEachLineFromSideToSide) {
  const std::vector<BoxSize> sizes = {{100, 80}, {120, 60}};
  const DiagramLayout layout = lay_out(sizes, {{1, 0, 40, 20}});
  ASSERT_EQ(layout.links[0].size(), 2U);
  EXPECT_DOUBLE_EQ(layout.links[0][0].x, layout.boxes[1].x);
  EXPECT_DOUBLE_EQ(layout.links[0][0].y, layout.boxes[1].y + 40);
  EXPECT_DOUBLE_EQ(layout.links[0][1].x, layout.boxes[0].x + 100);
  EXPECT_DOUBLE_EQ(layout.links[0][1].y, layout.boxes[0].y + 20);
}

}  // namespace
}  // namespace parley::migrate
