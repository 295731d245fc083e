// The mask element alone, fed buffer by buffer: every format and stride, and everything that must be dropped.
#include "media/mask_element.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/base/gstbasetransform.h>
#include <gst/video/video.h>

#include "media/gstreamer.h"
#include "support/test_frame.h"

namespace veilgate::media {
namespace {

const SystemClock kClock;

class MaskElement : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(start_gstreamer());
    PrivacyMask::Settings settings;
    settings.zones.push_back({"zone", {{0.25, 0.25}, {0.7, 0.3}, {0.6, 0.8}}});
    settings.margin_px = 2;
    mask_ = std::move(PrivacyMask::create(settings)).value();
    pipeline_.reset(GST_ELEMENT(gst_object_ref_sink(
        gst_parse_launch("appsrc name=in format=time ! vgprivacymask name=mask ! appsink name=out sync=false", nullptr))));
    in_.reset(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "in"));
    element_.reset(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "mask"));
    out_.reset(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "out"));
  }
  void TearDown() override { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }

  void start() {
    bind_mask(element_.get(), *mask_, kClock);
    gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
  }
  void caps(int width, int height, const char* format) {
    const Owned<GstCaps> caps(gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, format, "width", G_TYPE_INT,
                                                  width, "height", G_TYPE_INT, height, "framerate", GST_TYPE_FRACTION,
                                                  10, 1, nullptr));
    gst_app_src_set_caps(GST_APP_SRC(in_.get()), caps.get());
  }
  /// Noise in a buffer whose planes have any stride, described by a video meta.
  GstBuffer* noise(int width, int height, GstVideoFormat format, int extra_stride, unsigned seed) {
    const GstVideoFormatInfo* info = gst_video_format_get_info(format);
    gsize offset[GST_VIDEO_MAX_PLANES] = {};
    gint stride[GST_VIDEO_MAX_PLANES] = {};
    gsize size = 0;
    const FormatShape shape = shape_of(ours(format));
    for (int i = 0; i < shape.plane_count; ++i) {
      offset[i] = size;
      stride[i] = shape.planes[i].row_bytes(width) + extra_stride;
      size += static_cast<gsize>(stride[i]) * shape.planes[i].rows(height);
    }
    (void)info;
    GstBuffer* buffer = gst_buffer_new_allocate(nullptr, size, nullptr);
    std::mt19937 random(seed);
    GstMapInfo map;
    gst_buffer_map(buffer, &map, GST_MAP_WRITE);
    for (gsize i = 0; i < size; ++i) map.data[i] = static_cast<guint8>(random() % 100 + 20);
    gst_buffer_unmap(buffer, &map);
    gst_buffer_add_video_meta_full(buffer, GST_VIDEO_FRAME_FLAG_NONE, format, static_cast<guint>(width),
                                   static_cast<guint>(height), static_cast<guint>(shape.plane_count), offset, stride);
    return buffer;
  }
  static PixelFormat ours(GstVideoFormat format) {
    switch (format) {
      case GST_VIDEO_FORMAT_YV12: return PixelFormat::kYv12;
      case GST_VIDEO_FORMAT_NV12: return PixelFormat::kNv12;
      case GST_VIDEO_FORMAT_NV21: return PixelFormat::kNv21;
      case GST_VIDEO_FORMAT_Y42B: return PixelFormat::kY42b;
      case GST_VIDEO_FORMAT_Y444: return PixelFormat::kY444;
      case GST_VIDEO_FORMAT_GRAY8: return PixelFormat::kGray8;
      default: return PixelFormat::kI420;
    }
  }
  GstFlowReturn push(GstBuffer* buffer) { return gst_app_src_push_buffer(GST_APP_SRC(in_.get()), buffer); }
  Owned<GstSample> pull(GstClockTime wait = 3 * GST_SECOND) {
    return Owned<GstSample>(gst_app_sink_try_pull_sample(GST_APP_SINK(out_.get()), wait));
  }
  /// True when the frame that came out differs from the input exactly where the mask paints.
  void expect_painted(GstSample* sample, GstBuffer* input, int width, int height, GstVideoFormat format) {
    GstVideoInfo info;
    gst_video_info_set_format(&info, format, static_cast<guint>(width), static_cast<guint>(height));
    GstVideoFrame before, after;
    ASSERT_TRUE(gst_video_frame_map(&before, &info, input, GST_MAP_READ));
    ASSERT_TRUE(gst_video_frame_map(&after, &info, gst_sample_get_buffer(sample), GST_MAP_READ));
    test::TestPicture wanted(width, height, ours(format));
    auto planes = wanted.writable();
    for (int i = 0; i < wanted.plane_count(); ++i)
      for (int row = 0; row < planes[i].rows; ++row)
        std::memcpy(planes[i].data + row * planes[i].stride,
                    static_cast<guint8*>(GST_VIDEO_FRAME_PLANE_DATA(&before, i)) +
                        row * GST_VIDEO_FRAME_PLANE_STRIDE(&before, i),
                    static_cast<std::size_t>(planes[i].row_bytes));
    ASSERT_TRUE(mask_->paint(width, height, ours(format), planes, wanted.plane_count()));
    int covered = 0;
    for (int i = 0; i < wanted.plane_count(); ++i)
      for (int row = 0; row < planes[i].rows; ++row)
        for (int byte = 0; byte < planes[i].row_bytes; ++byte) {
          const guint8 got = static_cast<guint8*>(
              GST_VIDEO_FRAME_PLANE_DATA(&after, i))[row * GST_VIDEO_FRAME_PLANE_STRIDE(&after, i) + byte];
          ASSERT_EQ(got, wanted.at(i, row, byte)) << "plane " << i << " row " << row << " byte " << byte;
          covered += got == (i == 0 ? 16 : 128);
        }
    EXPECT_GT(covered, 0);
    gst_video_frame_unmap(&before);
    gst_video_frame_unmap(&after);
  }

  std::unique_ptr<PrivacyMask> mask_;
  Owned<GstElement> pipeline_, in_, element_, out_;
};

