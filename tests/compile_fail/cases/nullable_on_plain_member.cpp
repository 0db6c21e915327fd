// EXPECT: a nullable column needs a std::optional member: a plain one cannot hold NULL

#include "row.h"

constexpr auto name = parley::schema::nullable<&Row::name>("name", parley::schema::word::text());
