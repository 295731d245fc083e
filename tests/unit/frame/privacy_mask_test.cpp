#include "frame/privacy_mask.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "support/test_frame.h"

namespace veilgate {
namespace {

using test::TestPicture;

constexpr PixelFormat kAllFormats[] = {PixelFormat::kI420, PixelFormat::kYv12, PixelFormat::kNv12, PixelFormat::kNv21,
                                       PixelFormat::kY42b, PixelFormat::kY444, PixelFormat::kGray8};

std::unique_ptr<PrivacyMask> mask_of(std::vector<Polygon> polygons, int margin) {
  PrivacyMask::Settings settings;
  settings.margin_px = margin;
  for (auto& p : polygons) settings.zones.push_back({"zone", std::move(p)});
  auto mask = PrivacyMask::create(std::move(settings));
  EXPECT_TRUE(mask) << (mask ? "" : mask.error().message());
  return std::move(mask).value();
}

TestPicture noise(int width, int height, PixelFormat format, int extra_stride, unsigned seed) {
  TestPicture picture(width, height, format, extra_stride);
  std::mt19937 random(seed);
  for (auto& plane : picture.memory)
    for (auto& byte : plane) byte = static_cast<std::uint8_t>(random() % 100 + 20);  // never a mask colour
  return picture;
}

double distance_to(const Polygon& polygon, Point p) {
  if (contains(polygon, p)) return 0;
  double best = 1e9;
  for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
    const Point a = polygon[j], b = polygon[i];
    const double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
    const double t = length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0, 1.0) : 0;
    best = std::min(best, std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy));
  }
  return best;
}

/// Every sample of a pixel whose centre is within the margin of the polygon is black; every byte far away, and all
/// padding, is untouched.
void expect_exact_cover(const TestPicture& before, const TestPicture& after, const Polygon& relative, int margin) {
  const FrameInfo& info = before.info;
  Polygon pixels = relative;
  for (Point& p : pixels) p = {p.x * info.width, p.y * info.height};
  const FormatShape shape = shape_of(info.format);
  for (int i = 0; i < shape.plane_count; ++i) {
    const PlaneShape& plane = shape.planes[i];
    for (int row = 0; row < plane.rows(info.height); ++row)
      for (int byte = 0; byte < after.stride[i]; ++byte) {
        const int value = after.at(i, row, byte);
        if (byte >= plane.row_bytes(info.width)) {
          ASSERT_EQ(value, before.at(i, row, byte)) << "padding was written";
          continue;
        }
        double nearest = 1e9;
        for (int y = row << plane.y_shift; y < std::min(info.height, (row + 1) << plane.y_shift); ++y)
          for (int x = (byte / plane.sample_bytes) << plane.x_shift;
               x < std::min(info.width, (byte / plane.sample_bytes + 1) << plane.x_shift); ++x)
            nearest = std::min(nearest, distance_to(pixels, {x + 0.5, y + 0.5}));
        const bool must_cover = nearest <= margin, must_keep = nearest > margin * std::sqrt(2.0) + 3;
        const int wanted = must_cover ? (i == 0 ? 16 : 128) : must_keep ? before.at(i, row, byte) : value;
        ASSERT_EQ(value, wanted) << to_string(info.format) << " plane " << i << " row " << row << " byte " << byte;
      }
  }
}

TEST(PrivacyMask, CoversEveryPlaneOfEveryFormatAtOddSizesAndStrides) {
  const Polygon shape{{0.31, 0.12}, {0.83, 0.22}, {0.6, 0.41}, {0.71, 0.83}, {0.22, 0.7}};
  unsigned seed = 1;
  for (PixelFormat format : kAllFormats)
    for (auto [width, height] : {std::pair{64, 48}, {63, 47}, {65, 33}})
      for (int extra : {0, 1, 13})
        for (int margin : {0, 3}) {
          auto mask = mask_of({shape}, margin);
          const TestPicture before = noise(width, height, format, extra, seed++);
          TestPicture after = before;
          auto planes = after.writable();
          ASSERT_TRUE(mask->paint(width, height, format, planes, after.plane_count()));
          expect_exact_cover(before, after, shape, margin);
          ASSERT_TRUE(mask->apply(std::move(after.raw()).value()));
        }
}

