// EXPECT: no matching

#include "row.h"

struct Flag {
  bool is_set = false;
};

constexpr auto flag =
    parley::schema::column<&Flag::is_set>("is_set", parley::schema::word::boolean())
        .default_to("false");
