#pragma once
// Where a box will be: a Kalman filter with constant velocity for centre, width and height, each axis on its
// own (they are nearly independent, and 2×2 needs no matrix library). Noise is in shares of the box's size,
// so that near and far faces are treated alike. Source: Kalman 1960; the noise model follows SORT (Bewley et
// al. 2016). Thread word: thread-bound.

#include <array>

#include "core/geometry.h"

namespace veilgate::surveillance {

struct MotionNoise {
  double measurement = 0.06;  ///< standard deviation of a detection, share of the box's size
  double acceleration = 1.0;  ///< standard deviation of a walker's acceleration, box sizes per second²
  double growth = 0.15;       ///< the same for width and height
};

class BoxFilter {
 public:
  BoxFilter(const Box& first, const MotionNoise& noise);

  void predict(double seconds);       ///< moves the estimate on; seconds ≥ 0
  void correct(const Box& measured);  ///< takes a detection in
  Box box() const;
  Point velocity() const;  ///< pixels per second

 private:
  struct Axis {
    double position = 0, speed = 0;
    double var_position = 0, covariance = 0, var_speed = 0;
    void predict(double seconds, double acceleration);
    void correct(double measured, double deviation);
  };
  double size() const;

  MotionNoise noise_;
  std::array<Axis, 4> axes_;  // centre x, centre y, width, height
};

}  // namespace veilgate::surveillance
