#pragma once
// Pictures coded in groups of one second. What was coded once without a fault is kept and served again when
// the scene or the video begins anew, so that after its first round a camera costs next to nothing, however
// many clients it has. Thread word: thread-bound.

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "core/result.h"
#include "simcam/serve/encoder.h"
#include "simcam/serve/picture_source.h"

namespace veilgate::simcam {

struct CodedPicture {
  AccessUnit unit;
  FrameTruth truth;
};

class CodedStream {
 public:
  using OpenSource = std::function<Result<std::unique_ptr<PictureSource>>(PictureSize)>;
  /// `settings.size` may be corrected by the source.
  static Result<std::unique_ptr<CodedStream>> create(OpenSource open, Encoder::Settings settings);

  /// Picture `number`; numbers go up by one, or skip ahead after a stall.
  Result<CodedPicture> next(std::uint64_t number, const Faults& faults);

  Result<void> resize(PictureSize size);
  Result<void> recode(Codec codec);
  PictureSize size() const { return encoder_->settings().size; }
  Codec codec() const { return encoder_->settings().codec; }
  std::uint64_t period_frames() const { return source_->period_frames(); }
  /// Codes everything up to `frames` now.
  Result<void> warm_up(std::uint64_t frames);

 private:
  CodedStream(OpenSource open, std::unique_ptr<PictureSource> source, std::unique_ptr<Encoder> encoder)
      : open_(std::move(open)), source_(std::move(source)), encoder_(std::move(encoder)) {}
  Result<CodedPicture> code(std::uint64_t number, const Faults& faults, Encoder::Kind kind);
  std::uint64_t in_period(std::uint64_t number) const;
  bool complete(std::uint64_t group) const;
  void keep(std::uint64_t at, const CodedPicture& picture);

  OpenSource open_;
  std::unique_ptr<PictureSource> source_;
  std::unique_ptr<Encoder> encoder_;
  std::map<std::uint64_t, std::vector<CodedPicture>> groups_;  // by number of the group
  std::vector<CodedPicture> recording_;  // the group under way; empty = not worth keeping
  bool replaying_ = false;
  bool frozen_ = false;
  std::uint64_t expected_ = 0;  // the number that continues what the encoder knows
  std::vector<std::uint8_t> picture_, scratch_, last_;
};

}  // namespace veilgate::simcam
