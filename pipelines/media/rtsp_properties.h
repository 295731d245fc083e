#pragma once
// What the gateway sets on a description's rtspsrc at run time: address, log-in, transport, trust, and a look at the
// camera's own clock in its RTCP reports. Internal to pipelines/media. Thread word: reentrant.

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include <gst/gst.h>

#include "config/config.h"
#include "core/result.h"
#include "media/camera_credentials.h"
#include "media/camera_trust.h"

namespace veilgate::media {

/// The camera's clock minus ours as its sender reports say, milliseconds; kNoClock until one came.
using ClockOffset = std::atomic<std::int64_t>;
inline constexpr std::int64_t kNoClock = INT64_MIN;

/// For PipelineParts::configure. `trust` may be null for rtsp://; otherwise it must outlive the pipeline.
std::function<Result<void>(GstElement*)> rtsp_properties(const SourceConfig& source, CameraCredentials credentials,
                                                         CameraTrust* trust, std::shared_ptr<ClockOffset> offset);

}  // namespace veilgate::media
