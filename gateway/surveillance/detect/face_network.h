#pragma once
// A YuNet-shaped network, run by OpenCV's dnn module on the processor, one thread. The only OpenCV dnn user.
//
// Errors: kCorrupt when the bytes are not such a network. Thread word: thread-bound.

#include <memory>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "detect/face_detector.h"
#include "frame/scale.h"

namespace veilgate::surveillance {

class FaceNetwork {
 public:
  /// `onnx` is only read here and need not live on.
  static Result<FaceNetwork> create(ByteView onnx);
  ~FaceNetwork();
  FaceNetwork(FaceNetwork&&) noexcept;
  FaceNetwork& operator=(FaceNetwork&&) noexcept;

  /// Candidates of at least `threshold` in pixels of `image`, already merged. The image is put into the top
  /// left corner of a black input of input_width × input_height (multiples of 32, at least the image's size):
  /// a size that stays the same from call to call is cheaper than one that changes.
  std::vector<FaceDetection> run(const BgrImage& image, int input_width, int input_height, double threshold);

 private:
  struct State;
  explicit FaceNetwork(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// The next multiple of 32, the network's largest stride.
constexpr int network_size(int pixels) { return (pixels + 31) / 32 * 32; }

}  // namespace veilgate::surveillance
