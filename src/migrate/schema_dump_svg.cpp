#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.h"
#include "migrate/diagram.h"
#include "migrate/diagram_layout.h"
#include "migrate/schema_dump.h"

namespace parley::migrate {
namespace {

constexpr double kMargin = 28;
constexpr double kHeadHeight = 30;
constexpr double kRowHeight = 20;
constexpr double kFoot = 6;      ///< Below the last row.
constexpr double kIndent = 34;   ///< Room for `PK` in front of a name.
constexpr double kLetter = 7.3;  ///< Width of a letter of the rows, whichever font is found.
constexpr double kHeadLetter = 8.2;
constexpr double kWidthMin = 150;
constexpr std::size_t kNameMax = 40;
constexpr std::size_t kTypeMax = 30;
constexpr int kHues = 8;

// Plain colours first and the dark ones in a media query, because not every reader of SVG knows
// CSS variables.
constexpr std::string_view kStyle = R"(<style>
.ground{fill:#f6f8fa}
.box{fill:#fff;stroke:#c5cdd6}
.head{fill:#e3e9f1}
.view .head{fill:#e2f0e8}
.enum .head{fill:#f4e9dc}
.view .box,.enum .box{stroke-dasharray:5 3}
.rule{stroke:#c5cdd6}
text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:12px}
.title{font-family:system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;font-size:13px;font-weight:600;fill:#1c2530}
.kind{font-family:system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;font-size:10px;fill:#5f6b78}
.name{fill:#1c2530}
.key{font-weight:600}
.type{fill:#66717d}
.mark{font-size:9px;font-weight:700}
.pk{fill:#a15c00}
.fk{fill:#2563b0}
.uq{fill:#66717d}
.line{fill:none;stroke-width:1.5}
.line:hover{stroke-width:3}
.reads{stroke-dasharray:4 4}
.h0{stroke:#2563b0}.h1{stroke:#b4541a}.h2{stroke:#1f7a4d}.h3{stroke:#8a3fa8}.h4{stroke:#a8324a}.h5{stroke:#0f7a85}.h6{stroke:#7a6a12}.h7{stroke:#5a6472}
@media (prefers-color-scheme:dark){
.ground{fill:#0f141a}
.box{fill:#171d25;stroke:#38424e}
.head{fill:#232d3a}
.view .head{fill:#1d3229}
.enum .head{fill:#352b1f}
.rule{stroke:#38424e}
.title,.name{fill:#e4eaf1}
.kind,.type,.uq{fill:#93a0ae}
.pk{fill:#e0a04a}
.fk{fill:#6fa8f0}
.h0{stroke:#6fa8f0}.h1{stroke:#e08a52}.h2{stroke:#5cc08d}.h3{stroke:#c183db}.h4{stroke:#e5788f}.h5{stroke:#52bcc8}.h6{stroke:#c5b251}.h7{stroke:#9aa5b1}
}
</style>
)";

std::string escaped(std::string_view text) {
  std::string xml;
  for (const char c : text) {
    switch (c) {
      case '<': xml += "&lt;"; break;
      case '>': xml += "&gt;"; break;
      case '&': xml += "&amp;"; break;
      case '"': xml += "&quot;"; break;
      default: xml += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return xml;
}

std::string shortened(const std::string& text, std::size_t letters_max) {
  if (code_points(text) <= letters_max) return text;
  return std::string(first_code_points(text, letters_max - 1)) + "…";
}

std::string type_of(const DiagramRow& row) {
  return shortened(row.type, kTypeMax) + (row.is_nullable ? " null" : "");
}

std::string_view kind_of(const DiagramBox& box) {
  switch (box.kind) {
    case DiagramBox::Kind::Table: return "table";
    case DiagramBox::Kind::View: return "view";
    case DiagramBox::Kind::Enum: return "enum";
  }
  return "";
}

BoxSize size_of(const DiagramBox& box) {
  const auto letters = [](const std::string& text) {
    return static_cast<double>(code_points(text));
  };
  double width = letters(shortened(box.name, kNameMax)) * kHeadLetter + 60;
  for (const DiagramRow& row : box.rows) {
    const double row_letters = letters(shortened(row.name, kNameMax)) + letters(type_of(row));
    width = std::max(width, kIndent + row_letters * kLetter + 28);
  }
  const double rows = static_cast<double>(box.rows.size()) * kRowHeight;
  return {std::ceil(std::max(width, kWidthMin)),
          kHeadHeight + (box.rows.empty() ? 0 : rows + kFoot)};
}

double height_at(std::optional<std::size_t> row) {
  if (!row) return kHeadHeight / 2;
  return kHeadHeight + 3 + (static_cast<double>(*row) + 0.5) * kRowHeight;
}

/// `PK` goes before `FK`, which the line shows anyway.
std::string mark_text(const DiagramRow& row, double y) {
  const std::string_view mark = row.is_primary_key   ? "PK"
                                : row.is_foreign_key ? "FK"
                                : row.is_unique      ? "UQ"
                                                     : "";
  if (mark.empty()) return {};
  return fmt::format("<text class=\"mark {}\" x=\"10\" y=\"{}\">{}</text>\n", lower(mark), y, mark);
}

std::string tooltip(const std::string& text) {
  return text.empty() ? "" : fmt::format("<title>{}</title>", escaped(text));
}

std::string row_text(const DiagramRow& row, double width, double middle) {
  const double y = middle + 4;
  std::string text = mark_text(row, middle + 3.5);
  text += fmt::format(
      "<text class=\"name{}\" x=\"{}\" y=\"{}\">{}{}</text>\n", row.is_primary_key ? " key" : "",
      kIndent, y,
      tooltip(row.comment.empty() && code_points(row.name) > kNameMax ? row.name : row.comment),
      escaped(shortened(row.name, kNameMax)));
  if (row.type.empty()) return text;
  return text +
         fmt::format("<text class=\"type\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}{}</text>\n",
                     width - 10, y, tooltip(code_points(row.type) > kTypeMax ? row.type : ""),
                     escaped(type_of(row)));
}

std::string box_text(const DiagramBox& box, const BoxSize& size, Point corner) {
  const bool has_rows = !box.rows.empty();
  std::string text = fmt::format("<g class=\"{}\" transform=\"translate({:.1f} {:.1f})\">{}\n",
                                 kind_of(box), corner.x, corner.y, tooltip(box.comment));
  text += fmt::format("<rect class=\"box\" width=\"{}\" height=\"{}\" rx=\"7\"/>\n", size.width,
                      size.height);
  // Inside the border, round only where the box is.
  const double right = size.width - 0.5;
  const double bottom = has_rows ? kHeadHeight : kHeadHeight - 0.5;
  text += has_rows ? fmt::format(
                         "<path class=\"head\" d=\"M.5 {0}V7A6.5 6.5 0 0 1 7 .5H{1}A6.5 6.5 "
                         "0 0 1 {2} 7V{0}Z\"/>\n<path class=\"rule\" d=\"M0 {0}H{3}\"/>\n",
                         bottom, right - 6.5, right, size.width)
                   : fmt::format(
                         "<rect class=\"head\" x=\".5\" y=\".5\" width=\"{}\" "
                         "height=\"{}\" rx=\"6.5\"/>\n",
                         size.width - 1, size.height - 1);
  text += fmt::format("<text class=\"title\" x=\"10\" y=\"{}\">{}</text>\n", kHeadHeight / 2 + 4.5,
                      escaped(shortened(box.name, kNameMax)));
  if (box.kind != DiagramBox::Kind::Table) {
    text += fmt::format("<text class=\"kind\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n",
                        size.width - 10, kHeadHeight / 2 + 4, kind_of(box));
  }
  for (std::size_t row = 0; row < box.rows.size(); ++row) {
    text += row_text(box.rows[row], size.width, height_at(row));
  }
  return text + "</g>\n";
}

/// A curve that is level at each point.
std::string curve(const std::vector<Point>& points, bool is_loop) {
  std::string path = fmt::format("M{:.1f} {:.1f}", points[0].x, points[0].y);
  for (std::size_t i = 1; i < points.size(); ++i) {
    const Point& from = points[i - 1];
    const Point& to = points[i];
    if (is_loop) {
      const double out = std::max(from.x, to.x) + 38;
      path +=
          fmt::format("C{0:.1f} {1:.1f} {0:.1f} {2:.1f} {3:.1f} {2:.1f}", out, from.y, to.y, to.x);
    } else if (std::abs(from.y - to.y) < 0.05) {
      path += fmt::format("H{:.1f}", to.x);
    } else {
      const double middle = (from.x + to.x) / 2;
      path += fmt::format("C{0:.1f} {1:.1f} {0:.1f} {2:.1f} {3:.1f} {2:.1f}", middle, from.y, to.y,
                          to.x);
    }
  }
  return path;
}

/// Which way a line leaves a box: 1 to the right, -1 to the left.
double direction(const Point& at, const Point& next, bool is_loop) {
  return is_loop || next.x > at.x ? 1 : -1;
}

/// Where a foreign key begins: a crow's foot for many rows, a bar for one.
std::string many_end(const Point& at, double way, bool is_single) {
  if (is_single) return fmt::format("M{:.1f} {:.1f}v10", at.x + 7 * way, at.y - 5);
  return fmt::format("M{0:.1f} {1:.1f}L{2:.1f} {3:.1f}L{0:.1f} {4:.1f}", at.x, at.y - 5,
                     at.x + 10 * way, at.y, at.y + 5);
}

/// Where it points to: a bar for one row. That there may be none is said by `null` in the row of
/// the key, because all lines to a table end at one place.
std::string one_end(const Point& at, double way) {
  return fmt::format("M{:.1f} {:.1f}v10", at.x + 6 * way, at.y - 5);
}

std::string line_text(const Diagram& diagram, const DiagramLine& line,
                      const std::vector<Point>& points, int hue) {
  const DiagramBox& from = diagram.boxes[line.from];
  const DiagramBox& to = diagram.boxes[line.to];
  const bool is_loop = line.from == line.to;
  const bool is_view = from.kind == DiagramBox::Kind::View;
  std::string path = curve(points, is_loop);
  if (!is_view) {
    const double way_out = direction(points[0], points[1], is_loop);
    const double way_in = direction(points.back(), points[points.size() - 2], is_loop);
    path += many_end(points[0], way_out, line.is_single) + one_end(points.back(), way_in);
  }
  const std::string label = is_view ? fmt::format("{} reads {}", from.name, to.name)
                                    : fmt::format("{} ({}) → {}", from.name, line.label, to.name);
  return fmt::format("<g><title>{}</title><path class=\"line h{}{}\" d=\"{}\"/></g>\n",
                     escaped(label), hue, is_view ? " reads" : "", path);
}

}  // namespace

std::string to_svg(const schema::Schema& schema) {
  const Diagram diagram = diagram_of(schema);
  std::vector<BoxSize> sizes;
  for (const DiagramBox& box : diagram.boxes) sizes.push_back(size_of(box));
  std::vector<Link> links;
  for (const DiagramLine& line : diagram.lines) {
    links.push_back({line.from, line.to, height_at(line.from_row), height_at(line.to_row)});
  }
  DiagramLayout layout = lay_out(sizes, links);
  const double width = std::ceil(std::max(layout.width, kWidthMin) + 2 * kMargin);
  const double height = std::ceil(std::max(layout.height, kHeadHeight) + 2 * kMargin);
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} "
      "{1}\" role=\"img\">\n<title>{2} tables</title>\n",
      width, height, schema.tables.size());
  svg += kStyle;
  svg += fmt::format("<rect class=\"ground\" width=\"{}\" height=\"{}\"/>\n", width, height);
  if (diagram.boxes.empty()) {
    svg += fmt::format("<text class=\"type\" x=\"{}\" y=\"{}\">No tables</text>\n", kMargin,
                       kMargin + 20);
  }
  svg += fmt::format("<g transform=\"translate({0} {0})\">\n", kMargin);
  std::map<std::size_t, int> hues;  // All lines to one table have one colour.
  for (std::size_t i = 0; i < diagram.lines.size(); ++i) {
    const int hue =
        hues.emplace(diagram.lines[i].to, static_cast<int>(hues.size() % kHues)).first->second;
    svg += line_text(diagram, diagram.lines[i], layout.links[i], hue);
  }
  for (std::size_t i = 0; i < diagram.boxes.size(); ++i) {
    svg += box_text(diagram.boxes[i], sizes[i], layout.boxes[i]);
  }
  return svg + "</g>\n</svg>\n";
}

}  // namespace parley::migrate
