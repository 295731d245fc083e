// veilgate check as a person or a script meets it: what it prints and what it returns.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/check_report.h"

namespace veilgate::cli {
namespace {

const std::string kSource = VG_SOURCE_DIR;
const std::string kGood = kSource + "/config/examples/residential.yaml";
const std::string kBroken = kSource + "/tests/unit/config/data/broken.yaml";

struct Answer {
  int code;
  std::string text;
};

Answer run(const std::string& arguments, const std::string& environment = "LC_ALL=C") {
  const std::string line = environment + " " VG_VEILGATE " check " + arguments + " 2>&1";
  FILE* pipe = popen(line.c_str(), "r");
  Answer answer{-1, ""};
  char part[4096];
  for (std::size_t n; (n = fread(part, 1, sizeof part, pipe)) > 0;) answer.text.append(part, n);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) answer.code = WEXITSTATUS(status);
  return answer;
}

bool says(const Answer& answer, const std::string& part) {
  return answer.text.find(part) != std::string::npos;
}

TEST(CheckCommand, AGoodFileIsSummarised) {
  const auto answer = run(kGood);
  EXPECT_EQ(answer.code, 0) << answer.text;
  EXPECT_TRUE(says(answer, "residential.yaml: good\n")) << answer.text;
  EXPECT_TRUE(says(answer, "  gate-east   rtsps://10.0.3.21/stream2  1      none    line_crossing, stay\n"))
      << answer.text;
}

TEST(CheckCommand, SpeaksTheUsersLanguage) {
  const auto answer = run(kGood, "LC_ALL=zh_CN.UTF-8");
  EXPECT_TRUE(says(answer, "residential.yaml：合格\n")) << answer.text;
  EXPECT_TRUE(says(run(kBroken, "LC_ALL=zh_CN.UTF-8"), "broken.yaml:4: 错误：site.kind：")) << answer.text;
}

TEST(CheckCommand, ABrokenFileReturns78AndAnUnreadableOne66) {
  EXPECT_EQ(run(kBroken).code, 78);
  EXPECT_TRUE(says(run(kBroken), "31 errors\n")) << run(kBroken).text;
  EXPECT_EQ(run("/nonexistent/veilgate.yaml").code, 66);
  EXPECT_EQ(run("").code, 64);
  EXPECT_EQ(run("--no-such-option " + kGood).code, 64);
}

TEST(CheckCommand, JsonIsOneObject) {
  const auto good = nlohmann::json::parse(run("--json " + kGood).text);
  EXPECT_EQ(good["ok"], true);
  EXPECT_TRUE(good["problems"].empty());
  EXPECT_EQ(good["summary"]["cameras"][0]["id"], "gate-east");
  const auto broken = nlohmann::json::parse(run("--json " + kBroken).text);
  EXPECT_EQ(broken["ok"], false);
  ASSERT_EQ(broken["problems"].size(), 31u);
  for (const auto& problem : broken["problems"])
    for (const char* key : {"code", "path", "line", "message", "severity"})
      EXPECT_TRUE(problem.contains(key)) << key;
  EXPECT_EQ(run("--json " + kBroken).text.find("kappa"), std::string::npos);
}

TEST(CheckCommand, InstalledLooksForCredentials) {
  const auto answer = run("--installed --credentials /nonexistent " + kGood);
  EXPECT_EQ(answer.code, 78);
  EXPECT_TRUE(says(answer, "/nonexistent: there is no such credentials directory")) << answer.text;
}

TEST(CheckCommand, InstalledNamesTheCommandForAMissingModel) {
  const auto folder = std::filesystem::temp_directory_path() / ("veilgate-check-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  std::ifstream in(kSource + "/config/examples/demo.yaml");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  text.replace(text.find("kind: auto"), 10, "kind: yunet");
  text.resize(text.find("uplink:"));  // no uplink, no keys
  std::ofstream(folder / "demo.yaml") << text;
  const auto answer = run("--installed --credentials " + folder.string() + " --models " + folder.string() +
                          " " + (folder / "demo.yaml").string());
  EXPECT_EQ(answer.code, 69) << answer.text;
  EXPECT_TRUE(says(answer, "veilgate models install")) << answer.text;
  std::filesystem::remove_all(folder);
}

TEST(CheckCommand, AgainstSaysWhatAReloadWouldDo) {
  const auto answer = run("--against " + kSource + "/config/examples/office.yaml " + kGood);
  EXPECT_EQ(answer.code, 0);
  EXPECT_TRUE(says(answer, "needs a restart of the gateway")) << answer.text;
  EXPECT_TRUE(says(answer, "surveillance.cameras[lobby-1]")) << answer.text;
  EXPECT_TRUE(says(run("--against " + kGood + " " + kGood), "  no changes\n"));
  EXPECT_EQ(run("--against " + kBroken + " " + kGood).code, 78);
}

TEST(CheckReport, ChineseTakesTwoColumns) {
  EXPECT_EQ(display_width("gate"), 4);
  EXPECT_EQ(display_width("东门"), 4);
  EXPECT_EQ(display_width("a → b — c"), 9);
}

}  // namespace
}  // namespace veilgate::cli
