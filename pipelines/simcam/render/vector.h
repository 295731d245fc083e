#pragma once
// Three-vectors, rotations and the scalar functions that shaders are made of. Right-handed: x to the right of
// the picture, y up, z towards the viewer.

#include <cmath>

#include "simcam/render/device.h"

namespace veilgate::simcam {

struct Vec3 {
  float x = 0;
  float y = 0;
  float z = 0;
};

VG_DEVICE inline Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
VG_DEVICE inline Vec3 operator-(Vec3 a, Vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
VG_DEVICE inline Vec3 operator*(Vec3 a, float s) { return {a.x * s, a.y * s, a.z * s}; }
VG_DEVICE inline Vec3 operator*(Vec3 a, Vec3 b) { return {a.x * b.x, a.y * b.y, a.z * b.z}; }
VG_DEVICE inline float dot(Vec3 a, Vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
VG_DEVICE inline float length(Vec3 a) { return sqrtf(dot(a, a)); }
VG_DEVICE inline Vec3 normalized(Vec3 a) { return a * (1.f / fmaxf(length(a), 1e-9f)); }

VG_DEVICE inline float square(float x) { return x * x; }
VG_DEVICE inline float clamp(float x, float low, float high) { return fminf(fmaxf(x, low), high); }
VG_DEVICE inline float mix(float a, float b, float t) { return a + (b - a) * t; }
VG_DEVICE inline Vec3 mix(Vec3 a, Vec3 b, float t) { return a + (b - a) * t; }
/// 0 at `from`, 1 at `to` (which may be the smaller one), smooth in between.
VG_DEVICE inline float smoothstep(float from, float to, float x) {
  const float t = clamp((x - from) / (to - from), 0.f, 1.f);
  return t * t * (3.f - 2.f * t);
}
/// exp(-x²): a soft spot of radius 1.
VG_DEVICE inline float bell(float x) { return expf(-x * x); }

/// Row-major rotation matrix.
struct Mat3 {
  float m[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
};
VG_DEVICE inline Vec3 operator*(const Mat3& a, Vec3 v) {
  return {a.m[0] * v.x + a.m[1] * v.y + a.m[2] * v.z, a.m[3] * v.x + a.m[4] * v.y + a.m[5] * v.z,
          a.m[6] * v.x + a.m[7] * v.y + a.m[8] * v.z};
}
VG_DEVICE inline Mat3 operator*(const Mat3& a, const Mat3& b) {
  Mat3 c;
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 3; ++column) {
      c.m[row * 3 + column] = 0;
      for (int k = 0; k < 3; ++k) c.m[row * 3 + column] += a.m[row * 3 + k] * b.m[k * 3 + column];
    }
  return c;
}
/// The inverse of a rotation.
VG_DEVICE inline Mat3 transposed(const Mat3& a) {
  Mat3 t;
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 3; ++column) t.m[row * 3 + column] = a.m[column * 3 + row];
  return t;
}
VG_DEVICE inline Mat3 rotation_x(float radians) {
  const float c = cosf(radians), s = sinf(radians);
  return {{1, 0, 0, 0, c, -s, 0, s, c}};
}
VG_DEVICE inline Mat3 rotation_y(float radians) {
  const float c = cosf(radians), s = sinf(radians);
  return {{c, 0, s, 0, 1, 0, -s, 0, c}};
}
VG_DEVICE inline Mat3 rotation_z(float radians) {
  const float c = cosf(radians), s = sinf(radians);
  return {{c, -s, 0, s, c, 0, 0, 0, 1}};
}

}  // namespace veilgate::simcam
