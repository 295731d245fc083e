#include "detect/motion.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "detect/background_model.h"
#include "detect/foreground_objects.h"
#include "frame/scale.h"

namespace veilgate::surveillance {
namespace {

constexpr int kLongSide = 320;     // of the luma picture, pixels
constexpr double kGateLevels = 9;  // grey levels that count as movement, at half that size
constexpr int kGatePixels = 5;
constexpr double kGateShare = 0.34;    // of the newest picture in the gate's memory
constexpr double kSceneShare = 0.65;   // of the picture in the foreground at once: the scene changed
constexpr double kMaxStep = 1.0;       // seconds; longer pauses count as this
constexpr double kQuietSeconds = 0.5;  // between looks at the background while nothing moves
constexpr double kStillSeconds = 0.5;  // without movement inside before an object is tested for being a ghost
constexpr double kStillLevels = 10;    // grey levels from frame to frame
constexpr double kStillShare = 0.01;   // of an object's pixels that may change while it is still

double seconds_between(UtcTime from, UtcTime to) {
  const double seconds = std::chrono::duration<double>(to - from).count();
  return seconds <= 0 ? 0 : std::min(seconds, kMaxStep);
}

/// Mean width of the mask's top fifth over its widest row.
double head_width(const cv::Mat& mask) {
  int widest = 0;
  double top = 0;
  const int top_rows = std::max(1, mask.rows / 5);
  for (int y = 0; y < mask.rows; ++y) {
    const int width = cv::countNonZero(mask.row(y));
    widest = std::max(widest, width);
    if (y < top_rows) top += width;
  }
  return widest == 0 ? 0 : top / top_rows / widest;
}

}  // namespace

struct MotionObjects::State {
  MotionSettings settings;
  LumaImage image;
  BackgroundModel background;
  cv::Mat gate;           // float, what the gate remembers
  cv::Mat last;           // the luma picture before
  cv::Mat last_mask;      // the objects before
  cv::Mat still_seconds;  // float, how long a pixel has not changed
  cv::Mat held_seconds;   // float, how long a pixel has been foreground
  std::optional<UtcTime> last_look;
  std::vector<MotionObject> objects;  // of the last look
  int frame_width = 0;
  int frame_height = 0;

