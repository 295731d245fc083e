#pragma once
// Admitted, not assumed: whether the device behind an address is the one that was approved. What was pinned at approval
// (certificate, ONVIF serial, MAC) must be seen again; a device that differs, or that cannot be checked, is refused (closed). The MAC
// is read from the kernel's neighbour table, so it can be checked only on our own network segment.
//
// Source: design.md section 5; R-051, SH-02. Thread word: reentrant.

#include <string>

#include "config/config.h"
#include "media/rtsp_preflight.h"

namespace veilgate::media {

/// What a device showed of itself.
struct DeviceSeen {
  CertificateFacts certificate;
  std::string mac;           ///< lower case; "" not on our segment
  std::string onvif_serial;  ///< "" not asked, or no answer
};

struct Admission {
  bool admitted = false;
  std::string reason;      ///< "" | device_not_approved | certificate_differs | mac_differs | onvif_serial_differs |
                           ///< device_unverifiable
  std::string message;
  std::string message_zh;
};

/// Lower-case MAC of an IPv4 address in the neighbour table (text as in /proc/net/arp), "" when it is not there.
std::string mac_in_table(const std::string& table, const std::string& address);
/// The MAC of the host in this URL, "" when it is not on our segment.
std::string mac_of(const std::string& url);

/// `source.test` sources are admitted without a pin and marked as test in every result.
Admission judge_device(const CameraConfig& camera, const DeviceSeen& seen);

}  // namespace veilgate::media
