#include "frame/scale.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "support/test_frame.h"

namespace veilgate {
namespace {

using test::TestPicture;

TestPicture random_picture(int width, int height, PixelFormat format, unsigned seed) {
  TestPicture picture(width, height, format, 7);
  std::mt19937 random(seed);
  for (auto& plane : picture.memory)
    for (auto& byte : plane) byte = static_cast<std::uint8_t>(random());
  return picture;
}

/// Mean of the samples under one output sample, weighted by the area they share with it.
double area_mean(const TestPicture& p, double x0, double x1, double y0, double y1) {
  double sum = 0, area = 0;
  for (int y = int(y0); y < std::min<double>(p.info.height, std::ceil(y1)); ++y)
    for (int x = int(x0); x < std::min<double>(p.info.width, std::ceil(x1)); ++x) {
      const double w = (std::min<double>(x + 1, x1) - std::max<double>(x, x0)) *
                       (std::min<double>(y + 1, y1) - std::max<double>(y, y0));
      sum += w * p.at(0, y, x);
      area += w;
    }
  return sum / area;
}

TEST(ScaleLuma, IsTheAreaMeanForWholeAndBrokenFactors) {
  for (auto [width, height, to_width, to_height] :
       {std::tuple{96, 54, 32, 18}, {97, 55, 32, 18}, {64, 36, 64, 36}, {64, 36, 32, 36}, {77, 33, 76, 32},
        {80, 60, 16, 10}, {35, 21, 1, 1}, {130, 90, 10, 9}}) {
    const TestPicture picture = random_picture(width, height, PixelFormat::kI420, width + to_width);
    LumaImage out;
    scale_luma(test::masked(picture), to_width, to_height, out);
    ASSERT_EQ(out.pixels.size(), std::size_t(to_width) * to_height);
    const double fx = double(width) / to_width, fy = double(height) / to_height;
    const bool whole = width % to_width == 0 && height % to_height == 0;
    for (int y = 0; y < to_height; ++y)
      for (int x = 0; x < to_width; ++x)
        ASSERT_NEAR(out.pixels[y * to_width + x], area_mean(picture, x * fx, (x + 1) * fx, y * fy, (y + 1) * fy),
                    whole && fx <= 6 && fy <= 6 ? 0.5001 : 1.6)
            << width << "x" << height << " -> " << to_width << "x" << to_height << " at " << x << "," << y;
  }
}

TEST(ScaleLuma, KeepsTheExtremes) {
  for (int value : {0, 255})
    for (int width : {96, 97}) {
      LumaImage out;
      scale_luma(test::make_masked_frame(width, 54, [&](int, int) { return value; }), 32, 18, out);
      for (auto pixel : out.pixels) ASSERT_EQ(pixel, value);
    }
}

TEST(ScaleBgr, GivesTheColourInEveryFormat) {
  struct Colour { int y, u, v, b, g, r; };
  // ITU-R BT.601 limited range: white, black, and the primaries of 100 % colour bars.
  for (const Colour& c : {Colour{235, 128, 128, 255, 255, 255}, {16, 128, 128, 0, 0, 0}, {81, 90, 240, 0, 0, 254},
                          {145, 54, 34, 0, 255, 0}, {41, 240, 110, 255, 0, 0}})
    for (PixelFormat format : {PixelFormat::kI420, PixelFormat::kYv12, PixelFormat::kNv12, PixelFormat::kNv21,
                               PixelFormat::kY42b, PixelFormat::kY444}) {
      TestPicture picture(33, 25, format, 3);
      const bool swapped = format == PixelFormat::kYv12 || format == PixelFormat::kNv21;
      for (int i = 0; i < picture.plane_count(); ++i)
        for (int row = 0; row < shape_of(format).planes[i].rows(25); ++row)
          for (int byte = 0; byte < shape_of(format).planes[i].row_bytes(33); ++byte) {
            const bool is_v = i == 2 || (picture.plane_count() == 2 && byte % 2 == 1);
            picture.at(i, row, byte) = std::uint8_t(i == 0 ? c.y : is_v != swapped ? c.v : c.u);
          }
      BgrImage out;
      for (auto [width, height] : {std::pair{33, 25}, {11, 10}, {70, 60}}) {
        scale_bgr(test::masked(picture), {0, 0, 33, 25}, width, height, out);
        for (std::size_t i = 0; i < out.pixels.size(); i += 3) {
          ASSERT_NEAR(out.pixels[i], c.b, 2) << to_string(format);
          ASSERT_NEAR(out.pixels[i + 1], c.g, 2) << to_string(format);
          ASSERT_NEAR(out.pixels[i + 2], c.r, 2) << to_string(format);
        }
      }
    }
}

TEST(ScaleBgr, CutsTheRegionWhereItLies) {
  // A grey ramp: value = x + 20, so a region's mean tells its place.
  const auto frame = test::make_masked_frame(200, 100, [](int x, int) { return 16 + x; });
  BgrImage out;
  scale_bgr(frame, {40, 10, 20, 20}, 10, 10, out);
  for (int x = 0; x < 10; ++x) EXPECT_NEAR(out.pixels[x * 3], (40 + 2 * x + 0.5) * 255 / 219, 1.5);
  scale_bgr(frame, {40, 10, 5, 5}, 20, 20, out);  // enlarged
  for (int x = 2; x < 18; ++x) EXPECT_NEAR(out.pixels[x * 3], (40 + (x + 0.5) / 4 - 0.5) * 255 / 219, 1.5);
}

TEST(ScaleBgr, ColourStaysWhereItIs) {
  for (PixelFormat format : {PixelFormat::kI420, PixelFormat::kNv12, PixelFormat::kNv21, PixelFormat::kY444}) {
    TestPicture picture(120, 80, format, 5);  // upper left quarter blue, the rest red
    for (int i = 0; i < picture.plane_count(); ++i) {
      const PlaneShape shape = shape_of(format).planes[i];
      for (int row = 0; row < shape.rows(80); ++row)
        for (int byte = 0; byte < shape.row_bytes(120); ++byte) {
          const int x = (byte / shape.sample_bytes) << shape.x_shift, y = row << shape.y_shift;
          const bool blue = x < 60 && y < 40, is_v = i == 2 || (picture.plane_count() == 2 && byte % 2 == 1);
          const bool v = is_v != (format == PixelFormat::kNv21);
          picture.at(i, row, byte) = std::uint8_t(i == 0 ? (blue ? 41 : 81) : v ? (blue ? 110 : 240) : (blue ? 240 : 90));
        }
    }
    const auto frame = test::masked(picture);
    BgrImage out;
    struct Cut { Box region; int width, height; };
    for (const Cut& cut : {Cut{{0, 0, 120, 80}, 120, 80}, {{0, 0, 120, 80}, 60, 40}, {{0, 0, 120, 80}, 55, 37},
                           {{30, 20, 60, 40}, 45, 45}, {{31, 21, 60, 40}, 120, 80}}) {
      scale_bgr(frame, cut.region, cut.width, cut.height, out);
      for (int y = 0; y < cut.height; ++y)
        for (int x = 0; x < cut.width; ++x) {
          const double sx = cut.region.x + (x + 0.5) * cut.region.w / cut.width;
          const double sy = cut.region.y + (y + 0.5) * cut.region.h / cut.height;
          const double near_edge = std::min(std::abs(sx - 60), std::abs(sy - 40));
          if (near_edge < 2 + 3 * cut.region.w / cut.width) continue;
          const bool blue = sx < 60 && sy < 40;
          ASSERT_EQ(out.pixels[(y * cut.width + x) * 3] > 200, blue) << to_string(format) << " " << x << "," << y;
          ASSERT_EQ(out.pixels[(y * cut.width + x) * 3 + 2] > 200, !blue) << to_string(format) << " " << x << "," << y;
        }
    }
  }
}

TEST(ScaleBgr, ClipsTheRegionToTheFrame) {
  const auto frame = test::make_masked_frame(64, 64, [](int, int) { return 235; });
  BgrImage out;
  scale_bgr(frame, {-20, -20, 200, 200}, 8, 8, out);
  EXPECT_EQ(out.pixels[0], 255);
  scale_bgr(frame, {100, 100, 10, 10}, 8, 8, out);
  EXPECT_EQ(out.pixels[0], 0);
  EXPECT_EQ(out.pixels.size(), 192U);
}

TEST(ScaleBgr, GreyFramesAreGrey) {
  TestPicture picture(16, 16, PixelFormat::kGray8);
  for (auto& byte : picture.memory[0]) byte = 126;
  BgrImage out;
  scale_bgr(test::masked(picture), {0, 0, 16, 16}, 4, 4, out);
  for (auto pixel : out.pixels) EXPECT_NEAR(pixel, 128, 1);
}

}  // namespace
}  // namespace veilgate
