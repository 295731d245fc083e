// The first promise, end to end: two inputs that differ only inside a zone give the same bytes at every branch of
// every shipped description that can run here, and at the branches an integrator may add.
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include <gst/app/gstappsink.h>

#include "media/description.h"
#include "media/graph_guard.h"
#include "media/guarded_pipeline.h"
#include "test_videos.h"

namespace veilgate::media {
namespace {

using test::TemporaryFolder;
using test::TestPicture;

constexpr int kWidth = 192, kHeight = 112, kFrames = 6;
const Polygon kZone{{0.30, 0.25}, {0.75, 0.30}, {0.70, 0.80}, {0.35, 0.70}};

/// A moving pattern with noise; inside the zone it depends on `secret` too.
TestPicture picture(int frame, unsigned secret) {
  TestPicture p(kWidth, kHeight, PixelFormat::kI420);
  std::mt19937 everywhere(static_cast<unsigned>(frame)), inside(secret * 1000 + static_cast<unsigned>(frame));
  for (int plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    for (int y = 0; y < kHeight >> shift; ++y)
      for (int x = 0; x < kWidth >> shift; ++x) {
        const Point centre{((x << shift) + 0.5) / kWidth, ((y << shift) + 0.5) / kHeight};
        const auto common = everywhere() % 40, hidden = inside() % 160;
        const bool covered = contains(kZone, centre);
        p.at(plane, y, x) = static_cast<std::uint8_t>(covered ? 40 + hidden : 60 + (x + 3 * y + 5 * frame) % 90 + common);
      }
  }
  return p;
}

struct Branches {
  std::vector<std::string> names;
  std::vector<std::string> bytes;  // all samples of a branch, one after the other
  std::vector<int> samples;
};

void collect_sinks(GstElement* bin, std::vector<GstElement*>& sinks) {
  for (GList* item = GST_BIN_CHILDREN(bin); item; item = item->next) {
    GstElement* child = GST_ELEMENT(item->data);
    if (GST_IS_BIN(child)) collect_sinks(child, sinks);
    if (GST_IS_APP_SINK(child)) sinks.push_back(child);
  }
}

/// Runs the file to its end and keeps every byte that reaches any sink.
Branches run(const PipelineDescription& description, const std::string& file, const std::string& container,
             PrivacyMask& mask) {
  static const SystemClock clock;
  PipelineParts parts;
  parts.description = description;
  parts.container = container;
  parts.mask = &mask;
  parts.clock = &clock;
  parts.pace = Pace::kAsFastAsPossible;
  parts.configure = [&](GstElement* source) -> Result<void> {
    g_object_set(source, "location", file.c_str(), nullptr);
    return {};
  };
  Branches branches;
  auto made = GuardedPipeline::create(std::move(parts));
  EXPECT_TRUE(made) << made.error().message();
  if (!made) return branches;
  std::vector<GstElement*> sinks;
  collect_sinks((*made)->element(), sinks);
  for (GstElement* sink : sinks) g_object_set(sink, "drop", FALSE, "max-buffers", 0U, nullptr);
  EXPECT_TRUE((*made)->start());
  for (GstElement* sink : sinks) {
    branches.names.emplace_back(GST_OBJECT_NAME(sink));
    std::string bytes;
    int count = 0;
    while (const Owned<GstSample> sample{gst_app_sink_try_pull_sample(GST_APP_SINK(sink), 10 * GST_SECOND)}) {
      GstMapInfo map;
      EXPECT_TRUE(gst_buffer_map(gst_sample_get_buffer(sample.get()), &map, GST_MAP_READ));
      bytes.append(reinterpret_cast<const char*>(map.data), map.size);
      gst_buffer_unmap(gst_sample_get_buffer(sample.get()), &map);
      ++count;
    }
    EXPECT_FALSE((*made)->failure()) << (*made)->failure()->error.message();
    branches.bytes.push_back(std::move(bytes));
    branches.samples.push_back(count);
  }
  return branches;
}

class Leak : public ::testing::Test {
 protected:
  void make_inputs(const std::string& name, const std::string& coder) {
    for (unsigned secret : {1U, 2U}) {
      files_[secret - 1] = folder_.file(std::to_string(secret) + name);
      test::encode_pictures(kFrames, 10, [&](int frame) { return picture(frame, secret); },
                            coder + " ! filesink location=" + files_[secret - 1]);
    }
  }
  /// Same bytes at every branch with the mask; different ones without, or the test would prove nothing.
  void expect_no_leak(const PipelineDescription& description, const std::string& container, std::size_t branches) {
    const auto mask = std::move(PrivacyMask::create({{{"zone", kZone}}, 0})).value();
    const auto open = test::no_zones();
    const Branches one = run(description, files_[0], container, *mask), two = run(description, files_[1], container, *mask);
    const Branches bare_one = run(description, files_[0], container, *open),
                   bare_two = run(description, files_[1], container, *open);
    ASSERT_EQ(one.names.size(), branches);
    for (std::size_t i = 0; i < branches; ++i) {
      EXPECT_EQ(one.samples[i], kFrames) << one.names[i];
      EXPECT_FALSE(one.bytes[i].empty());
      EXPECT_TRUE(one.bytes[i] == two.bytes[i]) << description.name << ": the zone shows at " << one.names[i];
      EXPECT_FALSE(bare_one.bytes[i] == bare_two.bytes[i]) << "the inputs do not differ at " << one.names[i];
    }
  }
  TemporaryFolder folder_;
  std::array<std::string, 2> files_;
};

constexpr char kLosslessH264[] = "x264enc pass=quant quantizer=0 key-int-max=2 ! h264parse";

PipelineDescription shipped(const std::string& name) {
  for (const auto& d : shipped_descriptions())
    if (name == d.name) return std::move(parse_description(d.text, d.name)).value();
  ADD_FAILURE() << name << " is not shipped";
  return {};
}

TEST_F(Leak, NothingOfAZoneInTheShippedFileDescriptionForEveryLosslessCoding) {
  make_inputs(".mp4", std::string(kLosslessH264) + " ! mp4mux");
  expect_no_leak(shipped("file.pipeline"), "mp4", 1);
  make_inputs(".mkv", "x265enc option-string=lossless=1 ! h265parse ! matroskamux");
  expect_no_leak(shipped("file.pipeline"), "mkv", 1);
  make_inputs(".avi", "videoconvert ! video/x-raw,format=I420 ! avimux");
  expect_no_leak(shipped("file.pipeline"), "avi", 1);
}

/// The decoding and masked parts of the live descriptions, fed from a file: only the source line is another.
TEST_F(Leak, NothingOfAZoneInTheLiveDescriptions) {
  make_inputs(".mkv", "jpegenc quality=100 ! matroskamux");
  for (const char* name : {"rtsp.pipeline", "v4l2.pipeline"}) {
    PipelineDescription live = shipped(name);
    live.source = "filesrc name=source";
    live.containers["mkv"] = "matroskademux";
    for (auto& [codec, elements] : live.codecs) {
      const auto depay = elements.find("depay ! ");
      if (depay != std::string::npos) elements = elements.substr(depay + 8);
    }
    make_inputs(".mkv", std::string(kLosslessH264) + " ! matroskamux");
    expect_no_leak(live, "mkv", 1);
  }
}

TEST_F(Leak, NothingOfAZoneAtPreviewAndSnapshotAtAnyScale) {
  make_inputs(".mp4", std::string(kLosslessH264) + " ! mp4mux");
  PipelineDescription branched = shipped("file.pipeline");
  branched.masked =
      "vgprivacymask name=mask ! tee name=t"
      "  t. ! queue max-size-buffers=0 ! appsink name=analysis"
      "  t. ! queue ! videoscale ! video/x-raw,width=96,height=56 ! jpegenc ! appsink name=preview"
      "  t. ! queue ! videoconvert ! pngenc ! appsink name=snapshot"
      // widths whose rows need no padding: padding bytes are left as they were and prove nothing
  "  t. ! queue ! videoscale method=nearest-neighbour ! video/x-raw,width=64,height=32 ! appsink name=thumb";
  expect_no_leak(branched, "mp4", 4);
}

TEST_F(Leak, NothingOfAZoneInWhatAnalysisReads) {
  make_inputs(".mp4", std::string(kLosslessH264) + " ! mp4mux");
  static const SystemClock clock;
  std::array<std::string, 2> read;
  for (int i : {0, 1}) {
    const auto mask = std::move(PrivacyMask::create({{{"zone", kZone}}, 0})).value();
    CameraConfig camera;
    camera.source.file = files_[i];
    OpenOptions options;
    options.pace = Pace::kAsFastAsPossible;
    auto source = std::move(open_source(camera, *mask, options)).value();
    LumaImage luma;
    BgrImage bgr;
    while (true) {
      auto frame = source->next(Millis{10000});
      ASSERT_TRUE(frame);
      if (!frame->has_value()) break;
      const auto masked = mask->apply(std::move(**frame));
      ASSERT_TRUE(masked) << masked.error().message();
      for (auto [width, height] : {std::pair{96, 56}, {64, 37}, {192, 112}}) {
        scale_luma(*masked, width, height, luma);
        scale_bgr(*masked, {20.5, 10.2, 150, 90}, width, height, bgr);
        read[i].append(luma.pixels.begin(), luma.pixels.end()).append(bgr.pixels.begin(), bgr.pixels.end());
      }
    }
  }
  EXPECT_FALSE(read[0].empty());
  EXPECT_TRUE(read[0] == read[1]);
}

}  // namespace
}  // namespace veilgate::media
