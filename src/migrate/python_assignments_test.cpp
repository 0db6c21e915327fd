#include "migrate/python_assignments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::migrate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

constexpr const char* kFile = R"py("""add messages

Revision ID: 27c6a30d7c24
"""
from typing import Union

revision: str = '27c6a30d7c24'
down_revision: Union[str, None] = (
    "ae1027a6acf",  # "not this one"
    'b2c',
)
branch_labels = None
depends_on = ["x'y"]

def upgrade() -> None:
    revision = "no"
    message == "no"
)py";

TEST(PythonAssignments, ReadsOneStringSeveralAndNone) {
  EXPECT_THAT(assigned_strings(kFile, "revision"), Optional(ElementsAre("27c6a30d7c24")));
  EXPECT_THAT(assigned_strings(kFile, "down_revision"),
              Optional(ElementsAre("ae1027a6acf", "b2c")));
  EXPECT_THAT(assigned_strings(kFile, "branch_labels"), Optional(IsEmpty()));
  EXPECT_THAT(assigned_strings(kFile, "depends_on"), Optional(ElementsAre("x'y")));
}

TEST(PythonAssignments, SeesNeitherLocalNamesNorLongerOnes) {
  EXPECT_EQ(assigned_strings(kFile, "message"), std::nullopt);
  EXPECT_EQ(assigned_strings("revision_id = 'a'\n  revision = 'b'\n", "revision"), std::nullopt);
}

TEST(PythonAssignments, TakesTheTitleOfTheDocstring) {
  EXPECT_EQ(docstring_title(kFile), "add messages");
  EXPECT_EQ(docstring_title("# coding\n'''one'''\n"), "one");
  EXPECT_EQ(docstring_title("import x\n"), "");
  EXPECT_EQ(docstring_title("#"), "");
}

TEST(PythonAssignments, StopsAtTheEndOfABrokenFile) {
  EXPECT_THAT(assigned_strings("revision = 'abc", "revision"), Optional(ElementsAre("abc")));
  EXPECT_THAT(assigned_strings("revision = (", "revision"), Optional(IsEmpty()));
  EXPECT_THAT(assigned_strings("revision = '\\", "revision"), Optional(ElementsAre("\\")));
}

}  // namespace
}  // namespace parley::migrate
