#pragma once
// The elements that a pipeline description may use, and what each may do there. What is not listed is refused: that
// keeps out everything that writes, sends, records or runs code, whatever plugins a machine happens to have.
// Thread word: reentrant.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace veilgate::media {

enum class ElementRole {
  kSource,     ///< where undecoded data comes from; exactly one
  kStep,       ///< demultiplexing, depayloading, parsing, decoding, converting, queueing: anywhere
  kMask,       ///< exactly one
  kAfterMask,  ///< picture encoders: only behind the mask
  kSink,       ///< appsink: only behind the mask
  kBin,        ///< a container; its contents are judged
};

std::optional<ElementRole> element_role(std::string_view factory);
/// A bin of GStreamer's own whose insides are not judged: what comes out of its pads is.
bool is_opaque(std::string_view factory);
/// The Debian package that brings an allowed element; empty when it is not known.
std::string package_of(std::string_view factory);
/// All allowed element types, sorted; for the integrator guide and error messages.
std::vector<std::string> allowed_elements();

}  // namespace veilgate::media
