// EXPECT: this struct has no declaration

#include "row.h"

struct Stranger {
  std::string name;
};

constexpr auto name = parley::schema::column_name<&Stranger::name>();
