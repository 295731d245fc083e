#pragma once
// The JSON forms of results. Two of them:
//   payload    what is sealed and read by the platform (docs/schema/surveillance-payload.schema.json): the
//   result in
//              the context of gateway, camera and clock, marked as analysis only;
//   transfer   worker → lane's parent: the result alone. The parent decodes it into the closed struct, so
//   that a
//              taken-over worker can add no field, then writes the payload itself.
//
// Schema names: GA/T 1400 for the face object (only where the camera has a device id), ONVIF topic and GB/T
// 28181 alarm names for events. The five Is* fields are always 2, "unknown". Thread word: reentrant.

#include <string>
#include <string_view>

#include "result/surveillance_result.h"

namespace veilgate::surveillance {

/// "name/major.minor"; a minor version only adds keys.
inline constexpr const char* kPayloadSchema = "veilgate.surveillance/1.0";

struct PayloadContext {
  GatewayId gateway;
  CameraId camera;
  std::string purpose;            ///< the camera's declared purpose
  std::string gat1400_device_id;  ///< 20 digits; empty = no GA/T 1400 names
  ClockState clock = ClockState::kUnsynced;
  bool test_source = false;  ///< "test": true in every payload of a camera with source.test
};

/// One line of JSON, keys in a fixed order, the same bytes for the same input.
std::string to_payload(const SurveillanceResult& result, const PayloadContext& context);

/// The lines of offline analysis (`analyze --results`); they name no gateway. Empty for a FaceImage.
std::string to_analysis_line(const SurveillanceResult& result);

std::string encode_transfer(const SurveillanceResult& result);
/// Refuses anything but exactly the keys of one result, each in range.
Result<SurveillanceResult> decode_transfer(std::string_view text);

}  // namespace veilgate::surveillance
