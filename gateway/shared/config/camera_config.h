#pragma once
// One surveillance camera of the configuration, typed: where its pictures come from, why it may look, what it
// looks at and how its faces are found and reported. Members follow the YAML keys; config/reference.md
// explains each. The initialisers are the defaults of the file. Thread word: reentrant (plain values).

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/geometry.h"
#include "core/strong.h"

namespace veilgate {

using Seconds = std::chrono::seconds;

enum class Environment { kInside, kOutside };  ///< inside or outside the 物理安全环境
enum class ImagePolicy { kNone, kFaceCrop };
enum class RuleType { kIntrusion, kLineCrossing, kStay, kLoitering, kAbnormalAppearance };
enum class AppliesTo { kAny, kPerson };
enum class CrossingDirection { kLeftToRight, kRightToLeft, kBoth };
enum class DetectorKind { kAuto, kOwn, kHog, kYunet };

/// One span of a weekly schedule in site time. A span past midnight belongs to the day it starts.
struct ScheduleSpan {
  unsigned days = 0;     ///< bit 0 = Monday … bit 6 = Sunday: days on which the span starts
  int start_minute = 0;  ///< 0…1439
  int end_minute = 0;    ///< 1…1440; ≤ start_minute means: on the following day
};
using Schedule = std::vector<ScheduleSpan>;  ///< empty = always armed

struct ZoneConfig {
  std::string id;
  std::string name;
  Polygon polygon;
};

struct LineConfig {
  std::string id;
  std::string name;
  Segment segment;  ///< from the first to the second point
};

struct RuleConfig {
  std::string id;
  RuleType type = RuleType::kIntrusion;
  std::string zone;  ///< id of a zone of the same camera; empty = the whole picture
  std::string line;  ///< id of a line; line_crossing only
  CrossingDirection direction = CrossingDirection::kBoth;
  AppliesTo applies_to = AppliesTo::kAny;
  Schedule schedule;                           ///< when the rule is armed
  std::chrono::milliseconds threshold{0};      ///< stay, loitering: time in zone
  int min_passes = 0;                          ///< loitering: changes of direction or re-entries
  std::chrono::milliseconds inertia{300};      ///< in the zone this long before it counts
  std::chrono::milliseconds hysteresis{1000};  ///< out of the zone this long before it ended
};

/// Where a camera's pictures come from: exactly one of rtsp, file, v4l2.
struct SourceConfig {
  std::string rtsp;  ///< rtsp:// or rtsps:// URL without user and password
  std::string file;
  std::string v4l2;         ///< device path
  std::string credentials;  ///< name of the credential (two lines: username, password); empty = none
  enum class Transport { kTcp, kUdp } transport = Transport::kTcp;
  std::string ca;        ///< absolute path of the CA file for rtsps; empty = the system's
  bool test = false;     ///< a test source: marked in every result, device checks do not apply
  bool loop = false;     ///< file only: begin again at the end
  std::string pipeline;  ///< path of a .pipeline description; empty = the shipped one for the source
};

/// What was pinned when the camera was approved. At least one for a real device before it is admitted; the
/// `veilgate camera approve` command records it in the state directory when the configuration leaves it out.
struct DeviceConfig {
  std::string certificate_sha256;  ///< hex, of the DER certificate
  std::string onvif_serial;        ///< as the ONVIF device service reports it
  std::string onvif_service;       ///< its address; empty = http://<host>/onvif/device_service
  std::string mac;                 ///< aa:bb:cc:dd:ee:ff
  std::string test_report;         ///< id of an entry of test_reports (R-007); empty = none stated
};

struct ConsentExemption {
  std::string law;
  std::string article;
  std::string reason;
};
struct ConsentConfig {
  std::string ref;
  std::optional<ConsentExemption> exemption;
};

struct DedupConfig {
  int max_images_per_visit = 1;  ///< 连续去重
  Seconds window{60};            ///< 间断去重; zero switches it off
};

struct QualityGate {
  int min_face_px = 24;         ///< box width at decoded size
  int min_eye_distance_px = 0;  ///< between eye centres (GB/T 35678 3.1); 0 = not judged
  double max_yaw_deg = 90;      ///< estimated; 90 = not judged
  double max_pitch_deg = 90;
  double max_roll_deg = 90;
};

struct DetectorConfig {
  DetectorKind kind = DetectorKind::kAuto;
  int min_face_px = 24;        ///< smallest face to look for, decoded pixels
  double score_threshold = 0;  ///< 0 = the detector's own default
};

/// When a face result is sent: once a face has been in view this long, or when the visit ends if that is
/// empty.
struct CaptureConfig {
  std::optional<std::chrono::milliseconds> after{2000};
};

/// What a camera takes over unless it says otherwise (surveillance.defaults).
struct CameraDefaults {
  DetectorConfig detector;
  DedupConfig dedup;
  QualityGate quality;
  CaptureConfig capture;
  int max_analysis_fps = 0;  ///< 0 = every decoded frame is offered to the motion gate
  int privacy_margin_px = 16;
  std::chrono::milliseconds online_limit{3000};  ///< `online` means: a decoded frame younger than this
};

struct CameraConfig {
  CameraId id;
  std::string name;
  SourceConfig source;
  DeviceConfig device;
  Environment environment = Environment::kInside;
  std::string link_encryptor;  ///< declared external encryptor (id and certificate number); empty = none
  std::string location_class;  ///< entrance, corridor, lobby … ; the forbidden ones do not start (LW-01)
  std::string purpose;         ///< "public_safety" …: the tag every result carries
  std::string necessity;
  std::string legal_basis;
  std::string standard_ref;
  std::string authority_ref;
  std::string notice_ref;
  ConsentConfig consent;
  ImagePolicy images = ImagePolicy::kNone;
  std::string
      images_legal_basis;  ///< law and article that allow sending face crops; needed with face_crop (R-049)
  std::string gat1400_device_id;  ///< 20 digits; empty = no GA/T 1400 ids in results
  std::vector<ZoneConfig> privacy_masks;
  int privacy_margin_px = 16;
  bool ptz = false;  ///< whole frame masked unless at a known preset
  std::vector<ZoneConfig> zones;
  std::vector<LineConfig> lines;
  std::vector<RuleConfig> rules;
  DetectorConfig detector;  ///< defaults already applied
  DedupConfig dedup;
  QualityGate quality;
  CaptureConfig capture;
  int max_analysis_fps = 0;                      ///< 0 = every decoded frame is offered to the motion gate
  std::chrono::milliseconds online_limit{3000};  ///< `online` means: a decoded frame younger than this
};

}  // namespace veilgate
