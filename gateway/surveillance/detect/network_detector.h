#pragma once
// Faces by a network, in two looks. The first goes over the region at a scale at which the smallest wanted
// face is just visible and takes every suspicion (score ≥ 0.3); the second looks at each suspicion alone,
// scaled so that the face is 88 pixels high, where the network tells a face from the back of a head best, and
// decides (score ≥ 0.75). That finds more small faces at half the cost of one look at full size, with fewer
// false boxes: figures and how the numbers were chosen in docs/performance.md, section "Detectors".
//
// Thread word: thread-bound.

#include <string>

#include "detect/face_detector.h"
#include "detect/face_network.h"

namespace veilgate::surveillance {

class NetworkDetector final : public FaceDetector {
 public:
  struct Settings {
    std::string name;        ///< "own" | "yunet"
    std::string version;     ///< of the weights
    double visible_px = 18;  ///< height at which the network begins to suspect a face, pixels of its input
    double score_threshold = 0.75;  ///< 0…1, of the second look
  };

  /// Three instances of the same network, one per kind of look, so that none changes its input size for
  /// another.
  struct Networks {
    FaceNetwork first_look;
    FaceNetwork second_look;
    FaceNetwork following;
  };
  NetworkDetector(Settings settings, Networks networks);

  std::vector<FaceDetection> detect(const MaskedFrame& frame, const Box& region, int min_face_px) override;
  std::vector<FaceDetection> detect_near(const MaskedFrame& frame, const Box& last) override;
  std::string name() const override { return settings_.name; }
  std::string version() const override { return settings_.version; }
  double score_threshold() const override { return settings_.score_threshold; }

 private:
  std::vector<FaceDetection> suspicions(const MaskedFrame& frame, const Box& region, int min_face_px);
  /// A square look at one place, scaled so that what is there is `height` pixels high.
  struct CloseLook {
    int input;         ///< side of the network's input, pixels
    double height;     ///< pixels of that input
    double threshold;  ///< score
  };
  std::vector<FaceDetection> look_closely(const MaskedFrame& frame, const Box& at, const CloseLook& look,
                                          FaceNetwork& network);

  Settings settings_;
  Networks networks_;
  BgrImage image_;  // reused
};

}  // namespace veilgate::surveillance
