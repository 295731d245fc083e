#pragma once
// VG_ASSERT(condition): a broken invariant ends the process, in release builds too; the supervisor starts a clean
// one. For expected failures use Result. Thread word: thread-safe.

namespace veilgate {
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;
}

#define VG_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::veilgate::assertion_failed(#condition, __FILE__, __LINE__))
