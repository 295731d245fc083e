#include "view/edge_map.h"

#include <algorithm>
#include <cmath>

namespace veilgate::surveillance {
namespace {

constexpr int kZoneReach = 2;     // pixels beside a zone in which its outline shows
constexpr double kTexture = 3.0;  // deviation of edge strength from which a block can be recognised
constexpr float kUnusable = -1;    // beside a zone: its shape must not count as structure of the view
constexpr double kInPlace = 0.5;  // correlation from which a block is where it was

}  // namespace

LumaImage quarter(const LumaImage& picture) {
  LumaImage out{picture.width / 4, picture.height / 4, {}};
  out.pixels.resize(static_cast<std::size_t>(out.width) * out.height);
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x) {
      int sum = 8;
      for (int dy = 0; dy < 4; ++dy)
        for (int dx = 0; dx < 4; ++dx) sum += picture.pixels[(4 * y + dy) * picture.width + 4 * x + dx];
      out.pixels[y * out.width + x] = static_cast<std::uint8_t>(sum / 16);
    }
  return out;
}

std::vector<std::uint8_t> usable_pixels(const LumaImage& picture) {
  const int width = picture.width, height = picture.height;
  std::vector<std::uint8_t> rows(picture.pixels.size(), 1), usable(picture.pixels.size(), 1);
  const auto black = [&](int x, int y) { return picture.pixels[y * width + x] == kZoneBlack; };
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      if (black(x, y))
        for (int near = std::max(0, x - kZoneReach); near <= std::min(width - 1, x + kZoneReach); ++near)
          rows[y * width + near] = 0;
  for (int y = 0; y < height; ++y)
    for (int near = std::max(0, y - kZoneReach); near <= std::min(height - 1, y + kZoneReach); ++near)
      for (int x = 0; x < width; ++x) usable[y * width + x] &= rows[near * width + x];
  return usable;
}

EdgeMap edges_of(const LumaImage& picture) {
  EdgeMap map{picture.width, picture.height, std::vector<float>(picture.pixels.size(), 0)};
  const auto usable = usable_pixels(picture);
  const int width = picture.width;
  for (int y = 1; y < picture.height - 1; ++y)
    for (int x = 1; x < width - 1; ++x) {
      const int at = y * width + x;
      if (!usable[at]) {
        map.values[at] = kUnusable;
        continue;
      }
      const auto* p = &picture.pixels[at];
      map.values[at] = static_cast<float>(std::abs(p[1] - p[-1]) + std::abs(p[width] - p[-width]));
    }
  return map;
}

void smooth(EdgeMap& map) {
  const int width = map.width, height = map.height;
  std::vector<float>& values = map.values;
  std::vector<float> rows(values.size(), 0), out(values.size(), 0);
  for (int y = 0; y < height; ++y)
    for (int x = 1; x < width - 1; ++x) {
      const float* v = &values[y * width + x];
      rows[y * width + x] = (std::max(0.0F, v[-1]) + std::max(0.0F, v[0]) + std::max(0.0F, v[1])) / 3;
    }
  for (int y = 1; y < height - 1; ++y)
    for (int x = 0; x < width; ++x) {
      const float* v = &rows[y * width + x];
      out[y * width + x] = (v[-width] + v[0] + v[width]) / 3;
    }
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] < 0) out[i] = kUnusable;
  values = std::move(out);
}

EdgeMatch compare(const EdgeMap& now, const EdgeMap& reference, EdgeGrid grid, EdgeOffset offset) {
  EdgeMatch match;
  int in_place = 0;
  double scores = 0;
  for (int block = 0; block < grid.rows * grid.columns; ++block) {
    const int row = block / grid.columns, column = block % grid.columns;
    const int x0 = column * now.width / grid.columns, x1 = (column + 1) * now.width / grid.columns;
    const int y0 = row * now.height / grid.rows, y1 = (row + 1) * now.height / grid.rows;
    const bool inside = x0 + offset.x >= 0 && x1 + offset.x <= now.width && y0 + offset.y >= 0 && y1 + offset.y <= now.height;
    if (!inside) continue;
    float used = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
    for (int y = y0; y < y1; ++y) {
      const float* u = &now.values[(y + offset.y) * now.width + x0 + offset.x];
      const float* v = &reference.values[y * now.width + x0];
      for (int x = 0; x < x1 - x0; ++x) {
        const float use = u[x] >= 0 && v[x] >= 0 ? 1.0F : 0.0F;
        used += use, a += use * u[x], b += use * v[x];
        aa += use * u[x] * u[x], bb += use * v[x] * v[x], ab += use * u[x] * v[x];
      }
    }
    const double n = used;
    if (n * 4 < static_cast<double>(x1 - x0) * (y1 - y0)) continue;  // hardly anything to be seen of it
    const double var_now = aa / n - a / n * a / n, var_reference = bb / n - b / n * b / n;
    if (var_reference < kTexture * kTexture) continue;
    ++match.textured;
    const double score = (ab / n - a / n * b / n) / std::sqrt(std::max(1e-9, var_now) * var_reference);
    in_place += score >= kInPlace;
    scores += score;
  }
  if (match.textured == 0) return match;
  match.share = static_cast<double>(in_place) / match.textured;
  match.score = scores / match.textured;
  return match;
}

EdgeOffset best_offset(const EdgeMap& now, const EdgeMap& reference, EdgeGrid grid, EdgeOffset around, int reach) {
  EdgeOffset best;
  double best_score = -2;
  for (int y = around.y - reach; y <= around.y + reach; ++y)
    for (int x = around.x - reach; x <= around.x + reach; ++x) {
      const EdgeMatch match = compare(now, reference, grid, {x, y});
      if (match.textured < kFewestTextured || match.score <= best_score) continue;
      best = {x, y};
      best_score = match.score;
    }
  return best;
}

}  // namespace veilgate::surveillance
