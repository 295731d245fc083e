#pragma once
// Known-answer self-tests (R-083; GM/T 0028 pre-operational self-tests). They run once per process, before
// the first key is made or loaded; when one fails the process is in the error state for the rest of its life:
// no key can be loaded, nothing is sealed or opened, so no traffic flows.
//
// Vectors: SM3 GB/T 32905 A.1 and A.2; HMAC-SM3 and HKDF-SM3 against the definition in RFC 2104/5869; SM4
// GB/T 32907 A.1; SM4-GCM RFC 8998 A.1; SM2 signature GM/T 0003.5 A.2 (verify) and a pairwise sign/verify;
// SM2 encryption GM/T 0003.5 C.2 key (decrypt of a fixed ciphertext) and a round trip; DRBG a NIST CAVS
// CTR_DRBG AES-128 vector with prediction resistance. Thread word: thread-safe.

#include <string>
#include <vector>

#include "core/result.h"

namespace veilgate {

enum class SelfTest { kSm3, kHmacSm3, kSm4, kSm4Gcm, kSm2Sign, kSm2Encrypt, kDrbg };
const char* to_string(SelfTest test);  ///< "sm3", "hmac_sm3" …

/// Runs the tests if this process has not yet; afterwards answers from memory. kInternal, naming the failed
/// tests.
Result<void> require_self_tests();

/// What failed; empty when all passed or none has run.
std::vector<SelfTest> failed_self_tests();

/// For tests of the error state: the next run sees a corrupted answer of this test. Also set by the
/// environment variable VEILGATE_SELF_TEST_FAULT=<name>, so that an inspector can watch a process refuse to
/// start. It can only break, never mend: a failed test stays failed.
void inject_self_test_fault(SelfTest test);

}  // namespace veilgate
