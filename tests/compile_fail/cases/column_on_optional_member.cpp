// EXPECT: a std::optional member is bound with nullable<>, not with column<>

#include "row.h"

constexpr auto note = parley::schema::column<&Row::note>("note", parley::schema::word::text());
