// EXPECT: a foreign key and what it refers to have the same C++ type

#include "row.h"

constexpr auto key = parley::schema::foreign_key<&Row::name, &Row::id>();
