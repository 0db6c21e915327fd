// EXPECT: this member's C++ type cannot hold the column's type

#include "row.h"

constexpr auto name = parley::schema::column<&Row::name>("name", parley::schema::word::integer());
