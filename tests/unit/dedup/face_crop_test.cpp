#include "dedup/face_crop.h"

#include <gtest/gtest.h>

#include "drawn_face.h"

namespace veilgate::surveillance {
namespace {

bool painted(const BgrImage& image, int x, int y) {
  const std::uint8_t* p = &image.pixels[(static_cast<std::size_t>(y) * image.width + x) * 3];
  return p[0] == FaceCrop::kPaint && p[1] == FaceCrop::kPaint && p[2] == FaceCrop::kPaint;
}

TEST(FaceCrop, ShowsTheFaceAndPaintsTheCorners) {
  const DrawnFace face{1, 200, 100, 120};
  const FaceCrop crop = FaceCrop::cut(frame_of({face}), detection_of(face).box, {});
  const BgrImage& image = crop.image();
  EXPECT_FALSE(painted(image, image.width / 2, image.height / 2));
  for (const int x : {0, image.width - 1})
    for (const int y : {0, image.height - 1}) EXPECT_TRUE(painted(image, x, y));
}

TEST(FaceCrop, NothingOutsideTheEllipseIsLeft) {  // the background is gone, not blurred
  const BgrImage white{640, 480, std::vector<std::uint8_t>(640 * 480 * 3, 255)};
  const Box box{200, 100, 120, 150};
  const FaceCrop crop = FaceCrop::cut(test::make_masked_frame(white), box, {});
  const BgrImage& image = crop.image();
  int shown = 0;
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x) shown += !painted(image, x, y);
  const double share = static_cast<double>(shown) / (image.width * image.height);
  EXPECT_NEAR(share, 3.14159 / 4, 0.01);
}

TEST(FaceCrop, PaintsOtherFacesEvenWhereTheyOverlap) {
  const BgrImage white{640, 480, std::vector<std::uint8_t>(640 * 480 * 3, 255)};
  const Box box{200, 100, 120, 150}, other{260, 100, 120, 150};
  const FaceCrop crop = FaceCrop::cut(test::make_masked_frame(white), box, {other});
  const BgrImage& image = crop.image();
  EXPECT_TRUE(painted(image, image.width / 2 + 3, image.height / 2));
  EXPECT_FALSE(painted(image, image.width / 4, image.height / 2));
}

TEST(FaceCrop, IsBoundedInSize) {
  const DrawnFace face{1, 50, 10, 360};
  const FaceCrop crop = FaceCrop::cut(frame_of({face}), detection_of(face).box, {});
  EXPECT_LE(crop.image().width, FaceCrop::kLargestSide);
  EXPECT_LE(crop.image().height, FaceCrop::kLargestSide);
}

}  // namespace
}  // namespace veilgate::surveillance