TEST(PrivacyMask, ApplyRefusesAFrameWithASingleUncoveredSample) {
  for (PixelFormat format : kAllFormats) {
    auto mask = mask_of({{{0.2, 0.2}, {0.8, 0.2}, {0.8, 0.8}, {0.2, 0.8}}}, 2);
    TestPicture picture = noise(33, 31, format, 5, 7);
    auto planes = picture.writable();
    ASSERT_TRUE(mask->paint(33, 31, format, planes, picture.plane_count()));
    for (int plane = 0; plane < picture.plane_count(); ++plane) {
      const PlaneShape shape = shape_of(format).planes[plane];
      TestPicture leaking = picture;
      leaking.at(plane, shape.rows(31) / 2, shape.row_bytes(33) / 2) += 1;
      const auto refused = mask->apply(std::move(leaking.raw()).value());
      ASSERT_FALSE(refused) << to_string(format) << " plane " << plane;
      EXPECT_EQ(refused.error().code(), ErrorCode::kUntrusted);
    }
  }
}

TEST(PrivacyMask, PlanFollowsAChangeOfSizeAndFormat) {
  const Polygon half{{0, 0}, {0.5, 0}, {0.5, 1}, {0, 1}};
  auto mask = mask_of({half}, 1);
  for (auto [width, height, format] : {std::tuple{64, 36, PixelFormat::kI420}, {31, 17, PixelFormat::kI420},
                                       {31, 17, PixelFormat::kNv12}, {64, 36, PixelFormat::kI420}}) {
    const TestPicture before = noise(width, height, format, 0, 3);
    EXPECT_FALSE(mask->apply(std::move(before.raw()).value()));
    TestPicture after = before;
    auto planes = after.writable();
    ASSERT_TRUE(mask->paint(width, height, format, planes, after.plane_count()));
    expect_exact_cover(before, after, half, 1);
  }
}

TEST(PrivacyMask, RefusesPlanesThatDoNotFit) {
  auto mask = mask_of({{{0, 0}, {1, 0}, {1, 1}}}, 0);
  TestPicture picture = noise(32, 32, PixelFormat::kI420, 0, 1);
  const auto good = picture.writable();
  auto attempt = [&](auto&& damage) {
    auto planes = good;
    damage(planes);
    return mask->paint(32, 32, PixelFormat::kI420, planes, 3).has_value();
  };
  EXPECT_TRUE(attempt([](auto&) {}));
  EXPECT_FALSE(attempt([](auto& p) { p[0].rows = 31; }));
  EXPECT_FALSE(attempt([](auto& p) { p[1].rows = 15; }));
  EXPECT_FALSE(attempt([](auto& p) { p[2].row_bytes = 15; }));
  EXPECT_FALSE(attempt([](auto& p) { p[0].stride = 31; }));
  EXPECT_FALSE(attempt([](auto& p) { p[1].data = nullptr; }));
  auto planes = good;
  EXPECT_FALSE(mask->paint(32, 32, PixelFormat::kI420, planes, 2));
  EXPECT_FALSE(mask->paint(32, 32, PixelFormat::kNv12, planes, 3));
  EXPECT_FALSE(mask->paint(0, 32, PixelFormat::kI420, planes, 3));
  EXPECT_FALSE(mask->paint(64, 64, PixelFormat::kI420, planes, 3));
  EXPECT_FALSE(mask->paint(32, 32, static_cast<PixelFormat>(99), planes, 3));
}

