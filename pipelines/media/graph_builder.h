#pragma once
// Turning a description into GStreamer elements. Builds; does not judge (media/graph_guard.h does) and does not run.
// Internal to pipelines/media. Thread word: reentrant; one graph belongs to one caller at a time.

#include <string>
#include <vector>

#include "core/result.h"
#include "media/description.h"
#include "media/gstreamer.h"
#include "media/guarded_pipeline.h"

namespace veilgate::media {

struct GraphElements {
  Owned<GstElement> pipeline;
  Owned<GstElement> source;
  Owned<GstElement> mask;
  Owned<GstElement> analysis;
  std::vector<GstElement*> dynamic;   ///< elements whose pads appear later; borrowed from the pipeline
  GstElement* codec = nullptr;        ///< borrowed from the pipeline, once attached
};

/// Source, container and the masked part. Errors: kInvalidInput (text), kMissingPart (element not installed).
Result<GraphElements> build_static_part(const PipelineParts& parts);

/// Where the source's chain is still open, for sources whose pads exist from the beginning.
Result<Owned<GstPad>> open_end_of_source(const GraphElements& elements);

/// Puts the description's decoder for `codec` between `stream` and the mask; it is not started yet.
Result<void> attach_codec(GraphElements& elements, const PipelineDescription& description, const std::string& codec,
                          GstPad* stream);
void start_codec(const GraphElements& elements);

/// "h264", "h265", "mjpeg", "raw", the media type of another video codec ("video/x-vp9"), or "" when it is not video.
std::string codec_of_pad(GstPad* pad);
/// Opens the device and picks the first codec that both it and the description know.
Result<std::string> codec_of_device(GstElement* source, GstPad* pad, const PipelineDescription& description);

bool lies_in_opaque_bin(GstElement* element);

}  // namespace veilgate::media
