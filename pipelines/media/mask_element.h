#pragma once
// `vgprivacymask`, the element at the only entrance: it stands right behind the decoder, before any branch, and paints
// the privacy zones. It fails closed: no mask bound, unknown format, another size than negotiated, a buffer that
// cannot be mapped or is too short, a mask that refuses: the frame is dropped and counted. (GstVideoFilter, the usual
// base class, lets the unmasked buffer travel on when mapping fails; so this is a plain GstBaseTransform.)
//
// The only full copy of a frame on its way to analysis happens here, once, into a pooled buffer: the decoder keeps
// references to its pictures, so they must not be written into. Without anything to paint there is no copy.
//
// Every frame that passed carries a stamp; a frame without one at the end of a pipeline never saw the mask.
//
// Thread word: bind_mask() before the pipeline runs; the counters are thread-safe.

#include <cstdint>
#include <optional>
#include <string>

#include <gst/gst.h>

#include "core/clock.h"
#include "frame/privacy_mask.h"

namespace veilgate::media {

inline constexpr char kMaskElement[] = "vgprivacymask";

bool register_mask_element();

/// Mask and clock are borrowed and must outlive the element. An element without a mask drops every frame.
/// `first_number` is the number of the first frame that comes in.
void bind_mask(GstElement* element, PrivacyMask& mask, const Clock& clock, std::uint64_t first_number = 0);
/// From now on every frame is dropped: the graph around the mask is in doubt.
void close_mask(GstElement* element);

bool is_mask(GstElement* element);
/// Bound, and not switched to pass buffers through untouched.
bool mask_is_effective(GstElement* element);

struct MaskCounters {
  std::uint64_t decoded = 0;  ///< frames that came in
  std::uint64_t refused = 0;  ///< dropped, fail closed
  std::uint64_t copied = 0;   ///< full-frame copies
  std::optional<MonoTime> last_decoded;  ///< when the newest frame came in that was not refused
};
MaskCounters mask_counters(GstElement* element);

/// The format last offered that the mask does not know ("I420_10LE"); empty: none was.
std::string refused_format(GstElement* element);

struct MaskStamp {
  std::uint64_t number = 0;  ///< first_number + count of frames that came in before it
  MonoTime arrived{};
};
std::optional<MaskStamp> mask_stamp(GstBuffer* buffer);

}  // namespace veilgate::media
