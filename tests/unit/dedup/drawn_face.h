#pragma once
// Drawn faces: patterns that are the same for one person and different for another, with exact landmarks, on
// a Y444 frame. Enough for descriptor and deduplication; no real person.

#include <cmath>
#include <random>

#include "dedup/visit_dedup.h"
#include "support/test_frame.h"

namespace veilgate::surveillance {

struct DrawnFace {
  int person = 1;
  double x = 200, y = 100, w = 80;  ///< box, top left corner and width; height is 1.25 of it
  int shirt = 1;
  double brightness = 1;
};

inline FaceDetection detection_of(const DrawnFace& face) {
  FaceDetection d;
  d.box = {face.x, face.y, face.w, 1.25 * face.w};
  d.score = 0.9;
  d.has_landmarks = true;
  const auto p = [&](double u, double v) { return Point{face.x + u * face.w, face.y + v * 1.25 * face.w}; };
  d.landmarks = {p(0.3, 0.42), p(0.7, 0.42), p(0.5, 0.62), p(0.34, 0.79), p(0.66, 0.79)};
  return d;
}

/// Eyes, nose and mouth are everybody's; where brows, shadows and hair lie is the person's.
inline void draw(BgrImage& image, const DrawnFace& face) {
  std::mt19937 random(static_cast<unsigned>(face.person) * 7919U);
  struct Blob {
    double u, v, radius, depth;
  };
  std::vector<Blob> blobs{
      {0.3, 0.42, 0.06, -90}, {0.7, 0.42, 0.06, -90}, {0.5, 0.62, 0.05, -40}, {0.5, 0.79, 0.09, -60}};
  for (int i = 0; i < 26; ++i)
    blobs.push_back({(random() % 100) / 100.0, (random() % 100) / 100.0, 0.03 + (random() % 60) / 600.0,
                     static_cast<double>(random() % 120) - 60});
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x) {
      const double u = (x - face.x) / face.w, v = (y - face.y) / (1.25 * face.w);
      std::uint8_t* p = &image.pixels[(static_cast<std::size_t>(y) * image.width + x) * 3];
      if (v > 1.2 && v < 3 && u > -0.8 && u < 1.8) {
        const std::uint8_t colours[3][3] = {{200, 40, 40}, {40, 180, 40}, {40, 40, 200}};
        std::copy_n(colours[face.shirt % 3], 3, p);
      }
      if (std::pow((u - 0.5) / 0.55, 2) + std::pow((v - 0.5) / 0.55, 2) > 1) continue;
      double luma = 150;
      for (const Blob& b : blobs)
        luma += b.depth * std::exp(-(std::pow(u - b.u, 2) + std::pow(v - b.v, 2)) / (b.radius * b.radius));
      luma = std::min(235.0, std::max(20.0, luma * face.brightness));
      for (int c = 0; c < 3; ++c) p[c] = static_cast<std::uint8_t>(luma * (c == 2 ? 1.0 : 0.92));
    }
}

inline BgrImage picture_of(const std::vector<DrawnFace>& faces, int width = 640, int height = 480) {
  BgrImage image{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * height * 3, 96)};
  for (const DrawnFace& face : faces) draw(image, face);
  return image;
}

inline MaskedFrame frame_of(const std::vector<DrawnFace>& faces, UtcTime time = {}) {
  return test::make_masked_frame(picture_of(faces), time);
}

}  // namespace veilgate::surveillance
