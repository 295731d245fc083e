#include "detect/foreground_objects.h"

#include <algorithm>
#include <numeric>

#include <opencv2/imgproc.hpp>

namespace veilgate::surveillance {
namespace {

constexpr double kJoinGap = 0.04;     // of the mask's height, between parts of one body
constexpr double kJoinOverlap = 0.5;  // of the narrower part's width that lies over the other
constexpr int kMinPartPixels = 12;    // specks below this join nothing
constexpr double kGhostRatio = 1.15;  // background edges over picture edges along the outline

void close_gaps(cv::Mat& mask) {
  const cv::Mat speck = cv::getStructuringElement(cv::MORPH_RECT, {2, 2});
  const cv::Mat gap = cv::getStructuringElement(cv::MORPH_ELLIPSE, {5, 9});  // bodies are upright
  cv::morphologyEx(mask, mask, cv::MORPH_OPEN, speck);
  cv::morphologyEx(mask, mask, cv::MORPH_CLOSE, gap);
}

bool same_body(const cv::Rect& a, const cv::Rect& b, int gap) {
  const int overlap = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  if (overlap < kJoinOverlap * std::min(a.width, b.width)) return false;
  return std::max(a.y, b.y) - std::min(a.y + a.height, b.y + b.height) <= gap;
}

/// Which object each part belongs to, by repeated joining of neighbours.
std::vector<int> join_parts(const std::vector<cv::Rect>& parts, int gap) {
  std::vector<int> owner(parts.size());
  std::iota(owner.begin(), owner.end(), 0);
  std::vector<cv::Rect> boxes = parts;
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < parts.size(); ++i)
      for (std::size_t j = i + 1; j < parts.size(); ++j) {
        const int a = owner[i], b = owner[j];
        if (a == b || !same_body(boxes[a], boxes[b], gap)) continue;
        boxes[a] |= boxes[b];
        std::replace(owner.begin(), owner.end(), b, a);
        changed = true;
      }
  }
  return owner;
}

cv::Mat edge_strength(const cv::Mat& picture) {
  cv::Mat dx, dy, strength;
  cv::Sobel(picture, dx, CV_16S, 1, 0);
  cv::Sobel(picture, dy, CV_16S, 0, 1);
  cv::Mat ax, ay;
  cv::convertScaleAbs(dx, ax, 0.25);
  cv::convertScaleAbs(dy, ay, 0.25);
  cv::addWeighted(ax, 1, ay, 1, 0, strength);
  return strength;
}

}  // namespace

std::vector<ForegroundObject> find_foreground_objects(cv::Mat& foreground, const ObjectLimits& limits,
                                                      cv::Mat& labels) {
  close_gaps(foreground);
  cv::Mat stats, centroids;
  const int count = cv::connectedComponentsWithStats(foreground, labels, stats, centroids, 8, CV_32S);
  std::vector<int> part_label;
  std::vector<cv::Rect> parts;
  for (int i = 1; i < count; ++i) {
    if (stats.at<int>(i, cv::CC_STAT_AREA) < kMinPartPixels) continue;
    part_label.push_back(i);
    parts.emplace_back(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                       stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
  }
  const std::vector<int> owner = join_parts(parts, static_cast<int>(kJoinGap * foreground.rows + 0.5));

  std::vector<ForegroundObject> joined(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    ForegroundObject& object = joined[owner[i]];
    object.box = object.pixels == 0 ? parts[i] : object.box | parts[i];
    object.pixels += stats.at<int>(part_label[i], cv::CC_STAT_AREA);
    object.label = owner[i] + 1;
  }
  std::vector<int> relabel(static_cast<std::size_t>(count), 0);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const ForegroundObject& object = joined[owner[i]];
    if (object.box.height >= limits.min_height && object.pixels >= limits.min_pixels)
      relabel[part_label[i]] = object.label;
  }
  for (int y = 0; y < labels.rows; ++y) {
    int* label = labels.ptr<int>(y);
    for (int x = 0; x < labels.cols; ++x) label[x] = relabel[static_cast<std::size_t>(label[x])];
  }
  std::erase_if(joined, [&](const ForegroundObject& object) {
    return object.box.height < limits.min_height || object.pixels < limits.min_pixels || object.pixels == 0;
  });
  std::stable_sort(joined.begin(), joined.end(),
                   [](const auto& a, const auto& b) { return a.pixels > b.pixels; });
  return joined;
}

bool is_ghost(const cv::Mat& luma, const cv::Mat& background, const cv::Mat& object, const cv::Rect& box) {
  const cv::Rect whole(0, 0, luma.cols, luma.rows);
  const cv::Rect around = cv::Rect(box.x - 3, box.y - 3, box.width + 6, box.height + 6) & whole;
  cv::Mat outline;
  cv::morphologyEx(object(around), outline, cv::MORPH_GRADIENT,
                   cv::getStructuringElement(cv::MORPH_RECT, {5, 5}));
  const double now = cv::mean(edge_strength(luma(around)), outline)[0];
  const double before = cv::mean(edge_strength(background(around)), outline)[0];
  return before > kGhostRatio * now + 1;
}

}  // namespace veilgate::surveillance
