#pragma once
// The configuration, typed. Read-only once loaded: `load_config` (config/load.h) parses and judges a file and
// gives either a complete Config or every problem found. Names of members follow the YAML keys;
// config/reference.md, which is generated from the same table that parses, explains each.
//
// Times are std::chrono durations; coordinates are relative (0…1). A secret is never here: only the *name* of
// a credential, looked up at start in $CREDENTIALS_DIRECTORY or the directory given by --credentials.
//
// The initialisers here are the defaults of the configuration file: the table reads them from a default
// object. Thread word: reentrant (plain values).

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/camera_config.h"
#include "core/strong.h"

namespace veilgate {

enum class SiteKind { kResidential, kOffice, kOther };
enum class Regulation799 { kArticle7, kArticle9, kNotPublic };  ///< 公共安全视频图像信息系统管理条例
enum class TlsProfile { kIntl, kSm };
enum class DeliveryMode { kReceipt, kBroker };
enum class Network { kPrivate, kInternet };  ///< what the uplink runs over (LW-18)
enum class Workers { kPerCamera, kShared };

struct RetentionClass {
  std::optional<Seconds> min;
  std::optional<Seconds> max;
  std::string basis;
};

struct SiteConfig {
  std::string id;
  std::string name;
  SiteKind kind = SiteKind::kOther;
  Regulation799 regulation_799 = Regulation799::kNotPublic;
  std::string importance_business;  ///< 一般 | 重要 | 关键; the last refuses face functions (R-006)
  std::string importance_users;     ///< 一般 | 敏感 | 重要; the last refuses face functions (R-006)
  std::string timezone;             ///< IANA name
};

/// A verification station, as far as the surveillance side must know it: to refuse a camera used in both
/// lanes.
struct StationConfig {
  StationId id;
  std::string name;
  SourceConfig source;
  DeviceConfig device;
};

struct UplinkConfig {
  std::vector<std::string> brokers;  ///< mqtts://host:port, tried in order
  TlsProfile tls_profile = TlsProfile::kIntl;
  std::string topic_prefix = "veilgate/v1";
  DeliveryMode delivery = DeliveryMode::kReceipt;
  std::int64_t keep_sent_count = 50000;
  Seconds keep_sent_age{7 * 86400};
  std::int64_t outbox_max_count = 200000;
  std::int64_t outbox_max_bytes = 2LL << 30;
  Seconds outbox_max_age{30 * 86400};
  Seconds image_max_age{24 *
                        3600};  ///< an undelivered face crop is dropped and counted after this (our figure)
  Environment environment = Environment::kOutside;
  std::optional<Network> network;  ///< must be stated when any camera sends face crops (LW-18)
  std::string faces_legal_basis;   ///< needed when face crops go over the Internet
};

struct ConsoleConfig {
  std::string listen = "127.0.0.1";  ///< loopback or management address
  int health_port = 9464;            ///< /metrics /live /ready /startup; 0 = chosen by the kernel
};

/// 检测报告 of a camera model; cameras name it in device.test_report.
struct TestReport {
  std::string id;
  std::string model;
  std::string number;
  std::string date;  ///< yyyy-mm-dd
};

struct Config {
  int version = 1;
  SiteConfig site;
  GatewayId gateway;
  std::map<std::string, RetentionClass> retention;  ///< by data class: results, face_images, audit, …
  CameraDefaults camera_defaults;                   ///< already applied to every camera below
  std::vector<CameraConfig> cameras;
  Workers workers = Workers::kPerCamera;
  std::vector<StationConfig> stations;
  std::vector<TestReport> test_reports;
  UplinkConfig uplink;
  ConsoleConfig console;
  std::string file;  ///< where it was read from
  std::string
      sm3;  ///< SM3 of the file's bytes, hex; empty until the process fills it (config/ knows no crypto)

  const CameraConfig* camera(
      const CameraId& id) const;  ///< nullptr when there is none; lives as long as this
};

}  // namespace veilgate
