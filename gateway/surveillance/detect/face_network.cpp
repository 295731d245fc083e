#include "detect/face_network.h"

#include <string>

#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>

#include "core/log.h"
#include "detect/anchor_free_decode.h"
#include "detect/candidates.h"

namespace veilgate::surveillance {
namespace {

constexpr double kMaxOverlap = 0.3;  // faces overlap less than two boxes of one face do

const std::vector<cv::String>& output_names() {
  static const std::vector<cv::String> names{"cls_8",  "cls_16",  "cls_32",  "obj_8", "obj_16", "obj_32",
                                             "bbox_8", "bbox_16", "bbox_32", "kps_8", "kps_16", "kps_32"};
  return names;
}

/// Planar float B, G, R, 0…255, zero outside the image.
void fill_blob(const BgrImage& image, int width, int height, cv::Mat& blob) {
  const int shape[] = {1, 3, height, width};
  blob.create(4, shape, CV_32F);
  blob.setTo(0);
  const std::size_t plane = static_cast<std::size_t>(width) * height;
  float* out = blob.ptr<float>();
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* row = image.pixels.data() + static_cast<std::size_t>(y) * image.width * 3;
    float* line = out + static_cast<std::size_t>(y) * width;
    for (int x = 0; x < image.width; ++x)
      for (int c = 0; c < 3; ++c) line[x + c * plane] = row[3 * x + c];
  }
}

}  // namespace

struct FaceNetwork::State {
  cv::dnn::Net net;
  cv::Mat blob;
  std::vector<cv::Mat> outputs;

  bool fits(int width, int height) const {
    for (std::size_t k = 0; k < kStrides.size(); ++k) {
      const std::size_t cells = static_cast<std::size_t>(width / kStrides[k]) * (height / kStrides[k]);
      const std::size_t wanted[] = {cells, cells, 4 * cells, 10 * cells};
      for (std::size_t kind = 0; kind < 4; ++kind)
        if (outputs[3 * kind + k].total() != wanted[kind]) return false;
    }
    return true;
  }

  Result<void> forward(const BgrImage& image, int width, int height) {
    try {
      fill_blob(image, width, height, blob);
      net.setInput(blob);
      net.forward(outputs, output_names());
    } catch (const cv::Exception& error) {
      return Error(ErrorCode::kCorrupt, "the network cannot be run: " + error.err);
    }
    if (outputs.size() != output_names().size() || !fits(width, height))
      return Error(ErrorCode::kCorrupt, "the network's outputs do not have the shape of a face detector's");
    return {};
  }
};

FaceNetwork::FaceNetwork(std::unique_ptr<State> state) : state_(std::move(state)) {}
FaceNetwork::~FaceNetwork() = default;
FaceNetwork::FaceNetwork(FaceNetwork&&) noexcept = default;
FaceNetwork& FaceNetwork::operator=(FaceNetwork&&) noexcept = default;

Result<FaceNetwork> FaceNetwork::create(ByteView onnx) {
  cv::setNumThreads(1);  // one worker process per camera: threads would only take from one another
  auto state = std::make_unique<State>();
  try {
    state->net = cv::dnn::readNetFromONNX(reinterpret_cast<const char*>(onnx.data()), onnx.size());
  } catch (const cv::Exception& error) {
    return Error(ErrorCode::kCorrupt, "not a network that can be read: " + error.err);
  }
  BgrImage black{32, 32, std::vector<std::uint8_t>(32 * 32 * 3)};
  VG_CHECK(state->forward(black, 32, 32));  // a wrong model is refused here, not at the first frame
  return FaceNetwork(std::move(state));
}

std::vector<FaceDetection> FaceNetwork::run(const BgrImage& image, int input_width, int input_height,
                                            double threshold) {
  VG_ASSERT(input_width % 32 == 0 && input_height % 32 == 0);
  VG_ASSERT(image.width <= input_width && image.height <= input_height);
  if (auto done = state_->forward(image, input_width, input_height); !done) {
    VG_LOG(kError, "detect", done.error().message());
    return {};
  }
  std::vector<FaceDetection> found;
  for (std::size_t k = 0; k < kStrides.size(); ++k) {
    const auto& o = state_->outputs;
    decode_stride({kStrides[k], input_width / kStrides[k], input_height / kStrides[k], o[k].ptr<float>(),
                   o[3 + k].ptr<float>(), o[6 + k].ptr<float>(), o[9 + k].ptr<float>()},
                  threshold, found);
  }
  return merge_overlapping(std::move(found), kMaxOverlap);
}

}  // namespace veilgate::surveillance
