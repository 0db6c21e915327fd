#include "migrate/diagram_layout.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

namespace parley::migrate {
namespace {

constexpr double kColumnGap = 84;  ///< Room for the lines between two columns.
constexpr double kBoxGap = 22;     ///< Between boxes above each other.
constexpr double kLaneHeight = 12;
constexpr double kPartGap = 44;  ///< Between parts that no line connects.
constexpr double kLoopWidth = 30;
constexpr double kWideAsHigh = 1.5;
constexpr int kSweeps = 24;

/// What stands in a column: a box, or a lane that lets a line through.
struct Cell {
  double height = 0;
  double y = 0;
  bool is_box = false;
};

/// A piece of a line between neighbouring columns, or within a column for none.
struct Joint {
  std::size_t left = 0;
  std::size_t right = 0;
  double left_y = 0;
  double right_y = 0;
};

/// One connected part of the diagram, laid out by itself.
class Part {
 public:
  Part(std::vector<std::size_t> members, const std::vector<BoxSize>& boxes,
       const std::vector<Link>& links)
      : members_(std::move(members)), boxes_(boxes), links_(links) {
    choose_columns();
    make_cells();
    choose_order();
    settle();
    place_columns();
  }

  double width() const { return width_; }
  double height() const { return height_; }

  void write(DiagramLayout& layout, Point origin) const {
    for (const std::size_t box : members_) {
      layout.boxes[box] = {origin.x + column_x_[column_.at(box)],
                           origin.y + cells_[cell_.at(box)].y};
    }
    for (std::size_t link = 0; link < links_.size(); ++link) {
      if (!column_.contains(links_[link].from)) continue;
      for (Point point : points_of(link)) {
        layout.links[link].push_back({origin.x + point.x, origin.y + point.y});
      }
    }
  }

 private:
  template <class Visit>
  void for_each_link(const Visit& visit) const {
    for (const Link& link : links_) {
      if (column_.contains(link.from) && link.from != link.to) visit(link);
    }
  }

  /// Boxes such that each comes after those it points to, as far as there are no circles.
  std::vector<std::size_t> from_left_to_right() const {
    std::vector<std::size_t> ordered;
    std::map<std::size_t, bool> is_reached;
    const auto visit = [&](const auto& self, std::size_t box) -> void {
      if (std::exchange(is_reached[box], true)) return;
      for (const Link& link : links_) {
        if (link.from == box) self(self, link.to);
      }
      ordered.push_back(box);
    };
    for (const std::size_t box : members_) visit(visit, box);
    return ordered;
  }

  double height_max() const {
    double area = 0;
    double tallest = 0;
    for (const std::size_t box : members_) {
      area += (boxes_[box].width + kColumnGap) * (boxes_[box].height + kBoxGap);
      tallest = std::max(tallest, boxes_[box].height + kBoxGap);
    }
    return std::max(tallest, std::sqrt(area / kWideAsHigh));
  }

  /// Each box to the right of those it points to, in the first column that has room.
  void choose_columns() {
    for (const std::size_t box : members_) column_[box] = 0;
    const double height_max = this->height_max();
    std::vector<double> used;
    std::map<std::size_t, bool> is_placed;
    const auto put = [&](std::size_t box, std::size_t column) {
      if (used.size() <= column) used.resize(column + 1);
      used[column] += boxes_[box].height + kBoxGap;
      column_[box] = column;
    };
    const auto ordered = from_left_to_right();
    for (const std::size_t box : ordered) {
      std::size_t column = 0;
      for_each_link([&](const Link& link) {
        if (link.from == box && is_placed[link.to]) column = std::max(column, column_[link.to] + 1);
      });
      while (column < used.size() && used[column] > 0 &&
             used[column] + boxes_[box].height > height_max) {
        ++column;
      }
      put(box, column);
      is_placed[box] = true;
    }
    pull_to_their_users(ordered);
  }

