#pragma once
// Base64 with padding (RFC 4648 section 4), for the JPEG of a face crop in JSON. Thread word: reentrant.

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/result.h"

namespace veilgate::surveillance {

std::string to_base64(ByteView bytes);
/// Refuses anything but canonical text: alphabet, padding, no spare bits set.
Result<Bytes> from_base64(std::string_view text);

}  // namespace veilgate::surveillance
