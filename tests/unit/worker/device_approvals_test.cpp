#include "lane/device_approvals.h"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temp_dir.h"

namespace veilgate::surveillance {
namespace {

const CameraId kCamera("east");

DeviceConfig device(const std::string& certificate, const std::string& serial, const std::string& mac) {
  DeviceConfig out;
  out.certificate_sha256 = certificate;
  out.onvif_serial = serial;
  out.mac = mac;
  return out;
}

TEST(DeviceApprovals, SurviveTheProcessInAFileForItsOwnerOnly) {
  const test::TempDir dir;
  ASSERT_TRUE(DeviceApprovals(dir.path()).approve(kCamera, device(std::string(64, '0'), "SN-1", "00:11:22:aa:bb:cc"), UtcTime{}));
  const auto found = DeviceApprovals(dir.path()).find(kCamera);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->onvif_serial, "SN-1");
  EXPECT_EQ(found->mac, "00:11:22:aa:bb:cc");
  struct stat info{};
  ASSERT_EQ(stat((dir / "cameras/east.device.json").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST(DeviceApprovals, RefuseWhatPinsNothingOrIsMalformed) {
  const test::TempDir dir;
  DeviceApprovals approvals(dir.path());
  for (const auto& bad : {device("", "", ""), device("abc", "", ""), device(std::string(64, 'G'), "", ""),
                          device("", "", "00-11-22-aa-bb-cc"), device("", "a b", ""), device("", std::string(129, 'x'), "")})
    EXPECT_FALSE(approvals.approve(kCamera, bad, UtcTime{}));
  const auto none = approvals.find(kCamera);
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->mac.empty());
}

TEST(DeviceApprovals, ADamagedOrForeignFileIsNoApproval) {
  const test::TempDir dir;
  DeviceApprovals approvals(dir.path());
  ASSERT_TRUE(approvals.approve(CameraId("west"), device("", "SN", ""), UtcTime{}));
  std::rename((dir / "cameras/west.device.json").c_str(), (dir / "cameras/east.device.json").c_str());
  EXPECT_FALSE(approvals.find(kCamera));
  std::ofstream(dir / "cameras/east.device.json") << "{\"camera\":\"east\"";
  const auto damaged = approvals.find(kCamera);
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code(), ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace veilgate::surveillance