  /// A box that points to nothing stands beside the first that points to it.
  void pull_to_their_users(const std::vector<std::size_t>& ordered) {
    constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
    for (const std::size_t box : ordered) {
      std::size_t first_user = kNone;
      bool points_somewhere = false;
      for_each_link([&](const Link& link) {
        if (link.from == box) points_somewhere = true;
        if (link.to == box) first_user = std::min(first_user, column_[link.from]);
      });
      if (!points_somewhere && first_user != kNone && first_user > column_[box] + 1) {
        column_[box] = first_user - 1;
      }
    }
  }

  std::size_t add_cell(std::size_t column, double height, bool is_box) {
    if (columns_.size() <= column) columns_.resize(column + 1);
    cells_.push_back({.height = height, .is_box = is_box});
    columns_[column].push_back(cells_.size() - 1);
    return cells_.size() - 1;
  }

  void make_cells() {
    for (const std::size_t box : from_left_to_right()) {
      cell_[box] = add_cell(column_[box], boxes_[box].height, true);
    }
    lanes_.resize(links_.size());
    for (std::size_t i = 0; i < links_.size(); ++i) {
      const Link& link = links_[i];
      if (column_.contains(link.from) && link.from != link.to) lead(i);
    }
  }

  /// Gives the link a lane in every column between its ends, and joins them.
  void lead(std::size_t index) {
    const Link& link = links_[index];
    const bool is_leftward = column_[link.to] <= column_[link.from];
    const std::size_t left_box = is_leftward ? link.to : link.from;
    const std::size_t right_box = is_leftward ? link.from : link.to;
    std::size_t left = cell_[left_box];
    double left_y = is_leftward ? link.to_y : link.from_y;
    for (std::size_t column = column_[left_box] + 1; column < column_[right_box]; ++column) {
      const std::size_t lane = add_cell(column, kLaneHeight, false);
      lanes_[index].push_back({column, lane});
      joints_.push_back({left, lane, left_y, kLaneHeight / 2});
      left = lane;
      left_y = kLaneHeight / 2;
    }
    joints_.push_back({left, cell_[right_box], left_y, is_leftward ? link.from_y : link.to_y});
  }

  static double gap_between(const Cell& above, const Cell& below) {
    return above.is_box || below.is_box ? kBoxGap : 2;
  }

  void stack(const std::vector<std::size_t>& column) {
    double y = 0;
    for (std::size_t i = 0; i < column.size(); ++i) {
      Cell& cell = cells_[column[i]];
      if (i > 0) y += gap_between(cells_[column[i - 1]], cell);
      cell.y = y;
      y += cell.height;
    }
  }

  /// Where the cell would like to be: level with what it is joined to on that side.
  template <class Side>
  std::vector<double> wishes(Side side) const {
    std::vector<double> sums(cells_.size());
    std::vector<int> counts(cells_.size());
    const auto count = [&](std::size_t cell, double y) {
      sums[cell] += y;
      ++counts[cell];
    };
    for (const Joint& joint : joints_) {
      const double left_y = cells_[joint.left].y + joint.left_y;
      const double right_y = cells_[joint.right].y + joint.right_y;
      if (side >= 0) count(joint.left, right_y - joint.left_y);
      if (side <= 0) count(joint.right, left_y - joint.right_y);
    }
    for (std::size_t cell = 0; cell < cells_.size(); ++cell) {
      sums[cell] = counts[cell] == 0 ? cells_[cell].y : sums[cell] / counts[cell];
    }
    return sums;
  }

  std::size_t crossings() const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < joints_.size(); ++i) {
      for (std::size_t j = i + 1; j < joints_.size(); ++j) count += do_cross(joints_[i], joints_[j]);
    }
    return count;
  }

  bool do_cross(const Joint& a, const Joint& b) const {
    if (column_of_[a.left] != column_of_[b.left] || column_of_[a.right] != column_of_[b.right]) {
      return false;
    }
    const double left = (cells_[a.left].y + a.left_y) - (cells_[b.left].y + b.left_y);
    const double right = (cells_[a.right].y + a.right_y) - (cells_[b.right].y + b.right_y);
    return left * right < 0;
  }

