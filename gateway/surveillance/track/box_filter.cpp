#include "track/box_filter.h"

#include <algorithm>
#include <cmath>

namespace veilgate::surveillance {

void BoxFilter::Axis::predict(double t, double acceleration) {
  position += speed * t;
  const double q = acceleration * acceleration;
  var_position += 2 * t * covariance + t * t * var_speed + q * t * t * t * t / 4;
  covariance += t * var_speed + q * t * t * t / 2;
  var_speed += q * t * t;
}

void BoxFilter::Axis::correct(double measured, double deviation) {
  const double innovation = measured - position;
  const double total = var_position + deviation * deviation;
  const double gain_position = var_position / total, gain_speed = covariance / total;
  position += gain_position * innovation;
  speed += gain_speed * innovation;
  var_speed -= gain_speed * covariance;
  covariance -= gain_position * covariance;
  var_position -= gain_position * var_position;
}

BoxFilter::BoxFilter(const Box& first, const MotionNoise& noise) : noise_(noise) {
  const double size = std::sqrt(std::max(1.0, first.area()));
  const double deviation = noise.measurement * size;
  const Point center = first.center();
  const std::array<double, 4> start{center.x, center.y, first.w, first.h};
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    axes_[i].position = start[i];
    axes_[i].var_position = deviation * deviation;
    // A walker crosses about two face widths in a second; size changes far more slowly.
    const double speed = size * (i < 2 ? 2.0 : 0.3);
    axes_[i].var_speed = speed * speed;
  }
}

double BoxFilter::size() const { return std::sqrt(std::max(1.0, axes_[2].position * axes_[3].position)); }

void BoxFilter::predict(double seconds) {
  const double scale = size();
  for (std::size_t i = 0; i < axes_.size(); ++i)
    axes_[i].predict(seconds, scale * (i < 2 ? noise_.acceleration : noise_.growth));
  for (std::size_t i = 2; i < axes_.size(); ++i) {
    if (axes_[i].position < 1) {
      axes_[i].position = 1;
      axes_[i].speed = 0;
    }
  }
}

void BoxFilter::correct(const Box& measured) {
  const double deviation = noise_.measurement * size();
  const Point center = measured.center();
  axes_[0].correct(center.x, deviation);
  axes_[1].correct(center.y, deviation);
  axes_[2].correct(measured.w, deviation);
  axes_[3].correct(measured.h, deviation);
}

Box BoxFilter::box() const {
  const double w = std::max(1.0, axes_[2].position), h = std::max(1.0, axes_[3].position);
  return {axes_[0].position - w / 2, axes_[1].position - h / 2, w, h};
}

Point BoxFilter::velocity() const { return {axes_[0].speed, axes_[1].speed}; }

}  // namespace veilgate::surveillance
