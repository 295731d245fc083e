#pragma once
// Repeatable randomness: an integer hash, lattice noise on top of it, and dice that are thrown in a fixed
// order. Hash: the "lowbias32" finaliser (C. Wellons, public domain).

#include <cstdint>

#include "simcam/render/vector.h"

namespace veilgate::simcam {

VG_DEVICE inline std::uint32_t hash(std::uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  x ^= x >> 16;
  return x;
}
/// 0 ≤ value < 1.
VG_DEVICE inline float hash_unit(std::uint32_t x) {
  return static_cast<float>(hash(x) & 0xffffffu) / 16777216.f;
}

/// The whole number below, for points as far away as the horizon too.
VG_DEVICE inline int cell_of(float x) { return static_cast<int>(fminf(fmaxf(floorf(x), -1e9f), 1e9f)); }

VG_DEVICE inline float lattice(int x, int y, int z, std::uint32_t seed) {
  const auto key = static_cast<std::uint32_t>(x) * 374761393u + static_cast<std::uint32_t>(y) * 668265263u +
                   static_cast<std::uint32_t>(z) * 1274126177u;
  return hash_unit(key ^ (seed * 2654435761u));
}

/// Value noise, 0…1, one feature per unit.
VG_DEVICE_NOINLINE inline float noise(Vec3 p, std::uint32_t seed) {
  const float fx = floorf(p.x), fy = floorf(p.y), fz = floorf(p.z);
  const int x = cell_of(p.x), y = cell_of(p.y), z = cell_of(p.z);
  const auto ease = [](float t) { return t * t * (3.f - 2.f * t); };
  const float u = ease(p.x - fx), v = ease(p.y - fy), w = ease(p.z - fz);
  const auto edge = [&](int dy, int dz) {
    return mix(lattice(x, y + dy, z + dz, seed), lattice(x + 1, y + dy, z + dz, seed), u);
  };
  return mix(mix(edge(0, 0), edge(1, 0), v), mix(edge(0, 1), edge(1, 1), v), w);
}

/// Dice with a memory of one word: the same seed gives the same throws in the same order.
struct Dice {
  std::uint32_t state;

  VG_DEVICE explicit Dice(std::uint32_t seed) : state(seed * 2654435761u + 12345u) {}
  VG_DEVICE float unit() {
    state = hash(state + 0x9e3779b9u);
    return static_cast<float>(state & 0xffffffu) / 16777216.f;
  }
  VG_DEVICE float between(float low, float high) { return mix(low, high, unit()); }
  /// 0 … sides - 1
  VG_DEVICE int pick(int sides) { return static_cast<int>(unit() * static_cast<float>(sides)); }
  VG_DEVICE bool chance(float probability) { return unit() < probability; }
  /// Mean 0, standard deviation 1, within ±3.5.
  VG_DEVICE float normal() { return (unit() + unit() + unit() + unit() - 2.f) * 1.73f; }
};

}  // namespace veilgate::simcam