  /// Sorts the columns by where their cells would like to be, there and back, and keeps the order
  /// with the fewest crossings.
  void choose_order() {
    column_of_.resize(cells_.size());
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      for (const std::size_t cell : columns_[column]) column_of_[cell] = column;
      stack(columns_[column]);
    }
    auto best = columns_;
    std::size_t fewest = crossings();
    for (int sweep = 0; sweep < kSweeps && fewest > 0; ++sweep) {
      const int side = sweep % 2 == 0 ? -1 : 1;
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        auto& column = columns_[side < 0 ? i : columns_.size() - 1 - i];
        const auto wish = wishes(side);
        std::ranges::stable_sort(column, {}, [&](std::size_t cell) {
          return wish[cell] + cells_[cell].height / 2;
        });
        stack(column);
      }
      if (const std::size_t now = crossings(); now < fewest) {
        fewest = now;
        best = columns_;
      }
    }
    columns_ = std::move(best);
    for (const auto& column : columns_) stack(column);
  }

  /// Moves the cells of each column as near as possible to where they would like to be, in their
  /// order and without touching.
  void settle() {
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      const int side = sweep + 2 >= kSweeps ? 0 : (sweep % 2 == 0 ? -1 : 1);
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        move_near(columns_[side < 0 ? i : columns_.size() - 1 - i], wishes(side));
      }
    }
    double top = std::numeric_limits<double>::max();
    for (const Cell& cell : cells_) top = std::min(top, cell.y);
    for (Cell& cell : cells_) {
      cell.y -= top;
      height_ = std::max(height_, cell.y + cell.height);
    }
  }

  /// Least squares under "each below the one before": neighbours that would overlap move as one
  /// block to the mean of their wishes.
  void move_near(const std::vector<std::size_t>& column, const std::vector<double>& wish) {
    struct Block {
      double sum = 0;
      double weight = 0;
      std::size_t count = 0;
      double mean() const { return sum / weight; }
    };
    std::vector<double> offsets;
    std::vector<Block> blocks;
    double offset = 0;
    for (std::size_t i = 0; i < column.size(); ++i) {
      const Cell& cell = cells_[column[i]];
      if (i > 0) offset += cells_[column[i - 1]].height + gap_between(cells_[column[i - 1]], cell);
      offsets.push_back(offset);
      // A lane that bends is worse than a box that is not level.
      const double weight = cell.is_box ? 1 : 3;
      blocks.push_back({(wish[column[i]] - offset) * weight, weight, 1});
      while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() > blocks.back().mean()) {
        const Block last = blocks.back();
        blocks.pop_back();
        blocks.back().sum += last.sum;
        blocks.back().weight += last.weight;
        blocks.back().count += last.count;
      }
    }
    std::size_t at = 0;
    for (const Block& block : blocks) {
      for (std::size_t i = 0; i < block.count; ++i, ++at) {
        cells_[column[at]].y = block.mean() + offsets[at];
      }
    }
  }

  void place_columns() {
    std::vector<double> widths(columns_.size());
    for (const std::size_t box : members_) {
      widths[column_[box]] = std::max(widths[column_[box]], boxes_[box].width);
    }
    for (const double column_width : widths) {
      column_x_.push_back(width_);
      column_width_.push_back(column_width);
      width_ += column_width + kColumnGap;
    }
    width_ -= kColumnGap;
    const bool has_loop = std::ranges::any_of(links_, [&](const Link& link) {
      return link.from == link.to && column_.contains(link.from);
    });
    if (has_loop) width_ += kLoopWidth;
  }

  Point side_of(std::size_t box, double y, bool is_right) const {
    const double x = column_x_[column_.at(box)] + (is_right ? boxes_[box].width : 0);
    return {x, cells_[cell_.at(box)].y + y};
  }

  std::vector<Point> points_of(std::size_t index) const {
    const Link& link = links_[index];
    if (link.from == link.to) {
      return {side_of(link.from, link.from_y, true), side_of(link.to, link.to_y, true)};
    }
    const bool is_leftward = column_.at(link.to) <= column_.at(link.from);
    std::vector<Point> points = {side_of(is_leftward ? link.to : link.from,
                                         is_leftward ? link.to_y : link.from_y, true)};
    for (const auto& [column, lane] : lanes_[index]) {
      const double y = cells_[lane].y + kLaneHeight / 2;
      points.push_back({column_x_[column], y});
      points.push_back({column_x_[column] + column_width_[column], y});
    }
    points.push_back(side_of(is_leftward ? link.from : link.to,
                             is_leftward ? link.from_y : link.to_y, false));
    if (is_leftward) std::ranges::reverse(points);
    return points;
  }

  struct Lane {
    std::size_t column;
    std::size_t cell;
  };

  std::vector<std::size_t> members_;
  const std::vector<BoxSize>& boxes_;
  const std::vector<Link>& links_;
  std::map<std::size_t, std::size_t> column_;  ///< Of each box.
  std::map<std::size_t, std::size_t> cell_;    ///< Of each box.
  std::vector<Cell> cells_;
  std::vector<std::size_t> column_of_;             ///< Of each cell.
  std::vector<std::vector<std::size_t>> columns_;  ///< Their cells from the top.
  std::vector<std::vector<Lane>> lanes_;           ///< Of each link, from the left.
  std::vector<Joint> joints_;
  std::vector<double> column_x_;
  std::vector<double> column_width_;
  double width_ = 0;
  double height_ = 0;
};