TEST_F(MaskElement, PaintsEveryFormatAtOddSizesAndStrides) {
  start();
  unsigned seed = 1;
  for (GstVideoFormat format : {GST_VIDEO_FORMAT_I420, GST_VIDEO_FORMAT_YV12, GST_VIDEO_FORMAT_NV12,
                                GST_VIDEO_FORMAT_NV21, GST_VIDEO_FORMAT_Y42B, GST_VIDEO_FORMAT_Y444,
                                GST_VIDEO_FORMAT_GRAY8})
    for (auto [width, height] : {std::pair{64, 48}, {63, 47}, {33, 21}})
      for (int extra : {0, 1, 13}) {
        caps(width, height, gst_video_format_to_string(format));
        GstBuffer* buffer = noise(width, height, format, extra, seed++);
        const Owned<GstBuffer> kept(gst_buffer_ref(buffer));  // as a decoder does: so the mask must copy
        ASSERT_EQ(push(buffer), GST_FLOW_OK);
        const auto sample = pull();
        ASSERT_TRUE(sample) << gst_video_format_to_string(format) << " " << width << " stride +" << extra;
        expect_painted(sample.get(), kept.get(), width, height, format);
        EXPECT_TRUE(mask_stamp(gst_sample_get_buffer(sample.get())));
      }
  const MaskCounters counters = mask_counters(element_.get());
  EXPECT_EQ(counters.decoded, 63U);
  EXPECT_EQ(counters.copied, 63U) << "exactly one copy of each frame";
  EXPECT_EQ(counters.refused, 0U);
}

TEST_F(MaskElement, DoesNotCopyABufferThatNobodyElseHolds) {
  start();
  caps(64, 48, "I420");
  ASSERT_EQ(push(noise(64, 48, GST_VIDEO_FORMAT_I420, 0, 1)), GST_FLOW_OK);
  ASSERT_TRUE(pull());
  EXPECT_EQ(mask_counters(element_.get()).copied, 0U);
}

TEST_F(MaskElement, DoesNotWriteIntoTheDecodersPicture) {
  start();
  caps(64, 48, "I420");
  GstBuffer* buffer = noise(64, 48, GST_VIDEO_FORMAT_I420, 0, 1);
  const Owned<GstBuffer> kept(gst_buffer_ref(buffer));
  const Owned<GstBuffer> same(noise(64, 48, GST_VIDEO_FORMAT_I420, 0, 1));
  ASSERT_EQ(push(buffer), GST_FLOW_OK);
  ASSERT_TRUE(pull());
  GstMapInfo a, b;
  gst_buffer_map(kept.get(), &a, GST_MAP_READ);
  gst_buffer_map(same.get(), &b, GST_MAP_READ);
  EXPECT_EQ(std::memcmp(a.data, b.data, a.size), 0);
  gst_buffer_unmap(kept.get(), &a);
  gst_buffer_unmap(same.get(), &b);
}

