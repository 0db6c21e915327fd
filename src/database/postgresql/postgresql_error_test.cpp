#include "database/postgresql/postgresql_error.h"

#include <gtest/gtest.h>

namespace parley::database {
namespace {

// What a test cannot make a server do; the rest is provoked in classification_test.cpp.
TEST(ClassifySqlstate, KnowsConditionsBeforeTheirClass) {
  EXPECT_EQ(classify_sqlstate("53100"), ErrorCode::DiskFull);
  EXPECT_EQ(classify_sqlstate("53300"), ErrorCode::CannotConnect);
  EXPECT_EQ(classify_sqlstate("57P03"), ErrorCode::CannotConnect);
  EXPECT_EQ(classify_sqlstate("57P01"), ErrorCode::ConnectionLost);
  EXPECT_EQ(classify_sqlstate("08006"), ErrorCode::ConnectionLost);
  EXPECT_EQ(classify_sqlstate("28P01"), ErrorCode::PermissionDenied);
  EXPECT_EQ(classify_sqlstate("XX000"), ErrorCode::DatabaseFailure);
  EXPECT_EQ(classify_sqlstate(""), ErrorCode::DatabaseFailure);
}

TEST(ClassifyConnect, ReadsTheServersAnswer) {
  EXPECT_EQ(classify_postgresql_connect("FATAL:  password authentication failed for user \"u\""),
            ErrorCode::PermissionDenied);
  EXPECT_EQ(classify_postgresql_connect("fe_sendauth: no password supplied"),
            ErrorCode::PermissionDenied);
  EXPECT_EQ(classify_postgresql_connect("FATAL:  sorry, too many clients already"),
            ErrorCode::CannotConnect);
}

}  // namespace
}  // namespace parley::database
