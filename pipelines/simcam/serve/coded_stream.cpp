#include "simcam/serve/coded_stream.h"

#include <algorithm>

namespace veilgate::simcam {

Result<std::unique_ptr<CodedStream>> CodedStream::create(OpenSource open, Encoder::Settings settings) {
  VG_TRY(auto source, open(settings.size));
  settings.size = source->size();
  VG_TRY(auto encoder, Encoder::create(settings));
  return std::unique_ptr<CodedStream>(
      new CodedStream(std::move(open), std::move(source), std::move(encoder)));
}

std::uint64_t CodedStream::in_period(std::uint64_t number) const {
  const std::uint64_t period = source_->period_frames();
  return period == 0 ? number : number % period;
}

bool CodedStream::complete(std::uint64_t group) const {
  const auto length = static_cast<std::uint64_t>(encoder_->settings().fps);
  const std::uint64_t period = source_->period_frames();
  const auto found = groups_.find(group);
  if (found == groups_.end()) return false;
  const std::uint64_t needed = period == 0 ? length : std::min(length, period - group * length);
  return found->second.size() == needed;
}

Result<CodedPicture> CodedStream::next(std::uint64_t number, const Faults& faults) {
  const auto length = static_cast<std::uint64_t>(encoder_->settings().fps);
  const std::uint64_t at = in_period(number);
  const bool group_begins = at % length == 0;
  const bool follows = number == expected_;
  expected_ = number + 1;
  if (group_begins) replaying_ = !faults.changes_picture() && complete(at / length);
  const bool interrupted = replaying_ && (faults.changes_picture() || !follows);
  if (interrupted) replaying_ = false;
  if (replaying_) {
    CodedPicture kept = groups_[at / length][at % length];
    kept.truth.number = number;
    kept.truth.scene_s = static_cast<double>(number) / static_cast<double>(length);
    return kept;
  }
  if (group_begins || !follows || faults.changes_picture()) recording_.clear();
  VG_TRY(CodedPicture coded,
         code(number, faults, group_begins || interrupted ? Encoder::Kind::kKeyframe : Encoder::Kind::kAny));
  if (!faults.changes_picture()) keep(at, coded);
  return coded;
}

void CodedStream::keep(std::uint64_t at, const CodedPicture& picture) {
  const auto length = static_cast<std::uint64_t>(encoder_->settings().fps);
  if (at % length != recording_.size()) return;  // the group's beginning is missing
  recording_.push_back(picture);
  const std::uint64_t period = source_->period_frames();
  if (recording_.size() == length || (period > 0 && at + 1 == period))
    groups_[at / length] = std::move(recording_);
  if (recording_.size() == length) recording_.clear();
}

Result<CodedPicture> CodedStream::code(std::uint64_t number, const Faults& faults, Encoder::Kind kind) {
  VG_TRY(FrameTruth truth, source_->picture(number, picture_));
  if (faults.freeze && !frozen_) last_.clear();
  frozen_ = faults.freeze;
  damage_picture(faults, size(), picture_, scratch_, last_);
  VG_TRY(AccessUnit unit, encoder_->encode(picture_, kind));
  return CodedPicture{std::move(unit), std::move(truth)};
}

Result<void> CodedStream::resize(PictureSize size) {
  VG_TRY(auto source, open_(size));
  Encoder::Settings settings = encoder_->settings();
  settings.size = source->size();
  VG_TRY(auto encoder, Encoder::create(settings));
  source_ = std::move(source);
  encoder_ = std::move(encoder);
  groups_.clear();
  recording_.clear();
  last_.clear();
  replaying_ = false;
  return {};
}

Result<void> CodedStream::recode(Codec codec) {
  Encoder::Settings settings = encoder_->settings();
  settings.codec = codec;
  VG_TRY(encoder_, Encoder::create(settings));
  groups_.clear();
  recording_.clear();
  replaying_ = false;
  return {};
}

Result<void> CodedStream::warm_up(std::uint64_t frames) {
  for (std::uint64_t n = 0; n < frames; ++n) {
    VG_TRY(const CodedPicture coded, next(n, Faults{}));
    (void)coded;  // it is the keeping that counts
  }
  expected_ = 0;
  return {};
}

}  // namespace veilgate::simcam
