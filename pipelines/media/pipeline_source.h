#pragma once
// A FrameSource over one pipeline that needs no supervision: a file (again from the beginning with `loop`) or a local
// video device. Internal to pipelines/media. Thread word: next() is thread-bound, status() is thread-safe.

#include <memory>
#include <mutex>

#include "frame/frame_source.h"
#include "media/frame_rate.h"
#include "media/guarded_pipeline.h"
#include "media/open_source.h"

namespace veilgate::media {

enum class AtEnd { kStop, kBeginAgain };

class PipelineSource final : public FrameSource {
 public:
  /// `parts.clock` must be set. Builds the first pipeline, so that a wrong file or description is an error here.
  static Result<std::unique_ptr<FrameSource>> create(PipelineParts parts, const OpenOptions& options, AtEnd at_end);

  Result<std::optional<RawFrame>> next(Millis timeout) override;
  SourceStatus status() const override;

 private:
  PipelineSource(PipelineParts parts, const OpenOptions& options, AtEnd at_end);
  Result<void> begin();
  Result<bool> begin_again();
  UtcTime time_of(const MaskStamp& stamp, std::optional<std::chrono::nanoseconds> media);
  void note(const FrameInfo& info);

  PipelineParts parts_;
  OpenOptions options_;
  AtEnd at_end_;
  std::chrono::nanoseconds pass_begin_{0};  // media time at which this pass through the file began
  std::chrono::nanoseconds last_media_{0};
  std::chrono::nanoseconds last_step_{0};
  std::uint64_t pass_frames_ = 0;
  mutable std::mutex mutex_;                // everything below, and replacing pipeline_
  std::unique_ptr<GuardedPipeline> pipeline_;
  SourceStatus status_;
  MaskCounters earlier_;                    // of the passes before this one
  std::uint64_t delivered_ = 0;
  std::optional<MonoTime> last_frame_;
  FrameRate rate_;
};

}  // namespace veilgate::media
