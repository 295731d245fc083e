#include "detect/own_weights.h"

// The assembler copies the file; the build passes its folder as an include path and its SHA-256 as a
// definition.
__asm__(
    ".section .rodata\n"
    ".balign 16\n"
    "vg_own_weights_begin:\n"
    ".incbin \"face_detector.onnx\"\n"
    "vg_own_weights_end:\n"
    ".byte 0\n"
    ".previous\n");

extern "C" {
extern const unsigned char vg_own_weights_begin[] __attribute__((visibility("hidden")));
extern const unsigned char vg_own_weights_end[] __attribute__((visibility("hidden")));
}

namespace veilgate::surveillance {

ByteView own_weights() {
  return {vg_own_weights_begin, static_cast<std::size_t>(vg_own_weights_end - vg_own_weights_begin)};
}

std::string_view own_weights_sha256() { return VG_OWN_WEIGHTS_SHA256; }

}  // namespace veilgate::surveillance
