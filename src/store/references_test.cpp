#include "store/references.h"

#include <gmock/gmock.h>

#include "support/create_table.h"
#include "support/databases.h"

namespace parley::store {
namespace {

struct ParentRow {
  std::int64_t id = 0;
};
struct ChildRow {
  std::int64_t id = 0;
  std::int64_t parent_id = 0;
};
struct OtherRow {
  std::int64_t id = 0;
  std::int64_t parent_id = 0;
};

}  // namespace
}  // namespace parley::store

template <>
inline constexpr auto parley::schema::declaration<parley::store::ParentRow> =
    parley::schema::table<parley::store::ParentRow>(
        "parents", columns(column<&store::ParentRow::id>("id", word::integer()).primary_key()));
template <>
inline constexpr auto parley::schema::declaration<parley::store::ChildRow> =
    parley::schema::table<parley::store::ChildRow>(
        "children",
        columns(column<&store::ChildRow::id>("id", word::integer()).primary_key(),
                column<&store::ChildRow::parent_id>("parent_id", word::integer())),
        foreign_key<&store::ChildRow::parent_id, &store::ParentRow::id>());
template <>
inline constexpr auto parley::schema::declaration<parley::store::OtherRow> =
    parley::schema::table<parley::store::OtherRow>(
        "others",
        columns(column<&store::OtherRow::id>("id", word::integer()).primary_key(),
                column<&store::OtherRow::parent_id>("parent_id", word::integer())),
        foreign_key<&store::OtherRow::parent_id, &store::ParentRow::id>());

namespace parley::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class References : public testing::TestWithParam<test::TestEngine> {
 protected:
  References() {
    test::create_table<ParentRow>(*connection);
    test::create_table<ChildRow>(*connection);
    test::create_table<OtherRow>(*connection);
    insert(*connection, ParentRow{1});
    insert(*connection, ParentRow{2});
    insert(*connection, ChildRow{10, 1});
    insert(*connection, OtherRow{20, 1});
  }

  std::vector<std::string> pointing_at(std::int64_t id, std::vector<std::string_view> except = {}) {
    return tables_pointing_at<&ParentRow::id>(*connection, equals<&ParentRow::id>(id), except);
  }

  test::TestDatabase database{GetParam()};
  std::unique_ptr<database::Connection> connection = database.connect();
};

INSTANTIATE_TEST_SUITE_P(Engines, References, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<test::TestEngine>>);

TEST_P(References, NameTheTablesThatHaveRows) {
  EXPECT_THAT(pointing_at(1), ElementsAre("children", "others"));
  EXPECT_THAT(pointing_at(1, {"children"}), ElementsAre("others"));
  EXPECT_THAT(pointing_at(2), IsEmpty());
}

}  // namespace
}  // namespace parley::store
