// EXPECT: this member's C++ type cannot hold the column's type

#include "row.h"

constexpr auto note =
    parley::schema::nullable<&Row::note>("note", parley::schema::word::datetime());
