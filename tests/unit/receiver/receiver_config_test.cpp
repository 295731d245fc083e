#include "receiver/receiver_config.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "support/temp_dir.h"

namespace veilgate::receiver {
namespace {

class ReceiverConfigTest : public ::testing::Test {
 protected:
  LoadedReceiverConfig load(const std::string& text) {
    std::ofstream(dir_ / "receiver.yaml") << text;
    return load_receiver_config(dir_ / "receiver.yaml");
  }
  std::string example() const {
    std::ifstream in(VG_SOURCE_DIR "/config/examples/receiver.yaml");
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  std::string with(const std::string& from, const std::string& to) const {
    std::string text = example();
    text.replace(text.find(from), from.size(), to);
    return text;
  }
  void expect_problem(const std::string& text, const std::string& code, const std::string& path) {
    const auto loaded = load(text);
    EXPECT_FALSE(loaded.config);
    bool found = false;
    for (const auto& problem : loaded.problems) found |= problem.code == code && problem.path == path;
    EXPECT_TRUE(found) << code << " at " << path << ", got " << (loaded.problems.empty() ? "none" : loaded.problems[0].code + " " + loaded.problems[0].path);
  }
  test::TempDir dir_;
};

TEST_F(ReceiverConfigTest, TheShippedExampleIsGoodAndItsPathsCountFromItsFolder) {
  const auto loaded = load(example());
  ASSERT_TRUE(loaded.config);
  EXPECT_EQ(loaded.config->sign_key, dir_ / "platform/platform.sign.key.pem");
  EXPECT_EQ(loaded.config->decrypt_keys, std::vector<std::string>{dir_ / "platform/platform.enc.key.pem"});
  EXPECT_TRUE(loaded.config->images_dir.empty()) << "face crops are kept only where that is configured";
}

TEST_F(ReceiverConfigTest, RefusesUnknownAndRepeatedKeys) {
  expect_problem(with("tls_profile: intl", "tls_profil: intl"), "unknown_key", "tls_profil");
  expect_problem(with("tls_profile: intl", "id: again"), "duplicate_key", "id");
  expect_problem(with("    site: demo", "    sit: demo"), "unknown_key", "gateways[0].sit");
}

TEST_F(ReceiverConfigTest, RefusesWhatCannotWork) {
  expect_problem(with("mqtts://127.0.0.1:8883", "mqtt://127.0.0.1:1883"), "bad_value", "brokers");
  expect_problem(with("id: gw-demo", "id: 'gw/+'"), "bad_value", "gateways");
  expect_problem(with("tls_profile: intl", "tls_profile: none"), "bad_value", "tls_profile");
  expect_problem(with("version: 1", "version: 2"), "bad_value", "version");
  expect_problem("version: 1\n", "bad_value", "gateways");
  expect_problem("a: [", "syntax", dir_ / "receiver.yaml");
}

TEST_F(ReceiverConfigTest, ReportsEverythingAtOnce) {
  EXPECT_GE(load("version: 3\nfoo: 1\nbar: 2\n").problems.size(), 8u);
}

}  // namespace
}  // namespace veilgate::receiver
