#pragma once
// The serial number a camera states through ONVIF (device service, GetDeviceInformation), for the pin of an approved
// device. A statement, not a proof: a certificate pin is stronger, and the one to choose where the camera has TLS.
//
// Source: ONVIF Core Specification 8.3.9 GetDeviceInformation; OASIS WS-UsernameToken Profile 1.0 (its digest is SHA-1,
// which the standard prescribes; it protects nothing of ours). Thread word: reentrant; blocks up to `timeout`.

#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "media/camera_credentials.h"

namespace veilgate::media {

/// http://host/onvif/device_service for an RTSP address: where nearly every camera has it.
std::string onvif_device_service(const std::string& rtsp_url);

/// Errors: kUnavailable (no answer), kPermission (credentials refused), kInvalidInput (not ONVIF).
Result<std::string> onvif_serial_number(const std::string& service_url, const CameraCredentials& credentials,
                                        const Clock& clock, Millis timeout);

/// The text of the first SerialNumber element of a SOAP answer; kInvalidInput when there is none or it is not XML.
Result<std::string> parse_serial_number(const std::string& soap);

}  // namespace veilgate::media
