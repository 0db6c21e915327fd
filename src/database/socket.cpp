#include "database/socket.h"

#include <poll.h>

namespace parley::database {

bool has_input(int socket) {
  pollfd waiting{.fd = socket, .events = POLLIN, .revents = 0};
  return ::poll(&waiting, 1, 0) > 0;
}

}  // namespace parley::database