/// The boxes that lines connect, those with the most boxes first.
std::vector<std::vector<std::size_t>> connected_parts(std::size_t count,
                                                      const std::vector<Link>& links) {
  std::vector<std::size_t> root(count);
  std::iota(root.begin(), root.end(), 0);
  const auto find = [&](std::size_t box) {
    while (root[box] != box) box = root[box] = root[root[box]];
    return box;
  };
  for (const Link& link : links) root[find(link.from)] = find(link.to);
  std::map<std::size_t, std::vector<std::size_t>> by_root;
  for (std::size_t box = 0; box < count; ++box) by_root[find(box)].push_back(box);
  std::vector<std::vector<std::size_t>> parts;
  for (auto& [_, members] : by_root) parts.push_back(std::move(members));
  std::ranges::stable_sort(parts, [](const auto& a, const auto& b) {
    return a.size() != b.size() ? a.size() > b.size() : a.front() < b.front();
  });
  return parts;
}

}  // namespace

DiagramLayout lay_out(const std::vector<BoxSize>& boxes, const std::vector<Link>& links) {
  DiagramLayout layout;
  layout.boxes.resize(boxes.size());
  layout.links.resize(links.size());
  std::vector<Part> parts;
  double area = 0;
  double widest = 0;
  for (auto& members : connected_parts(boxes.size(), links)) {
    const Part& part = parts.emplace_back(std::move(members), boxes, links);
    area += (part.width() + kPartGap) * (part.height() + kPartGap);
    widest = std::max(widest, part.width());
  }
  const double width_max = std::max(widest, std::sqrt(area * kWideAsHigh));
  Point corner;
  double row_height = 0;
  for (const Part& part : parts) {
    if (corner.x > 0 && corner.x + part.width() > width_max) {
      corner = {0, corner.y + row_height + kPartGap};
      row_height = 0;
    }
    part.write(layout, corner);
    layout.width = std::max(layout.width, corner.x + part.width());
    layout.height = std::max(layout.height, corner.y + part.height());
    row_height = std::max(row_height, part.height());
    corner.x += part.width() + kPartGap;
  }
  return layout;
}

}  // namespace parley::migrate