TEST(PrivacyMask, RefusesBadPolygons) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Polygon& bad : {Polygon{{0, 0}, {1, 1}}, Polygon{{0, 0}, {1.01, 0}, {1, 1}},
                             Polygon{{-0.1, 0}, {1, 0}, {1, 1}}, Polygon{{0, 0}, {1, nan}, {1, 1}}})
    EXPECT_FALSE(PrivacyMask::create({{{"bad", bad}}, 16}));
  EXPECT_FALSE(PrivacyMask::create({{}, -1}));
}

TEST(PrivacyMask, ABowTieCoversBothWings) {
  auto mask = mask_of({{{0.1, 0.1}, {0.9, 0.9}, {0.9, 0.1}, {0.1, 0.9}}}, 0);
  TestPicture picture = noise(100, 100, PixelFormat::kGray8, 0, 1);
  auto planes = picture.writable();
  ASSERT_TRUE(mask->paint(100, 100, PixelFormat::kGray8, planes, 1));
  EXPECT_EQ(picture.at(0, 50, 20), 16);
  EXPECT_EQ(picture.at(0, 50, 80), 16);
  EXPECT_NE(picture.at(0, 10, 50), 16);
}

TEST(PrivacyMask, WholeFrameCoversEverySampleAndIsProven) {
  auto mask = mask_of({}, 16);
  EXPECT_FALSE(mask->needs_painting());
  const std::string before = mask->revision();
  mask->cover_everything(true);
  EXPECT_TRUE(mask->needs_painting());
  EXPECT_NE(mask->revision(), before);
  for (PixelFormat format : kAllFormats) {
    TestPicture picture = noise(37, 21, format, 3, 5);
    EXPECT_FALSE(mask->apply(std::move(picture.raw()).value()));
    auto planes = picture.writable();
    ASSERT_TRUE(mask->paint(37, 21, format, planes, picture.plane_count()));
    for (int i = 0; i < picture.plane_count(); ++i)
      for (int row = 0; row < planes[i].rows; ++row)
        for (int byte = 0; byte < planes[i].row_bytes; ++byte)
          ASSERT_EQ(picture.at(i, row, byte), i == 0 ? 16 : 128);
    EXPECT_TRUE(mask->apply(std::move(picture.raw()).value()));
  }
  mask->cover_everything(false);
  EXPECT_TRUE(mask->apply(std::move(noise(37, 21, PixelFormat::kI420, 3, 5).raw()).value()));
  EXPECT_EQ(mask->revision(), before);
}

TEST(PrivacyMask, WithoutZonesAFramePassesUnchanged) {
  auto mask = mask_of({}, 16);
  const TestPicture picture = noise(32, 32, PixelFormat::kI420, 0, 9);
  const auto frame = mask->apply(std::move(picture.raw()).value());
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->plane(0).data[5], picture.at(0, 0, 5));
}

TEST(RawFrame, RefusesMemoryThatDoesNotFit) {
  TestPicture picture(33, 31, PixelFormat::kI420);
  auto attempt = [&](auto&& damage) {
    FrameMemory memory;
    FrameInfo info = picture.info;
    memory.plane_count = 3;
    const auto planes = picture.writable();
    for (int i = 0; i < 3; ++i)
      memory.planes[i] = {planes[i].data, planes[i].stride, planes[i].rows, planes[i].row_bytes};
    damage(info, memory);
    return RawFrame::create(info, std::move(memory)).has_value();
  };
  EXPECT_TRUE(attempt([](auto&, auto&) {}));
  EXPECT_FALSE(attempt([](auto& info, auto&) { info.width = 35; }));
  EXPECT_FALSE(attempt([](auto& info, auto&) { info.height = 0; }));
  EXPECT_FALSE(attempt([](auto& info, auto&) { info.format = PixelFormat::kNv12; }));
  EXPECT_FALSE(attempt([](auto&, auto& memory) { memory.plane_count = 1; }));
  EXPECT_FALSE(attempt([](auto&, auto& memory) { memory.planes[2].data = nullptr; }));
  EXPECT_FALSE(attempt([](auto&, auto& memory) { memory.planes[0].stride = 32; }));
}

}  // namespace
}  // namespace veilgate
