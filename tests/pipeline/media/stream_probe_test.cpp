#include "media/stream_probe.h"

#include <gtest/gtest.h>

#include "support/rtsp_camera.h"

namespace veilgate::media {
namespace {

using test::RtspCamera;
using test::RtspCameraOptions;

StreamProbeRequest request_for(const RtspCamera& camera) {
  StreamProbeRequest request;
  request.url = camera.url();
  request.span = Millis{2500};
  return request;
}

TEST(StreamProbe, MeasuresEachCodec) {
  for (const char* codec : {"h264", "h265", "mjpeg"}) {
    RtspCameraOptions options;
    options.codec = codec;
    options.audio = true;
    RtspCamera camera(options);
    const auto facts = probe_stream(request_for(camera));
    ASSERT_TRUE(facts) << codec << ": " << facts.error().message();
    EXPECT_EQ(facts->codec, codec);
    EXPECT_EQ(facts->width, 320);
    EXPECT_EQ(facts->height, 240);
    EXPECT_NEAR(facts->fps, 10, 1.5) << codec;
    if (std::string(codec) == "h264") {
      EXPECT_NEAR(facts->keyframe_gap_s, 1.0, 0.2);  // every tenth frame
    }
  }
}

TEST(StreamProbe, SaysThatAConnectedCameraSendsNothing) {
  RtspCamera camera;
  camera.set_silent(true);
  auto request = request_for(camera);
  request.connect_timeout = Millis{1500};
  const auto facts = probe_stream(request);
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().code(), ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace veilgate::media
