#pragma once
// The privacy mask: solid black over configured polygons, in every plane, rounded outward to chroma samples and
// widened by a margin because a camera's own codec smears zone pixels outward. It fails closed: what it cannot cover
// or prove, it refuses.
//
// Two uses of the same object inside one camera worker:
//   paint()  by the media element right behind the decoder, on writable memory, so that no branch of the pipeline
//            ever carries an uncovered pixel;
//   apply()  by the lane, at the only way from RawFrame to MaskedFrame: it *proves* that every sample of every zone
//            is the mask colour (about the cost of painting) and refuses the frame otherwise.
//
// Source: design.md section 5; ONVIF Media2 privacy mask type "Color". Thread word: thread-safe; paint and apply may
// run in different threads, cover_everything() takes effect with the next frame.

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/geometry.h"
#include "core/result.h"
#include "frame/frame.h"

namespace veilgate {

/// One writable plane, same meaning as Plane.
struct WritablePlane {
  std::uint8_t* data = nullptr;
  int stride = 0;
  int rows = 0;
  int row_bytes = 0;
};

struct MaskZone {
  std::string id;
  Polygon polygon;  ///< relative coordinates, 0…1; at least three points
};

class PrivacyMask {
 public:
  struct Settings {
    std::vector<MaskZone> zones;
    int margin_px = 16;  ///< widening at decoded size, luma pixels, ≥ 0
  };

  /// Refuses polygons with fewer than three points, outside 0…1, or not finite.
  static Result<std::unique_ptr<PrivacyMask>> create(Settings settings);
  ~PrivacyMask();

  /// False when there is nothing to cover now: then a media element may let the buffer pass without a copy.
  bool needs_painting() const;

  /// Covers the zones in place. An error means: drop this frame, nothing of it may travel on.
  Result<void> paint(int width, int height, PixelFormat format, std::array<WritablePlane, 3>& planes, int plane_count);

  /// The only source of MaskedFrame. Refuses a frame in which any zone sample is not the mask colour.
  Result<MaskedFrame> apply(RawFrame&& raw);

  /// Covers the whole picture from the next frame on (view shifted, PTZ away from its preset, mask in doubt).
  void cover_everything(bool whole);
  bool covers_everything() const;

  /// Changes with every change of zones, margin or whole-frame state; for status and evidence.
  std::string revision() const;

 private:
  struct Plan;  // per size and format: the byte spans of every plane
  explicit PrivacyMask(Settings settings);
  Result<std::shared_ptr<const Plan>> plan_for(int width, int height, PixelFormat format);

  Settings settings_;
  std::atomic<bool> whole_{false};
  std::mutex mutex_;
  std::shared_ptr<const Plan> plan_;  // of the last size, format and whole-frame state
};

}  // namespace veilgate
