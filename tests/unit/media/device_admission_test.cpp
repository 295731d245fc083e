#include "media/device_admission.h"

#include <gtest/gtest.h>

namespace veilgate::media {
namespace {

constexpr char kTable[] =
    "IP address       HW type     Flags       HW address            Mask     Device\n"
    "10.0.3.21        0x1         0x2         3C:EF:8C:01:02:03     *        eth1\n"
    "10.0.3.22        0x1         0x0         00:00:00:00:00:00     *        eth1\n";

CameraConfig camera_with(DeviceConfig device) {
  CameraConfig camera;
  camera.id = CameraId("gate-east");
  camera.device = std::move(device);
  return camera;
}

CertificateFacts certificate(const std::string& sha256) {
  CertificateFacts facts;
  facts.seen = true;
  facts.sha256 = sha256;
  return facts;
}

TEST(DeviceAdmission, ReadsTheNeighbourTable) {
  EXPECT_EQ(mac_in_table(kTable, "10.0.3.21"), "3c:ef:8c:01:02:03");
  EXPECT_EQ(mac_in_table(kTable, "10.0.3.22"), "") << "an incomplete entry is no MAC";
  EXPECT_EQ(mac_in_table(kTable, "10.0.3.2"), "");
}

TEST(DeviceAdmission, RefusesADeviceThatNobodyApproved) {
  const auto verdict = judge_device(camera_with({}), {certificate("aa"), "3c:ef:8c:01:02:03", ""});
  EXPECT_FALSE(verdict.admitted);
  EXPECT_EQ(verdict.reason, "device_not_approved");
  EXPECT_NE(verdict.message.find("veilgate camera approve gate-east"), std::string::npos);
}

TEST(DeviceAdmission, AdmitsTheApprovedCertificateOnly) {
  DeviceConfig device;
  device.certificate_sha256 = "AABB";
  EXPECT_TRUE(judge_device(camera_with(device), {certificate("aabb"), "", ""}).admitted);
  EXPECT_EQ(judge_device(camera_with(device), {certificate("aabc"), "", ""}).reason, "certificate_differs");
  EXPECT_EQ(judge_device(camera_with(device), {CertificateFacts{}, "", ""}).reason, "certificate_differs");
}

TEST(DeviceAdmission, AnswersClosedWhenTheMacCannotBeRead) {
  DeviceConfig device;
  device.mac = "3C:EF:8C:01:02:03";
  EXPECT_TRUE(judge_device(camera_with(device), {{}, "3c:ef:8c:01:02:03", ""}).admitted);
  EXPECT_EQ(judge_device(camera_with(device), {{}, "3c:ef:8c:01:02:04", ""}).reason, "mac_differs");
  EXPECT_EQ(judge_device(camera_with(device), {{}, "", ""}).reason, "device_unverifiable");
}

TEST(DeviceAdmission, AnswersClosedWhenTheOnvifSerialCannotBeRead) {
  DeviceConfig device;
  device.onvif_serial = "SN-1";
  EXPECT_TRUE(judge_device(camera_with(device), {{}, "", "SN-1"}).admitted);
  EXPECT_EQ(judge_device(camera_with(device), {{}, "", "SN-2"}).reason, "onvif_serial_differs");
  EXPECT_EQ(judge_device(camera_with(device), {{}, "", ""}).reason, "device_unverifiable");
}

TEST(DeviceAdmission, BothPinsMustHold) {
  DeviceConfig device;
  device.certificate_sha256 = "aabb";
  device.mac = "3c:ef:8c:01:02:03";
  EXPECT_FALSE(judge_device(camera_with(device), {certificate("aabb"), "3c:ef:8c:01:02:04", ""}).admitted);
  EXPECT_FALSE(judge_device(camera_with(device), {certificate("ccdd"), "3c:ef:8c:01:02:03", ""}).admitted);
}

TEST(DeviceAdmission, TestSourcesNeedNoPin) {
  auto camera = camera_with({});
  camera.source.test = true;
  EXPECT_TRUE(judge_device(camera, {{}, "", ""}).admitted);
}

}  // namespace
}  // namespace veilgate::media
