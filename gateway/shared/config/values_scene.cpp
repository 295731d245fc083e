// Values that are not one word: shapes on the picture, schedules, addresses.

#include <cmath>

#include "config/location_class.h"
#include "config/text_forms.h"
#include "config/url.h"
#include "config/values.h"

namespace veilgate::values {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostPoints = 64;
constexpr double kSmallestArea = 1e-5;  // of the picture: about 3×3 px at 1080p

/// [x, y], each 0…1. `path` names the point.
std::optional<Point> read_point(const Node& node, const std::string& path, Findings& findings) {
  const Words allowed{"[x, y]，均为 0 到 1 的数（相对于画面宽高）",
                      "[x, y], both numbers from 0 to 1 (relative to the picture)"};
  if (node.kind != Node::Kind::kList || node.items.size() != 2) {
    findings.error("bad_point", path, {"点应为：" + allowed.zh, "expected a point " + allowed.en});
    return std::nullopt;
  }
  double value[2] = {0, 0};
  for (std::size_t k = 0; k < 2; ++k) {
    const Node& item = node.items[k];
    const auto parsed =
        item.kind == Node::Kind::kScalar && !item.quoted ? parse_number(item.text) : std::nullopt;
    if (!parsed || *parsed < 0 || *parsed > 1) {
      report_value(parsed ? "outside_picture" : "bad_point", item, allowed, path, findings);
      return std::nullopt;
    }
    value[k] = *parsed;
  }
  return Point{value[0], value[1]};
}

/// All points, or nothing when any is wrong (each is reported).
std::optional<std::vector<Point>> read_points(const Node& node, const std::string& path, Findings& findings) {
  if (!expect_kind(Node::Kind::kList, node, path, findings)) return std::nullopt;
  if (node.items.size() > kMostPoints) {
    findings.error("bad_polygon", path, {"点过多（最多 64 个）", "too many points (at most 64)"});
    return std::nullopt;
  }
  std::vector<Point> points;
  for (std::size_t i = 0; i < node.items.size(); ++i)
    if (const auto point = read_point(node.items[i], child_path(path, i), findings)) points.push_back(*point);
  if (points.size() != node.items.size()) return std::nullopt;
  return points;
}

double area(const Polygon& polygon) {
  double twice = 0;
  for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++)
    twice += polygon[j].x * polygon[i].y - polygon[i].x * polygon[j].y;
  return std::abs(twice) / 2;
}

/// The first two edges that touch without being neighbours, or overlap backwards; counted from 0.
std::optional<std::pair<std::size_t, std::size_t>> crossing_edges(const Polygon& p) {
  const std::size_t n = p.size();
  const auto edge = [&](std::size_t i) { return Segment{p[i], p[(i + 1) % n]}; };
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) {
      if (j == i + 1 || (i == 0 && j == n - 1)) {
        // Neighbours share a point; a spike runs back along its neighbour.
        const Segment first = j == i + 1 ? edge(i) : edge(j), second = j == i + 1 ? edge(j) : edge(i);
        const double along = (first.to.x - first.from.x) * (second.to.x - second.from.x) +
                             (first.to.y - first.from.y) * (second.to.y - second.from.y);
        if (side_of(first, second.to) == 0 && along < 0) return std::pair{i, j};
      } else if (intersects(edge(i), edge(j))) {
        return std::pair{i, j};
      }
    }
  }
  return std::nullopt;
}

std::optional<Polygon> parse_polygon(const Node& node, const Words&, const std::string& path,
                                     Findings& findings) {
  auto points = read_points(node, path, findings);
  if (!points) return std::nullopt;
  if (points->size() < 3) {
    const auto n = std::to_string(points->size());
    findings.error(
        "bad_polygon", path,
        {"多边形至少需要三个点，现有 " + n + " 个", "a polygon needs at least three points, this has " + n});
    return std::nullopt;
  }
  for (std::size_t i = 0; i < points->size(); ++i) {
    if ((*points)[i] != (*points)[(i + 1) % points->size()]) continue;
    findings.error("bad_polygon", path,
                   {"相邻两点相同（第 " + std::to_string(i + 1) + " 点；首尾无需重复）",
                    "two neighbouring points are the same (point " + std::to_string(i + 1) +
                        "; the polygon closes by itself)"});
    return std::nullopt;
  }
  if (const auto crossing = crossing_edges(*points)) {
    const auto a = std::to_string(crossing->first + 1), b = std::to_string(crossing->second + 1);
    findings.error(
        "bad_polygon", path,
        {"多边形自相交：第 " + a + " 条边与第 " + b + " 条边相交，请检查点的顺序",
         "the polygon crosses itself: edges " + a + " and " + b + " meet; look at the order of its points"});
    return std::nullopt;
  }
  if (area(*points) < kSmallestArea) {
    findings.error("bad_polygon", path, {"多边形面积过小", "the polygon has hardly any area"});
    return std::nullopt;
  }
  return points;
}

