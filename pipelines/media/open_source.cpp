#include "media/open_source.h"

#include "media/file_kind.h"
#include "media/gstreamer.h"
#include "media/pipeline_source.h"
#include "media/rtsp_source.h"

namespace veilgate::media {
namespace {

const Clock& machine_clock() {
  static const SystemClock clock;
  return clock;
}

std::function<Result<void>(GstElement*)> set_property(const char* property, const std::string& value) {
  return [property, value](GstElement* source) -> Result<void> {
    if (!g_object_class_find_property(G_OBJECT_GET_CLASS(source), property))
      return Error(ErrorCode::kInvalidInput, describe(source) + " has no property '" + property + "'");
    g_object_set(source, property, value.c_str(), nullptr);
    return {};
  };
}

Result<PipelineParts> parts_for(const CameraConfig& camera, PrivacyMask& mask, const OpenOptions& options) {
  PipelineParts parts;
  VG_TRY(parts.description, description_for(camera.source));
  parts.mask = &mask;
  parts.clock = options.clock ? options.clock : &machine_clock();
  parts.pace = options.pace;
  return parts;
}

Result<std::unique_ptr<FrameSource>> open_file(const CameraConfig& camera, PrivacyMask& mask,
                                               const OpenOptions& options) {
  VG_TRY(PipelineParts parts, parts_for(camera, mask, options));
  VG_TRY(const FileKind kind, kind_of_file(camera.source.file));
  parts.container = kind.container;
  parts.codec = kind.codec;
  parts.configure = set_property("location", camera.source.file);
  return PipelineSource::create(std::move(parts), options, camera.source.loop ? AtEnd::kBeginAgain : AtEnd::kStop);
}

Result<std::unique_ptr<FrameSource>> open_v4l2(const CameraConfig& camera, PrivacyMask& mask,
                                               const OpenOptions& options) {
  VG_TRY(PipelineParts parts, parts_for(camera, mask, options));
  parts.configure = set_property("device", camera.source.v4l2);
  return PipelineSource::create(std::move(parts), options, AtEnd::kStop);
}

}  // namespace

Result<std::unique_ptr<FrameSource>> open_source(const CameraConfig& camera, PrivacyMask& mask,
                                                 const OpenOptions& options) {
  if (!camera.source.file.empty()) return open_file(camera, mask, options);
  if (!camera.source.v4l2.empty()) return open_v4l2(camera, mask, options);
  if (!camera.source.rtsp.empty()) return RtspSource::create(camera, mask, options);
  return Error(ErrorCode::kInvalidInput, "camera '" + camera.id.get() + "' has no source that can be opened");
}

}  // namespace veilgate::media
