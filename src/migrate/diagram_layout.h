#pragma once

// Places boxes and the lines between them in a plane: in columns, such that lines lead from right to
// left with few crossings, and every column stays about as high as the picture is meant to be.
// Boxes without lines stand below. Pure; any thread.

#include <cstddef>
#include <vector>

namespace parley::migrate {

struct Point {
  double x = 0;
  double y = 0;
};

struct BoxSize {
  double width = 0;
  double height = 0;
};

/// A line from one box to another, or to itself. Where it leaves and arrives is counted from the
/// top of the box.
struct Link {
  std::size_t from = 0;
  std::size_t to = 0;
  double from_y = 0;
  double to_y = 0;
};

struct DiagramLayout {
  std::vector<Point> boxes;               ///< Upper left corners, in the order of the sizes.
  std::vector<std::vector<Point>> links;  ///< From the side of one box, around others, to the side
                                          ///< of the other; level at every point.
  double width = 0;
  double height = 0;
};

DiagramLayout lay_out(const std::vector<BoxSize>& boxes, const std::vector<Link>& links);

}  // namespace parley::migrate