std::string points_text(const std::vector<Point>& points) {
  std::string out;
  for (const auto& p : points)
    out += (out.empty() ? "[" : ", [") + number_text(p.x) + ", " + number_text(p.y) + "]";
  return points.empty() ? "" : "[" + out + "]";
}

Words url_problem(UrlFault fault, const std::string& value, const Words& allowed) {
  switch (fault) {
    case UrlFault::kHoldsSecret:
      return {
          "地址中不得包含用户名或口令：请从地址中删除，放入凭据文件并用 credentials 指明；该口令请立即更换",
          "the address holds a user or password: take it out, put it into a credential file named by "
          "`credentials`, and change that password"};
    case UrlFault::kBadHost:
      return {"“" + value + "”中的主机名或地址无效",
              "the host in `" + value + "` is neither a name nor an address"};
    case UrlFault::kBadPort:
      return {"“" + value + "”中的端口无效（1 到 65535）",
              "the port in `" + value + "` is not one of 1 to 65535"};
    default:
      return {"值“" + value + "”不符合要求；应为：" + allowed.zh,
              "`" + value + "` is not allowed; expected " + allowed.en};
  }
}

void report_url(const ParsedUrl& parsed, const std::string& text, const Words& allowed,
                const std::string& path, Findings& findings) {
  const bool secret = parsed.fault == UrlFault::kHoldsSecret;
  findings.error(secret ? "secret_in_file" : "bad_url", path, url_problem(parsed.fault, shown(text), allowed),
                 secret ? "R-051" : "");
}

}  // namespace

Leaf<std::string> rtsp_url() {
  Leaf<std::string> leaf;
  leaf.allowed = {"rtsp://主机[:端口]/路径 或 rtsps://…（不含用户名和口令）",
                  "rtsp://host[:port]/path or rtsps://… (without user and password)"};
  leaf.schema = R"({"type":"string","pattern":"^[Rr][Tt][Ss][Pp][Ss]?://[^@]+$"})";
  leaf.show = [](const std::string& value) { return value; };
  leaf.parse = [](const Node& node, const Words& allowed, const std::string& path,
                  Findings& findings) -> std::optional<std::string> {
    const auto value = scalar(node, allowed, path, findings);
    if (!value) return std::nullopt;
    const auto parsed = parse_url(*value, "rtsp,rtsps");
    if (parsed.fault == UrlFault::kNone) return value;
    report_url(parsed, *value, allowed, path, findings);
    return std::nullopt;
  };
  return leaf;
}

Leaf<std::vector<std::string>> broker_urls() {
  static const Words kBrokerForm{"mqtts://主机[:端口]（不接受明文 mqtt://）",
                                 "mqtts://host[:port] (plain mqtt:// is not accepted)"};
  Leaf<std::vector<std::string>> leaf;
  leaf.allowed = {"1 到 8 个 mqtts://主机[:端口] 的列表（不接受明文 mqtt://）",
                  "a list of 1 to 8 addresses mqtts://host[:port] (plain mqtt:// is not accepted)"};
  leaf.schema =
      R"({"type":"array","minItems":1,"maxItems":8,"items":{"type":"string","pattern":"^mqtts://[^@/]+/?$"}})";
  leaf.show = [](const std::vector<std::string>& urls) {
    std::string out;
    for (const auto& url : urls) out += (out.empty() ? "" : ", ") + url;
    return out;
  };
  leaf.parse = [](const Node& node, const Words& allowed, const std::string& path,
                  Findings& findings) -> std::optional<std::vector<std::string>> {
    if (node.kind != Node::Kind::kList || node.items.empty() || node.items.size() > 8) {
      findings.error("wrong_type", path, {"应为：" + allowed.zh, "expected " + allowed.en});
      return std::nullopt;
    }
    std::vector<std::string> urls;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const std::string at = child_path(path, i);
      const auto text = scalar(node.items[i], allowed, at, findings);
      if (!text) continue;
      auto parsed = parse_url(*text, "mqtts");
      if (parsed.fault == UrlFault::kNone && parsed.url.path.size() > 1) parsed.fault = UrlFault::kMalformed;
      if (parsed.fault == UrlFault::kNone)
        urls.push_back(*text);
      else
        report_url(parsed, *text, kBrokerForm, at, findings);
    }
    return urls;
  };
  return leaf;
}

