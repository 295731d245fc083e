#pragma once
// A camera's chain on drawn frames, with a detector that is told what it sees.

#include <map>

#include <gtest/gtest.h>

#include "lane/camera_chain.h"
#include "result/payload.h"
#include "support/test_frame.h"

namespace veilgate::surveillance {

/// Finds the faces it was told about where it is asked to look.
class ToldDetector final : public FaceDetector {
 public:
  explicit ToldDetector(const std::vector<FaceDetection>& faces, int& calls) : faces_(faces), calls_(calls) {}
  std::vector<FaceDetection> detect(const MaskedFrame&, const Box& region, int) override {
    return inside(region);
  }
  std::vector<FaceDetection> detect_near(const MaskedFrame&, const Box& last) override {
    return inside({last.x - 0.5 * last.w, last.y - 0.5 * last.h, 2 * last.w, 2 * last.h});
  }
  std::string name() const override { return "told"; }
  std::string version() const override { return "0"; }
  double score_threshold() const override { return 0.5; }

 private:
  std::vector<FaceDetection> inside(const Box& region) {
    ++calls_;
    std::vector<FaceDetection> found;
    for (const FaceDetection& face : faces_)
      if (intersect(face.box, region).area() >= 0.9 * face.box.area()) found.push_back(face);
    return found;
  }
  const std::vector<FaceDetection>& faces_;
  int& calls_;
};

class KeepResults final : public ResultSink {
 public:
  Result<void> submit(SurveillanceResult result) override {
    if (refuse) return Error(ErrorCode::kUnavailable, "the parent is away");
    lines += encode_transfer(result) + "\n";
    results.push_back(std::move(result));
    return {};
  }
  template <typename T>
  std::vector<T> all() const {
    std::vector<T> found;
    for (const SurveillanceResult& result : results)
      if (const auto* one = std::get_if<T>(&result)) found.push_back(*one);
    return found;
  }
  bool refuse = false;
  std::string lines;
  std::vector<SurveillanceResult> results;
};

class KeepTracks final : public TrackSink {
 public:
  void face(const TrackedBox& box) override { faces[box.id].push_back(box); }
  void object(const TrackedBox& box) override { objects[box.id].push_back(box); }
  std::map<std::uint64_t, std::vector<TrackedBox>> faces, objects;
};

class FakeEncoder final : public ImageEncoder {
 public:
  Result<Bytes> encode_jpeg(const BgrImage&) override { return Bytes{0xFF, 0xD8, 0xFF, 0xD9, 0, 0}; }
};

inline CameraConfig camera_config(const std::string& id = "cam") {
  CameraConfig camera;
  camera.id = CameraId{id};
  camera.dedup = {1, Seconds{60}};
  RuleConfig stay;
  stay.id = "stay";
  stay.type = RuleType::kStay;
  stay.threshold = Seconds{5};
  camera.rules = {stay};
  return camera;
}

class CameraChainTest : public ::testing::Test {
 protected:
  static constexpr int kWidth = 640, kHeight = 360;

  void start(CameraConfig camera = camera_config(), ChainSeed seed = kOfflineSeed) {
    mask_ = std::move(PrivacyMask::create({zones_, 0})).value();
    auto encoder = camera.images == ImagePolicy::kFaceCrop ? std::make_unique<FakeEncoder>() : nullptr;
    auto made = CameraChain::create(camera, {*mask_, std::make_unique<ToldDetector>(faces_, calls_), sink_,
                                             std::move(encoder), &tracks_, "Asia/Shanghai", seed});
    ASSERT_TRUE(made) << made.error().message();
    chain_ = std::move(*made);
  }

  /// A face of texture at x, y that the detector finds.
  static FaceDetection face_at(double x, double y, double w = 60) {
    FaceDetection face;
    face.box = {x, y, w, 1.25 * w};
    face.score = 0.9;
    return face;
  }

  /// One frame with the faces set; ten a second.
  void frame() {
    test::TestPicture picture = test::luma_picture(kWidth, kHeight, [&](int x, int y) {
      int luma = 90;
      for (const FaceDetection& face : faces_)
        if (x >= face.box.x && x < face.box.right() && y >= face.box.y && y < face.box.bottom()) {
          const int u = static_cast<int>(20 * (x - face.box.x) / face.box.w),
                    v = static_cast<int>(25 * (y - face.box.y) / face.box.h);
          luma = 60 + (u * u * 7 + v * 31 + u * v * 13) % 150;
        }
      return luma;
    });
    picture.info.time = now_;
    picture.info.number = number_++;
    (void)chain_->process(std::move(picture.raw()).value());
    now_ += Millis{100};
  }
  void frames(int count) {
    for (int i = 0; i < count; ++i) frame();
  }

  std::vector<MaskZone> zones_;
  std::unique_ptr<PrivacyMask> mask_;
  std::vector<FaceDetection> faces_;
  int calls_ = 0;
  KeepResults sink_;
  KeepTracks tracks_;
  std::unique_ptr<CameraChain> chain_;
  UtcTime now_{Millis{1'772'400'000'000}};
  std::uint64_t number_ = 0;
};

}  // namespace veilgate::surveillance
