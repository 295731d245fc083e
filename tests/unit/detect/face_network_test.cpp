#include "detect/face_network.h"

#include <gtest/gtest.h>

#include "detect/own_weights.h"

namespace veilgate::surveillance {
namespace {

TEST(FaceNetwork, RefusesBytesThatAreNoNetwork) {
  const auto made = FaceNetwork::create(as_bytes("this is not ONNX"));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code(), ErrorCode::kCorrupt);
}

TEST(FaceNetwork, RefusesATruncatedNetwork) {
  const ByteView whole = own_weights();
  EXPECT_FALSE(FaceNetwork::create(whole.subspan(0, whole.size() / 2)));
}

TEST(FaceNetwork, EmbeddedWeightsAreRead) { EXPECT_TRUE(FaceNetwork::create(own_weights())); }

TEST(FaceNetwork, SameImageGivesTheSameAnswerAfterAnotherSize) {
  auto network = std::move(FaceNetwork::create(own_weights())).value();
  BgrImage image{60, 50, std::vector<std::uint8_t>(60 * 50 * 3)};
  for (std::size_t i = 0; i < image.pixels.size(); ++i)
    image.pixels[i] = static_cast<std::uint8_t>(i * 37 % 251);
  const auto first = network.run(image, 64, 64, 0.0);
  (void)network.run(image, 128, 96, 0.0);
  const auto again = network.run(image, 64, 64, 0.0);
  ASSERT_FALSE(first.empty());
  ASSERT_EQ(first.size(), again.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].box, again[i].box);
    EXPECT_EQ(first[i].score, again[i].score);
  }
}

}  // namespace
}  // namespace veilgate::surveillance
