#pragma once
// One running GStreamer pipeline, built from a description and judged by the graph guard: before it starts, whenever
// a pad appears (the new pad is held by a blocking probe until the proof stands), and whenever an element comes or
// goes. A proof that fails closes the mask at once: nothing passes any more, and failure() says why.
//
// Restarting means making a new one; supervision is the caller's. Internal to pipelines/.
//
// Thread word: create, start, pull and the destructor are thread-bound; counters(), codec(), failure() and ended() are
// thread-safe. GStreamer's own threads call back into it under its lock.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "frame/frame.h"
#include "frame/privacy_mask.h"
#include "media/description.h"
#include "media/mask_element.h"
#include "media/open_source.h"

namespace veilgate::media {

/// What GStreamer reported, for a caller that sorts failures; `error` is ready for people and holds no address.
struct PipelineFailure {
  Error error;
  std::string domain;   ///< "gst-resource-error-quark" …; empty when the guard refused
  int code = 0;         ///< of that domain
  std::string element;  ///< factory name of the reporting element
};

struct PipelineParts {
  PipelineDescription description;
  std::string container;           ///< which `container.` line; empty: the source gives streams itself
  std::string codec;               ///< which `codec.` line; empty: from the stream's caps
  PrivacyMask* mask = nullptr;     ///< borrowed
  const Clock* clock = nullptr;    ///< borrowed
  Pace pace = Pace::kLive;
  std::uint64_t first_number = 0;  ///< of the first frame: frames are counted on over restarts
  /// Sets address, credentials and the like on the element named "source", before anything runs.
  std::function<Result<void>(GstElement* source)> configure;
};

/// Gives a frame its time; `media` is the position in the stream, absent when the stream does not say.
using FrameTimer = std::function<UtcTime(const MaskStamp& stamp, std::optional<std::chrono::nanoseconds> media)>;

class GuardedPipeline {
 public:
  static Result<std::unique_ptr<GuardedPipeline>> create(PipelineParts parts);
  ~GuardedPipeline();

  Result<void> start();
  /// The next frame of the branch named "analysis", or no value (ended(), failure(), or simply none yet).
  Result<std::optional<RawFrame>> pull(Millis timeout, const FrameTimer& timer);

  bool ended() const;
  std::optional<PipelineFailure> failure() const;
  MaskCounters counters() const;
  std::string codec() const;  ///< "h264" | "h265" | "mjpeg" | "raw" | ""

  GstElement* element() const;  ///< the pipeline, for tests and for reading properties; borrowed

 private:
  class Graph;
  explicit GuardedPipeline(std::unique_ptr<Graph> graph);
  std::unique_ptr<Graph> graph_;
};

}  // namespace veilgate::media
