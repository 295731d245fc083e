// The planted cases: every way round the mask that a description could hold is refused, and the message names the
// element.
#include "media/graph_guard.h"

#include "media/gstreamer.h"

#include <gst/base/gstbasetransform.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/description.h"
#include "media/element_roles.h"
#include "media/file_kind.h"
#include "media/graph_builder.h"
#include "media/guarded_pipeline.h"
#include "test_videos.h"

namespace veilgate::media {
namespace {

using ::testing::HasSubstr;

const SystemClock kClock;
constexpr char kMasked[] = "vgprivacymask name=mask ! appsink name=analysis";
constexpr char kSource[] = "videotestsrc num-buffers=3 name=source";

class Planted : public ::testing::Test {
 protected:
  Planted() : mask_(test::no_zones()) {}

  Result<std::unique_ptr<GuardedPipeline>> build(const std::string& source, const std::string& codec,
                                                 const std::string& masked) {
    PipelineParts parts;
    parts.description = {"planted.pipeline", source, {}, {{"raw", codec}}, masked};
    parts.mask = mask_.get();
    parts.clock = &kClock;
    return GuardedPipeline::create(std::move(parts));
  }
  void expect_refused(const std::string& source, const std::string& codec, const std::string& masked,
                      const std::string& element, const std::string& why) {
    const auto made = build(source, codec, masked);
    ASSERT_FALSE(made) << source << " / " << codec << " / " << masked;
    EXPECT_EQ(made.error().code(), ErrorCode::kUntrusted) << made.error().message();
    EXPECT_THAT(made.error().message(), HasSubstr(element));
    EXPECT_THAT(made.error().message(), HasSubstr(why));
  }
  std::unique_ptr<PrivacyMask> mask_;
};

TEST_F(Planted, AHonestPipelinePasses) {
  const auto made = build(kSource, "videoconvert", kMasked);
  ASSERT_TRUE(made) << made.error().message();
}

TEST_F(Planted, SeveralBranchesBehindTheMaskPass) {
  const auto made = build(kSource, "videoconvert",
                          "vgprivacymask name=mask ! tee name=t  t. ! queue ! appsink name=analysis"
                          "  t. ! queue ! videoscale ! jpegenc ! appsink name=preview  t. ! queue ! appsink name=snapshot");
  ASSERT_TRUE(made) << made.error().message();
}

TEST_F(Planted, TeeBeforeTheMaskToAnAllowedSink) {
  expect_refused(kSource, "videoconvert ! tee name=t t. ! queue ! appsink name=leak t. ! queue", kMasked,
                 "leak (appsink)", "did not pass the privacy mask");
}

TEST_F(Planted, TeeBeforeTheMaskWithAnOpenBranch) {
  expect_refused(kSource, "tee name=t t. ! queue name=open max-size-buffers=1 t. ! videoconvert ! queue name=on",
                 kMasked, "queue", "");
}

TEST_F(Planted, BranchBeforeTheDecoder) {
  expect_refused("videotestsrc name=source ! tee name=early  early. ! queue ! appsink name=leak  early. ! queue",
                 "videoconvert", kMasked, "leak (appsink)", "");
}

TEST_F(Planted, AStepThatMovesThePictureUnderTheMask) {
  expect_refused(kSource, "videoconvert ! videoscale name=stretch", kMasked, "stretch (videoscale)", "");
}

TEST_F(Planted, DepayToFilesink) {
  PipelineParts parts;
  parts.description = *parse_description(
      "source: rtspsrc name=source\n"
      "codec.h264: rtph264depay ! tee name=t t. ! queue ! filesink name=disk location=/nowhere/x t. ! queue "
      "! h264parse ! avdec_h264\nmasked: vgprivacymask name=mask ! appsink name=analysis\n",
      "planted");
  parts.mask = mask_.get();
  parts.clock = &kClock;
  auto made = GuardedPipeline::create(parts);
  ASSERT_TRUE(made) << "rtspsrc has no pads yet";
  // What the pad handler does as soon as a stream appears:
  GraphElements elements = std::move(build_static_part(parts)).value();
  bind_mask(elements.mask.get(), *mask_, kClock);
  const Owned<GstPad> stream(gst_pad_new("stream", GST_PAD_SRC));
  const auto attached = attach_codec(elements, parts.description, "h264", stream.get());
  const auto proof = prove_every_path_is_masked(elements.pipeline.get());
  ASSERT_FALSE(proof);
  EXPECT_THAT(proof.error().message(), HasSubstr("disk (filesink) is of a type that is not allowed"));
}

TEST_F(Planted, ABinHidingASink) {
  expect_refused(kSource, "bin.( videoconvert ! tee name=t t. ! queue ! fakesink name=hidden t. ! queue )", kMasked,
                 "hidden (fakesink)", "not allowed");
  expect_refused(kSource, "bin.( videoconvert ! tee name=t t. ! queue ! appsink name=hidden t. ! queue )", kMasked,
                 "hidden (appsink)", "did not pass");
}

TEST_F(Planted, ASecondSource) {
  expect_refused(kSource, "videoconvert",
                 std::string(kMasked) + "  videotestsrc name=other ! queue ! appsink name=leak", "other (videotestsrc)",
                 "second source");
}

TEST_F(Planted, MaskMissing) {
  expect_refused(kSource, "videoconvert", "appsink name=analysis", "'mask'", "no element named");
  expect_refused(kSource, "videoconvert", "queue name=mask ! appsink name=analysis", "mask (queue)",
                 "no vgprivacymask");
}

TEST_F(Planted, ASinkBesideTheMask) {
  expect_refused(kSource, "videoconvert", std::string(kMasked) + "  appsink name=lonely", "lonely (appsink)",
                 "no path");
}

TEST_F(Planted, UnknownElementBehindTheMaskToo) {
  expect_refused(kSource, "videoconvert", "vgprivacymask name=mask ! tee name=t t. ! queue ! appsink name=analysis t. "
                 "! queue ! identity name=spy dump=true ! appsink name=x", "spy (identity)", "not allowed");
}

TEST_F(Planted, EncoderBeforeTheMask) {
  expect_refused(kSource, "videoconvert ! jpegenc name=early ! jpegdec ! videoconvert", kMasked, "early (jpegenc)",
                 "behind the privacy mask");
}

TEST_F(Planted, MaskSetToPassThrough) {
  auto made = build(kSource, "videoconvert", kMasked);
  ASSERT_TRUE(made);
  const Owned<GstElement> mask(gst_bin_get_by_name(GST_BIN((*made)->element()), "mask"));
  EXPECT_TRUE(prove_every_path_is_masked((*made)->element()));
  gst_base_transform_set_passthrough(reinterpret_cast<GstBaseTransform*>(mask.get()), TRUE);
  const auto proof = prove_every_path_is_masked((*made)->element());
  ASSERT_FALSE(proof);
  EXPECT_THAT(proof.error().message(), HasSubstr("mask (vgprivacymask) is not in force"));
}

TEST_F(Planted, MaskRemovedLaterStopsTheFrames) {
  auto made = build("videotestsrc is-live=true name=source", "videoconvert", kMasked);
  ASSERT_TRUE(made);
  ASSERT_TRUE((*made)->start());
  const FrameTimer timer = [](const MaskStamp&, auto) { return UtcTime{}; };
  ASSERT_TRUE((*made)->pull(Millis{5000}, timer)->has_value());

  GstElement* pipeline = (*made)->element();
  const Owned<GstElement> mask(gst_bin_get_by_name(GST_BIN(pipeline), "mask"));
  const Owned<GstElement> sink(gst_bin_get_by_name(GST_BIN(pipeline), "analysis"));
  const Owned<GstPad> in(gst_element_get_static_pad(mask.get(), "sink"));
  const Owned<GstPad> decoded(gst_pad_get_peer(in.get()));
  gst_bin_remove(GST_BIN(pipeline), mask.get());
  const Owned<GstPad> to(gst_element_get_static_pad(sink.get(), "sink"));
  gst_pad_link(decoded.get(), to.get());
  for (int i = 0; i < 5; ++i) {
    const auto frame = (*made)->pull(Millis{200}, timer);
    ASSERT_TRUE(!frame || !frame->has_value()) << "a frame came out of a pipeline without mask";
  }
  ASSERT_TRUE((*made)->failure());
  EXPECT_EQ((*made)->failure()->error.code(), ErrorCode::kUntrusted);
  gst_element_set_state(mask.get(), GST_STATE_NULL);
}

TEST_F(Planted, AWayRoundTheMaskMadeByRelinkingIsSeenByTheMissingStamp) {
  // No element comes or goes, so no signal tells: a second decoder branch is linked straight to the sink.
  auto made = build("videotestsrc is-live=true name=source", "videoconvert", kMasked);
  ASSERT_TRUE(made);
  GstElement* pipeline = (*made)->element();
  const Owned<GstElement> mask(gst_bin_get_by_name(GST_BIN(pipeline), "mask"));
  const Owned<GstElement> sink(gst_bin_get_by_name(GST_BIN(pipeline), "analysis"));
  const Owned<GstPad> in(gst_element_get_static_pad(mask.get(), "sink"));
  const Owned<GstPad> out(gst_element_get_static_pad(mask.get(), "src"));
  const Owned<GstPad> to(gst_element_get_static_pad(sink.get(), "sink"));
  const Owned<GstPad> decoded(gst_pad_get_peer(in.get()));
  gst_pad_unlink(decoded.get(), in.get());
  gst_pad_unlink(out.get(), to.get());
  ASSERT_EQ(gst_pad_link(decoded.get(), to.get()), GST_PAD_LINK_OK);
  ASSERT_TRUE((*made)->start());
  const auto frame = (*made)->pull(Millis{5000}, [](const MaskStamp&, auto) { return UtcTime{}; });
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().code(), ErrorCode::kUntrusted);
}

TEST(ShippedDescriptions, ExistForEverySourceAndPassTheGuard) {
  ASSERT_TRUE(start_gstreamer());
  const auto mask = test::no_zones();
  test::TemporaryFolder folder;
  int judged = 0;
  for (const auto& shipped : shipped_descriptions()) {
    const auto description = parse_description(shipped.text, shipped.name);
    ASSERT_TRUE(description) << description.error().message();
    for (const auto& [codec, elements] : description->codecs) {
      PipelineParts parts;
      parts.description = *description;
      parts.mask = mask.get();
      parts.clock = &kClock;
      if (!description->containers.empty()) parts.container = description->containers.begin()->first;
      auto made = build_static_part(parts);
      ASSERT_TRUE(made) << shipped.name << ": " << made.error().message();
      bind_mask(made->mask.get(), *mask, kClock);
      const bool pads_later = !made->dynamic.empty();
      ASSERT_EQ(prove_every_path_is_masked(made->pipeline.get()).has_value(), pads_later) << shipped.name;
      Owned<GstPad> stream(GST_PAD(gst_object_ref_sink(gst_pad_new("stream", GST_PAD_SRC))));
      if (made->dynamic.empty()) stream = std::move(open_end_of_source(*made)).value();
      const auto attached = attach_codec(*made, *description, codec, stream.get());
      ASSERT_TRUE(attached) << shipped.name << " " << codec << ": " << attached.error().message();
      if (!pads_later) {
        const auto proof = prove_every_path_is_masked(made->pipeline.get());
        ASSERT_TRUE(proof) << shipped.name << " " << codec << ": " << proof.error().message();
      }
      ++judged;
    }
  }
  EXPECT_GE(judged, 10);
}

TEST(Description, NamesTheLineOfAMistake) {
  const auto wrong = [](const std::string& text) {
    const auto parsed = parse_description(text, "x.pipeline");
    return parsed ? std::string() : parsed.error().message();
  };
  EXPECT_THAT(wrong("# c\nsurce: filesrc"), HasSubstr("x.pipeline:2: unknown key 'surce'"));
  EXPECT_THAT(wrong("source: a\nsource: b"), HasSubstr("x.pipeline:2: 'source' stands a second time"));
  EXPECT_THAT(wrong("source: a\ncodec.raw: b"), HasSubstr("'masked:' is missing"));
  EXPECT_THAT(wrong("  goes on"), HasSubstr("x.pipeline:1: a continuation"));
  const auto good = parse_description("source: a !\n  b\ncodec.raw:\nmasked: c", "x");
  ASSERT_TRUE(good);
  EXPECT_EQ(good->source, "a ! b");
}

}  // namespace
}  // namespace veilgate::media