  cv::Mat read(const MaskedFrame& frame);
  bool gate_opens(const cv::Mat& luma);
  void begin(const cv::Mat& luma);
  void age(const cv::Mat& luma, const cv::Mat& foreground, double seconds);
  bool absorbed(const cv::Mat& luma, const cv::Mat& mask, const ForegroundObject& object);
  MotionObject measure(const cv::Mat& mask, const ForegroundObject& object) const;
  void find_objects(const cv::Mat& luma, double seconds, MotionReport& report);
};

cv::Mat MotionObjects::State::read(const MaskedFrame& frame) {
  const double scale = std::min(1.0, double(kLongSide) / std::max(frame.width(), frame.height()));
  const int width = std::max(8, int(std::lround(frame.width() * scale)));
  const int height = std::max(8, int(std::lround(frame.height() * scale)));
  scale_luma(frame, std::min(width, frame.width()), std::min(height, frame.height()), image);
  return cv::Mat(image.height, image.width, CV_8U, image.pixels.data());
}

bool MotionObjects::State::gate_opens(const cv::Mat& luma) {
  cv::Mat small, now;
  cv::resize(luma, small, {}, 0.5, 0.5, cv::INTER_AREA);
  small.convertTo(now, CV_32F);
  if (gate.size() != now.size()) {
    gate = now;
    return false;
  }
  const int changed = cv::countNonZero(cv::abs(now - gate) > kGateLevels);
  cv::accumulateWeighted(now, gate, kGateShare);
  return changed >= kGatePixels;
}

void MotionObjects::State::begin(const cv::Mat& luma) {
  background.start(luma);
  last = luma.clone();
  last_mask = cv::Mat::zeros(luma.size(), CV_8U);
  still_seconds = cv::Mat::zeros(luma.size(), CV_32F);
  held_seconds = cv::Mat::zeros(luma.size(), CV_32F);
}

void MotionObjects::State::age(const cv::Mat& luma, const cv::Mat& foreground, double seconds) {
  cv::Mat change;
  cv::absdiff(luma, last, change);
  still_seconds += seconds;
  still_seconds.setTo(0, change > kStillLevels);
  held_seconds += seconds;
  held_seconds.setTo(0, foreground == 0);
}

/// Takes a ghost, or what has stood there for longer than `hold`, into the background.
bool MotionObjects::State::absorbed(const cv::Mat& luma, const cv::Mat& mask,
                                    const ForegroundObject& object) {
  const cv::Mat moving = (still_seconds < kStillSeconds) & mask;
  if (cv::countNonZero(moving) > kStillShare * object.pixels) return false;
  const double hold = std::chrono::duration<double>(settings.hold).count();
  const bool stayed = cv::mean(held_seconds, mask)[0] > hold;
  if (!stayed && !is_ghost(luma, background.picture(), mask, object.box)) return false;
  cv::Mat wider;
  cv::dilate(mask, wider, cv::getStructuringElement(cv::MORPH_RECT, {5, 5}));
  background.absorb(luma, wider);
  return true;
}

MotionObject MotionObjects::State::measure(const cv::Mat& mask, const ForegroundObject& object) const {
  const double sx = double(frame_width) / mask.cols, sy = double(frame_height) / mask.rows;
  MotionObject found;
  found.box = {object.box.x * sx, object.box.y * sy, object.box.width * sx, object.box.height * sy};
  const cv::Mat inside = mask(object.box);
  found.silhouette.fill = double(object.pixels) / object.box.area();
  found.silhouette.head_width = head_width(inside);
  const int changed = cv::countNonZero(inside ^ last_mask(object.box));
  found.silhouette.change = std::min(1.0, double(changed) / std::max(1, object.pixels));
  return found;
}

void MotionObjects::State::find_objects(const cv::Mat& luma, double seconds, MotionReport& report) {
  cv::Mat foreground, labels;
  background.classify(luma, foreground);
  if (cv::countNonZero(foreground) > kSceneShare * foreground.total()) {
    begin(luma);
    report.scene_changed = true;
    return;
  }
  const ObjectLimits limits{std::max(2, int(settings.min_height * luma.rows)),
                            std::max(8, int(settings.min_area * luma.total()))};
  const auto found = find_foreground_objects(foreground, limits, labels);
  age(luma, foreground, seconds);
  cv::Mat kept = cv::Mat::zeros(luma.size(), CV_8U);
  for (const auto& object : found) {
    const cv::Mat mask = labels == object.label;
    if (absorbed(luma, mask, object)) continue;
    report.objects.push_back(measure(mask, object));
    kept |= mask;
  }
  cv::Mat halo;
  cv::dilate(kept, halo, cv::getStructuringElement(cv::MORPH_RECT, {5, 5}));
  background.learn(luma, halo, seconds);
  luma.copyTo(last);
  last_mask = kept;
}

MotionObjects::MotionObjects(MotionSettings settings) : state_(std::make_unique<State>()) {
  state_->settings = settings;
}
MotionObjects::~MotionObjects() = default;
MotionObjects::MotionObjects(MotionObjects&&) noexcept = default;
MotionObjects& MotionObjects::operator=(MotionObjects&&) noexcept = default;

MotionReport MotionObjects::observe(const MaskedFrame& frame) {
  if (frame.width() != state_->frame_width || frame.height() != state_->frame_height) reset();
  state_->frame_width = frame.width();
  state_->frame_height = frame.height();
  const cv::Mat luma = state_->read(frame);
  MotionReport report;
  report.moved = state_->gate_opens(luma);
  const UtcTime now = frame.info().time;
  if (!state_->background.started()) {
    state_->begin(luma);
  } else {
    const double seconds = seconds_between(*state_->last_look, now);
    if (!report.moved && now >= *state_->last_look && seconds < kQuietSeconds) {
      report.objects = state_->objects;  // nothing moves: what was there is where it was
      for (auto& object : report.objects) object.silhouette.change = 0;
      return report;
    }
    state_->find_objects(luma, seconds, report);
  }
  state_->objects = report.objects;
  state_->last_look = now;
  return report;
}

void MotionObjects::reset() {
  const MotionSettings settings = state_->settings;
  *state_ = State{};
  state_->settings = settings;
}

}  // namespace veilgate::surveillance