Leaf<Polygon> polygon() {
  return {
      {"至少三个点 [[x, y], …] 的列表，坐标为 0 到 1", "a list of at least three points [[x, y], …], 0 to 1"},
      R"({"type":"array","minItems":3,"maxItems":64,"items":{"$ref":"#/$defs/point"}})",
      parse_polygon,
      [](const Polygon& value) { return points_text(value); }};
}

Leaf<Segment> line_points() {
  Leaf<Segment> leaf;
  leaf.allowed = {"两个不同的点 [[x, y], [x, y]]，坐标为 0 到 1",
                  "two different points [[x, y], [x, y]], 0 to 1"};
  leaf.schema = R"({"type":"array","minItems":2,"maxItems":2,"items":{"$ref":"#/$defs/point"}})";
  leaf.show = [](const Segment& s) { return s.from == s.to ? "" : points_text({s.from, s.to}); };
  leaf.parse = [](const Node& node, const Words& allowed, const std::string& path,
                  Findings& findings) -> std::optional<Segment> {
    const auto points = read_points(node, path, findings);
    if (!points) return std::nullopt;
    if (points->size() == 2 && (*points)[0] != (*points)[1]) return Segment{(*points)[0], (*points)[1]};
    findings.error("bad_line", path, {"应为：" + allowed.zh, "expected " + allowed.en});
    return std::nullopt;
  };
  return leaf;
}

Leaf<Schedule> schedule() {
  Leaf<Schedule> leaf;
  leaf.allowed = {"星期与时段，如 \"Mon-Fri 22:00-06:00, Sat 10:00-24:00\"",
                  "days and hours such as \"Mon-Fri 22:00-06:00, Sat 10:00-24:00\""};
  leaf.schema = R"({"type":"string"})";
  leaf.show = [](const Schedule& value) { return schedule_text(value); };
  leaf.parse = [](const Node& node, const Words& allowed, const std::string& path,
                  Findings& findings) -> std::optional<Schedule> {
    const auto value = scalar(node, allowed, path, findings);
    if (!value) return std::nullopt;
    auto parsed = parse_schedule(*value);
    if (!parsed) report_value("bad_schedule", node, allowed, path, findings);
    return parsed;
  };
  return leaf;
}

Leaf<CaptureConfig> capture() {
  Leaf<CaptureConfig> leaf;
  leaf.allowed = {"on_leave，或 { after: 时长 }（0s 到 60s，如 { after: 2s }）",
                  "on_leave, or { after: duration } from 0s to 60s, such as { after: 2s }"};
  leaf.schema = R"({"oneOf":[{"const":"on_leave"},{"type":"object","additionalProperties":false,)"
                R"("required":["after"],"properties":{"after":{"type":"string"}}}]})";
  leaf.show = [](const CaptureConfig& value) {
    return value.after ? "{ after: " + duration_text(*value.after) + " }" : std::string("on_leave");
  };
  leaf.parse = [](const Node& node, const Words& allowed, const std::string& path,
                  Findings& findings) -> std::optional<CaptureConfig> {
    if (node.kind == Node::Kind::kScalar && node.text == "on_leave") return CaptureConfig{std::nullopt};
    const Node* after = node.find("after");
    if (!after || node.entries.size() != 1) {
      findings.error("unknown_value", path, {"应为：" + allowed.zh, "expected " + allowed.en});
      return std::nullopt;
    }
    using namespace std::chrono_literals;
    const auto limits = duration(0ms, 60s);
    const auto value = limits.parse(*after, limits.allowed, child_path(path, "after"), findings);
    if (!value) return std::nullopt;
    return CaptureConfig{*value};
  };
  return leaf;
}

Leaf<std::string> location_class() {
  std::vector<Option<std::string>> lawful;
  for (const auto& place : location_classes()) lawful.push_back({place.word, place.word, place.zh, place.en});
  Leaf<std::string> leaf = choice<std::string>(std::move(lawful));
  leaf.parse = [known = leaf.parse](const Node& node, const Words& allowed, const std::string& path,
                                    Findings& findings) -> std::optional<std::string> {
    if (node.kind == Node::Kind::kScalar && is_forbidden_location(node.text)) return node.text;
    return known(node, allowed, path, findings);
  };
  return leaf;
}

}  // namespace veilgate::values
