#include "simcam/serve/render_file.h"

#include <filesystem>
#include <memory>
#include <vector>

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#include "simcam/serve/truth_file.h"

namespace veilgate::simcam {
namespace {

enum class Container { kMp4, kMatroska, kFolder };

Container container_of(const std::string& output) {
  const std::string extension = std::filesystem::path(output).extension();
  return extension == ".mp4"   ? Container::kMp4
         : extension == ".mkv" ? Container::kMatroska
                               : Container::kFolder;
}

std::string pipeline_for(const RenderOrder& order) {
  const std::string size = "width=" + std::to_string(order.lobby.size.width) +
                           ",height=" + std::to_string(order.lobby.size.height);
  const std::string head =
      "appsrc name=in format=time block=true max-buffers=4 caps=video/x-raw,format=I420," + size +
      ",framerate=" + std::to_string(order.lobby.fps) + "/1,colorimetry=bt601 ! ";
  switch (container_of(order.output)) {
    case Container::kMp4:
      return head +
             (order.fidelity == Fidelity::kLossless
                  ? "x264enc pass=quant quantizer=0 speed-preset=veryfast"
                  : "x264enc pass=quant quantizer=21 speed-preset=veryfast key-int-max=30 bframes=0") +
             " ! h264parse ! mp4mux ! filesink name=out";
    case Container::kMatroska:
      return head + "avenc_ffv1 ! matroskamux ! filesink name=out";
    case Container::kFolder:
      return head + "videoconvert ! pngenc compression-level=3 ! multifilesink name=out";
  }
  return {};
}

struct Unref {
  void operator()(GstElement* element) const {
    gst_element_set_state(element, GST_STATE_NULL);
    gst_object_unref(element);
  }
};
using Pipeline = std::unique_ptr<GstElement, Unref>;

Result<Pipeline> open_pipeline(const RenderOrder& order) {
  GError* error = nullptr;
  Pipeline pipeline(gst_parse_launch(pipeline_for(order).c_str(), &error));
  if (error != nullptr) {
    const std::string message = error->message;
    g_error_free(error);
    return Error(ErrorCode::kMissingPart, message);
  }
  std::string location = order.output;
  if (container_of(order.output) == Container::kFolder) {
    std::error_code failed;
    std::filesystem::create_directories(order.output, failed);
    if (failed) return Error(ErrorCode::kPermission, "cannot make " + order.output + ": " + failed.message());
    location += "/frame_%05d.png";
  }
  GstElement* out = gst_bin_get_by_name(GST_BIN(pipeline.get()), "out");
  g_object_set(out, "location", location.c_str(), nullptr);
  gst_object_unref(out);
  if (gst_element_set_state(pipeline.get(), GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    return Error(ErrorCode::kPermission, "cannot write " + order.output);
  return pipeline;
}

Result<void> finish(GstElement* pipeline, const std::string& output) {
  GstBus* bus = gst_element_get_bus(pipeline);
  const auto awaited = static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  GstMessage* message = gst_bus_timed_pop_filtered(bus, 60 * GST_SECOND, awaited);
  const bool good = message != nullptr && GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS;
  if (message != nullptr) gst_message_unref(message);
  gst_object_unref(bus);
  if (!good) return Error(ErrorCode::kUnavailable, "writing " + output + " failed");
  return {};
}

}  // namespace

std::string mot_file_of(const std::string& output) {
  if (container_of(output) == Container::kFolder) return output + "/gt.txt";
  return output.substr(0, output.size() - 4) + "_gt.txt";
}

Result<void> render_to_file(const RenderOrder& order) {
  gst_init(nullptr, nullptr);
  VG_TRY(auto scene, LobbyScene::create(order.lobby));
  VG_TRY(Pipeline pipeline, open_pipeline(order));
  VG_TRY(auto mot, MotFile::create(mot_file_of(order.output)));
  std::unique_ptr<TruthLines> lines;
  if (!order.ground_truth.empty()) {
    VG_TRY(lines, TruthLines::create(order.ground_truth, order.lobby.size));
  }
  GstElement* in = gst_bin_get_by_name(GST_BIN(pipeline.get()), "in");
  const std::unique_ptr<GstElement, void (*)(GstElement*)> release(
      in, [](GstElement* e) { gst_object_unref(e); });
  for (std::uint64_t n = 0; n < order.frames; ++n) {
    GstBuffer* buffer = gst_buffer_new_allocate(nullptr, scene->frame_bytes(), nullptr);
    GstMapInfo map;
    VG_ASSERT(gst_buffer_map(buffer, &map, GST_MAP_WRITE));
    FrameTruth truth = scene->render(order.first_frame + n, map.data);
    gst_buffer_unmap(buffer, &map);
    GST_BUFFER_PTS(buffer) = n * GST_SECOND / static_cast<std::uint64_t>(order.lobby.fps);
    GST_BUFFER_DURATION(buffer) = GST_SECOND / static_cast<std::uint64_t>(order.lobby.fps);
    truth.number = n;
    mot->write(truth);
    if (lines)
      lines->write(truth, UtcTime{Millis{n * 1000 / static_cast<std::uint64_t>(order.lobby.fps)}}, "");
    if (gst_app_src_push_buffer(GST_APP_SRC(in), buffer) != GST_FLOW_OK)
      return Error(ErrorCode::kUnavailable, "writing " + order.output + " failed");
  }
  gst_app_src_end_of_stream(GST_APP_SRC(in));
  return finish(pipeline.get(), order.output);
}

}  // namespace veilgate::simcam
