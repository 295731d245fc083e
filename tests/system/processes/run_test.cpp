// `veilgate run` with the real daemons. There is no broker and the camera's file does not exist: what is tried here is
// starting, restarting, reloading and ending.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/exit_code.h"
#include "support/site_process.h"

namespace veilgate {
namespace {

using nlohmann::json;
const std::vector<std::string> kDaemons{"veilgate-uplink", "veilgate-surveillance", "veilgate-console"};

class RunTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(site_.make_pki(VG_MAKE_TEST_PKI));
    site_.write_config(test::site_text({.cameras = {"east", "west"}}));
  }
  void TearDown() override {
    if (site_.run().started()) site_.run().end(SIGTERM);
    if (HasFailure()) std::fprintf(stderr, "%s\n", site_.log().c_str());
  }
  void start_and_wait() {
    site_.start();
    ASSERT_TRUE(test::SiteProcess::wait_for([&] { return site_.logged("[run] ready"); }));
    ASSERT_TRUE(test::SiteProcess::wait_for([&] { return !site_.pids("worker east").empty(); }));
  }
  std::vector<pid_t> everyone() {
    std::vector<pid_t> all;
    for (const std::string name : {"veilgate-uplink", "veilgate-surveillance", "veilgate-console", "worker east",
                                   "worker west"})
      for (const pid_t pid : site_.pids(name)) all.push_back(pid);
    return all;
  }
  bool all_gone(const std::vector<pid_t>& pids) {
    return std::none_of(pids.begin(), pids.end(), [](pid_t pid) { return test::SiteProcess::alive(pid); });
  }
  json status() {
    site_.veilgate({"status", "--json", "--runtime", site_.runtime()});
    return json::parse(site_.output(), nullptr, false);
  }
  test::SiteProcess site_{VG_BIN};
};

TEST_F(RunTest, StartsTheUplinkFirstAndEndsItLastAndLeavesNoProcess) {
  ASSERT_NO_FATAL_FAILURE(start_and_wait());
  const auto pids = everyone();
  ASSERT_EQ(pids.size(), 5u);
  EXPECT_EQ(site_.run().end(SIGTERM), kExitOk);
  EXPECT_TRUE(all_gone(pids));
  const auto log = site_.log();
  std::size_t at = 0;
  for (const char* step : {"started veilgate-uplink", "started veilgate-surveillance", "started veilgate-console",
                           "ended veilgate-surveillance: exit code 0", "ended veilgate-console: exit code 0",
                           "ended veilgate-uplink: exit code 0"}) {
    at = log.find(step, at);
    EXPECT_NE(at, std::string::npos) << step;
  }
}

TEST_F(RunTest, ItsOwnViolentEndLeavesNoProcessEither) {
  ASSERT_NO_FATAL_FAILURE(start_and_wait());
  const auto pids = everyone();
  site_.run().end(SIGKILL);
  EXPECT_TRUE(test::SiteProcess::wait_for([&] { return all_gone(pids); }));
}

TEST_F(RunTest, AKilledLaneTakesItsWorkersAlongAndComesBackWhileTheOthersStay) {
  ASSERT_NO_FATAL_FAILURE(start_and_wait());
  const auto uplink = site_.pids("veilgate-uplink").back(), worker = site_.pids("worker east").back();
  kill(site_.pids("veilgate-surveillance").back(), SIGKILL);
  EXPECT_TRUE(test::SiteProcess::wait_for([&] { return !test::SiteProcess::alive(worker); }));
  ASSERT_TRUE(test::SiteProcess::wait_for([&] { return site_.pids("worker east").size() == 2; }));
  EXPECT_TRUE(test::SiteProcess::alive(site_.pids("veilgate-surveillance").back()));
  EXPECT_EQ(site_.pids("veilgate-uplink"), std::vector<pid_t>{uplink});
  EXPECT_TRUE(test::SiteProcess::alive(uplink));
}

TEST_F(RunTest, AWrongConfigurationStartsNothing) {
  site_.write_config("version: 1\nsite: { id: x, colour: red }\n");
  site_.start();
  EXPECT_EQ(site_.run().wait(), kExitConfig);
  EXPECT_TRUE(everyone().empty());
  EXPECT_TRUE(site_.logged("colour")) << site_.log();
}

TEST_F(RunTest, AMissingKeyEndsTheStartWithoutHalfASite) {
  ASSERT_EQ(unlink((site_.credentials() + "/lane-surveillance.sm2.key.pem").c_str()), 0);
  site_.start();
  EXPECT_EQ(site_.run().wait(), kExitMissingPart);
  EXPECT_TRUE(site_.logged("lane-surveillance.sm2.key.pem"));
  EXPECT_TRUE(all_gone(everyone()));
}

TEST_F(RunTest, HangupReloadsAGoodFileAndRefusesABrokenOne) {
  ASSERT_NO_FATAL_FAILURE(start_and_wait());
  site_.write_config("version: 1\nsite: {\n");
  site_.run().signal(SIGHUP);
  ASSERT_TRUE(test::SiteProcess::wait_for([&] { return site_.logged("refused, the running configuration stays"); }));
  EXPECT_FALSE(status()["surveillance"]["config"]["refused"].empty());
  EXPECT_EQ(site_.pids("worker east").size(), 1u);
  site_.write_config(test::site_text({.cameras = {"east", "north"}}));
  site_.run().signal(SIGHUP);
  ASSERT_TRUE(test::SiteProcess::wait_for([&] { return site_.pids("worker north").size() == 1; }));
  EXPECT_EQ(site_.pids("worker east").size(), 1u);
  EXPECT_TRUE(status()["surveillance"]["config"]["refused"].empty());
}

TEST_F(RunTest, StatusTellsTheBadNewsAndExitsOne) {
  EXPECT_EQ(site_.veilgate({"status", "--json", "--runtime", site_.runtime()}), kExitNotGood);
  ASSERT_NO_FATAL_FAILURE(start_and_wait());
  ASSERT_TRUE(test::SiteProcess::wait_for([&] { return status()["surveillance"]["cameras"][0]["state"] == "held"; }));
  EXPECT_EQ(site_.veilgate({"status", "--runtime", site_.runtime()}), kExitNotGood);
  EXPECT_NE(site_.output().find("not connected"), std::string::npos) << site_.output();
  const auto all = status();
  EXPECT_EQ(all["ok"], false);
  EXPECT_FALSE(all["problems"].empty());
  EXPECT_NE(all["surveillance"]["cameras"][0]["reason"], "");
}

TEST_F(RunTest, APersonsApprovalAndConfirmationReachTheLane) {
  ASSERT_NO_FATAL_FAILURE(start_and_wait());
  const std::string pin(64, 'b');
  EXPECT_EQ(site_.veilgate({"camera", "approve", "east", "--certificate", pin, "--runtime", site_.runtime()}), kExitOk);
  EXPECT_EQ(site_.veilgate({"camera", "approve", "east", "--mac", "nonsense", "--runtime", site_.runtime()}), kExitUsage);
  EXPECT_EQ(site_.veilgate({"camera", "approve", "nobody", "--certificate", pin, "--runtime", site_.runtime()}),
            kExitUsage);
  EXPECT_EQ(site_.veilgate({"camera", "confirm-view", "west", "--runtime", site_.runtime()}), kExitOk);
}

}  // namespace
}  // namespace veilgate
