#pragma once

// The struct and the declaration that the cases make their mistakes on.

#include "schema/declare.h"

struct Row {
  std::int64_t id = 0;
  std::string name;
  std::optional<std::string> note;
  std::string unbound;
};

template <>
inline constexpr auto parley::schema::declaration<Row> =
    parley::schema::table<Row>("rows",
                               columns(column<&Row::id>("id", word::integer()).primary_key(),
                                       column<&Row::name>("name", word::string(20)),
                                       nullable<&Row::note>("note", word::text())),
                               index<&Row::name>("ix_name"));
