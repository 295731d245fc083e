#include "process/hardening.h"

#include <csignal>

#include <sys/prctl.h>
#include <sys/resource.h>

#include "core/assert.h"

#if defined(__has_feature)  // clang
#if __has_feature(address_sanitizer)
#define VG_UNDER_SANITIZER 1
#endif
#elif defined(__SANITIZE_ADDRESS__)  // gcc
#define VG_UNDER_SANITIZER 1
#endif

namespace veilgate::process {
namespace {
#ifdef VG_UNDER_SANITIZER
constexpr bool kUnderSanitizer = true;
#else
constexpr bool kUnderSanitizer = false;
#endif
}  // namespace

void forbid_memory_inspection() {
  const rlimit no_core{0, 0};
  VG_ASSERT(setrlimit(RLIMIT_CORE, &no_core) == 0);
  if (!kUnderSanitizer) VG_ASSERT(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);  // the leak checker needs ptrace
}

void forbid_new_privileges() { VG_ASSERT(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0); }

void ignore_broken_pipes() { std::signal(SIGPIPE, SIG_IGN); }

}  // namespace veilgate::process
