#include "media/pipeline_source.h"

#include <algorithm>

#include <gst/gst.h>

namespace veilgate::media {
namespace {

constexpr std::chrono::nanoseconds kAssumedStep = std::chrono::milliseconds{40};  // a stream without times: 25 fps

}  // namespace

Result<std::unique_ptr<FrameSource>> PipelineSource::create(PipelineParts parts, const OpenOptions& options,
                                                            AtEnd at_end) {
  std::unique_ptr<PipelineSource> source(new PipelineSource(std::move(parts), options, at_end));
  VG_CHECK(source->begin());
  return std::unique_ptr<FrameSource>(std::move(source));
}

PipelineSource::PipelineSource(PipelineParts parts, const OpenOptions& options, AtEnd at_end)
    : parts_(std::move(parts)), options_(options), at_end_(at_end) {}

Result<void> PipelineSource::begin() {
  VG_TRY(auto pipeline, GuardedPipeline::create(parts_));
  VG_CHECK(pipeline->start());
  const std::lock_guard lock(mutex_);
  pipeline_ = std::move(pipeline);
  pass_frames_ = 0;
  return {};
}

/// False: this pass gave no frame, so another would not either.
Result<bool> PipelineSource::begin_again() {
  if (pass_frames_ == 0) return false;
  pass_begin_ = last_media_ + (last_step_ > last_step_.zero() ? last_step_ : kAssumedStep);
  {
    const std::lock_guard lock(mutex_);
    const MaskCounters pass = pipeline_->counters();
    earlier_.decoded += pass.decoded;
    earlier_.refused += pass.refused;
    pipeline_.reset();
    parts_.first_number = earlier_.decoded;
  }
  VG_CHECK(begin());
  return true;
}

Result<std::optional<RawFrame>> PipelineSource::next(Millis timeout) {
  const FrameTimer timer = [this](const MaskStamp& stamp, auto media) { return time_of(stamp, media); };
  while (true) {
    VG_TRY(auto frame, pipeline_->pull(timeout, timer));
    if (frame) {
      note(frame->info());
      return frame;
    }
    if (const auto failed = pipeline_->failure()) return failed->error;
    if (!pipeline_->ended()) return frame;
    bool again = false;
    if (at_end_ == AtEnd::kBeginAgain) {
      VG_TRY(again, begin_again());
    }
    if (again) continue;
    const std::lock_guard lock(mutex_);
    status_.state = SourceState::kEnded;
    return frame;
  }
}

UtcTime PipelineSource::time_of(const MaskStamp& stamp, std::optional<std::chrono::nanoseconds> media) {
  const auto assumed = kAssumedStep * static_cast<std::int64_t>(stamp.number - parts_.first_number);
  const auto now_media = pass_begin_ + media.value_or(assumed);
  last_step_ = now_media - last_media_;
  last_media_ = now_media;
  if (options_.time_base == TimeBase::kMedia)
    return options_.media_start + std::chrono::duration_cast<Millis>(now_media);
  const auto age = parts_.clock->monotonic() - stamp.arrived;
  return parts_.clock->now() - std::chrono::duration_cast<Millis>(age);
}

void PipelineSource::note(const FrameInfo& info) {
  const std::lock_guard lock(mutex_);
  ++pass_frames_;
  ++delivered_;
  status_.width = info.width;
  status_.height = info.height;
  last_frame_ = info.arrived;
  const MaskCounters counters = pipeline_->counters();
  const std::uint64_t gone = delivered_ + earlier_.refused + counters.refused;  // refused may run ahead of us
  status_.frames_dropped = std::max(status_.frames_dropped, info.number + 1 - std::min(gone, info.number + 1));
  rate_.note(info.arrived, info.number);
}

SourceStatus PipelineSource::status() const {
  const std::lock_guard lock(mutex_);
  SourceStatus status = status_;
  if (pipeline_) {
    const MaskCounters counters = pipeline_->counters();
    status.codec = pipeline_->codec();
    status.frames = earlier_.decoded + counters.decoded;
    status.frames_refused = earlier_.refused + counters.refused;
    gint64 length = 0;
    if (gst_element_query_duration(pipeline_->element(), GST_FORMAT_TIME, &length) && length > 0)
      status.duration = std::chrono::duration_cast<Millis>(std::chrono::nanoseconds{length});
    if (const auto failed = pipeline_->failure()) {
      status.reason = failed->error.code() == ErrorCode::kUntrusted ? "mask_not_proven" : "input_unreadable";
      status.message = failed->error.message();
    }
  }
  if (last_frame_)
    status.last_frame_age = std::chrono::duration_cast<Millis>(parts_.clock->monotonic() - *last_frame_);
  if (status.state != SourceState::kEnded && last_frame_)
    status.state = *status.last_frame_age <= options_.online_limit ? SourceState::kOnline : SourceState::kLost;
  if (status.state == SourceState::kLost && status.reason.empty()) status.reason = "no_frames";
  status.fps = rate_.per_second();
  return status;
}

}  // namespace veilgate::media
