#pragma once
// The lane's sealer as the submit queue needs it: EnvelopeSealer with the lane's own signing key, sealing to the
// platform's key. Lives in the parent only; a camera worker never sees a key. Thread word: thread-bound.

#include <memory>
#include <string>

#include "config/config.h"
#include "core/clock.h"
#include "lane/submit_queue.h"

namespace veilgate::surveillance {

/// Reads lane-surveillance.sm2.key.pem and platform.enc.pub.pem from `credentials_dir`. Errors: kNotFound and the
/// others of crypto/key_file.h, naming the file; kInvalidInput for ids that make no topic.
Result<std::unique_ptr<Sealing>> open_envelope_sealing(const Config& config, const std::string& credentials_dir,
                                                       const Clock& clock);

}  // namespace veilgate::surveillance