TEST_F(MaskElement, DropsWhatItCannotCoverAndLetsTheNextGoodFramePass) {
  start();
  caps(64, 48, "I420");
  // Too short, without and with a meta that promises more than is there.
  ASSERT_EQ(push(gst_buffer_new_allocate(nullptr, 64 * 48, nullptr)), GST_FLOW_OK);
  GstBuffer* lying = noise(64, 48, GST_VIDEO_FORMAT_I420, 0, 2);
  gst_buffer_set_size(lying, 64 * 48 + 100);
  ASSERT_EQ(push(lying), GST_FLOW_OK);
  // Another size, another format than negotiated.
  ASSERT_EQ(push(noise(128, 96, GST_VIDEO_FORMAT_I420, 0, 3)), GST_FLOW_OK);
  ASSERT_EQ(push(noise(64, 48, GST_VIDEO_FORMAT_NV12, 0, 3)), GST_FLOW_OK);
  // A good one.
  GstBuffer* good = noise(64, 48, GST_VIDEO_FORMAT_I420, 0, 4);
  const Owned<GstBuffer> kept(gst_buffer_ref(good));
  ASSERT_EQ(push(good), GST_FLOW_OK);
  const auto sample = pull();
  ASSERT_TRUE(sample);
  EXPECT_EQ(mask_stamp(gst_sample_get_buffer(sample.get()))->number, 4U);
  expect_painted(sample.get(), kept.get(), 64, 48, GST_VIDEO_FORMAT_I420);
  EXPECT_EQ(mask_counters(element_.get()).refused, 4U);
  EXPECT_FALSE(pull(GST_SECOND / 10));
}

TEST_F(MaskElement, WithoutAMaskNothingPasses) {
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
  caps(64, 48, "I420");
  ASSERT_EQ(push(noise(64, 48, GST_VIDEO_FORMAT_I420, 0, 1)), GST_FLOW_OK);
  EXPECT_FALSE(pull(GST_SECOND / 5));
  EXPECT_FALSE(mask_is_effective(element_.get()));
}

TEST_F(MaskElement, ClosedNothingPasses) {
  start();
  close_mask(element_.get());
  caps(64, 48, "I420");
  ASSERT_EQ(push(noise(64, 48, GST_VIDEO_FORMAT_I420, 0, 1)), GST_FLOW_OK);
  EXPECT_FALSE(pull(GST_SECOND / 5));
  EXPECT_EQ(mask_counters(element_.get()).refused, 1U);
}

TEST_F(MaskElement, RefusesAnUnknownFormatAndNamesIt) {
  start();
  caps(64, 48, "I420_10LE");
  push(gst_buffer_new_allocate(nullptr, 64 * 48 * 3, nullptr));
  EXPECT_FALSE(pull(GST_SECOND / 2));
  EXPECT_EQ(refused_format(element_.get()), "I420_10LE");
}

TEST_F(MaskElement, WholeFrameTakesEffectWithTheNextFrame) {
  start();
  caps(64, 48, "NV12");
  for (int i = 0; i < 2; ++i) {
    mask_->cover_everything(i == 1);
    GstBuffer* buffer = noise(64, 48, GST_VIDEO_FORMAT_NV12, 0, 1);
    const Owned<GstBuffer> kept(gst_buffer_ref(buffer));
    ASSERT_EQ(push(buffer), GST_FLOW_OK);
    const auto sample = pull();
    ASSERT_TRUE(sample);
    expect_painted(sample.get(), kept.get(), 64, 48, GST_VIDEO_FORMAT_NV12);
  }
}

TEST_F(MaskElement, WithoutZonesTheDecodersPictureTravelsOnUncopied) {
  mask_ = test::no_zones();
  start();
  caps(64, 48, "I420");
  GstBuffer* buffer = noise(64, 48, GST_VIDEO_FORMAT_I420, 0, 1);
  const Owned<GstBuffer> kept(gst_buffer_ref(buffer));
  ASSERT_EQ(push(buffer), GST_FLOW_OK);
  const auto sample = pull();
  ASSERT_TRUE(sample);
  EXPECT_EQ(gst_buffer_peek_memory(gst_sample_get_buffer(sample.get()), 0), gst_buffer_peek_memory(kept.get(), 0));
  EXPECT_FALSE(mask_stamp(kept.get())) << "the decoder's own buffer was written into";
  EXPECT_TRUE(mask_stamp(gst_sample_get_buffer(sample.get())));
}

TEST_F(MaskElement, SwitchedToPassThroughItStillPaintsOrDrops) {
  start();
  gst_base_transform_set_passthrough(reinterpret_cast<GstBaseTransform*>(element_.get()), TRUE);
  caps(64, 48, "I420");
  std::vector<Owned<GstBuffer>> kept;
  for (int i = 0; i < 4; ++i) {
    GstBuffer* buffer = noise(64, 48, GST_VIDEO_FORMAT_I420, 0, 1);
    kept.emplace_back(gst_buffer_ref(buffer));
    push(buffer);
  }
  while (const auto sample = pull(GST_SECOND / 5))
    expect_painted(sample.get(), kept.front().get(), 64, 48, GST_VIDEO_FORMAT_I420);
}

}  // namespace
}  // namespace veilgate::media
