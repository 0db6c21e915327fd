#pragma once

// The connection that work in a store is given, under the name by which modules may use it.

#include "database/connection.h"

namespace parley::store {

using database::Connection;

}  // namespace parley::store
