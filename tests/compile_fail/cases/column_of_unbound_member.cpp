// EXPECT: this member is bound to no column of its table's declaration

#include "row.h"

constexpr auto name = parley::schema::column_name<&Row::unbound>();
