#include <cstdio>
#include <cstdlib>

#include "core/assert.h"
#include "core/result.h"

namespace veilgate {

void assertion_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "veilgate: broken invariant '%s' at %s:%d, ending the process\n", condition, file, line);
  std::abort();
}

const char* to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidInput: return "invalid_input";
    case ErrorCode::kNotFound: return "not_found";
    case ErrorCode::kPermission: return "permission";
    case ErrorCode::kUnavailable: return "unavailable";
    case ErrorCode::kExhausted: return "exhausted";
    case ErrorCode::kCorrupt: return "corrupt";
    case ErrorCode::kUntrusted: return "untrusted";
    case ErrorCode::kMissingPart: return "missing_part";
    case ErrorCode::kInternal: return "internal";
  }
  return "internal";
}

}  // namespace veilgate
