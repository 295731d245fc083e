// `veilgate models` and `veilgate detect` as processes.

#include <cstdio>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "bench/shared_data.h"
#include "core/exit_code.h"
#include "support/temp_dir.h"

namespace veilgate {
namespace {

struct Outcome {
  int exit_code = -1;
  std::string output;  ///< both streams
};

/// `arguments` are fixed words and paths of this test: nothing in them needs quoting beyond blanks.
Outcome run(const std::string& arguments, const std::string& environment = "") {
  const std::string command = "env -u VEILGATE_MODELS LC_ALL=C " + environment + " '" + VEILGATE_BIN_DIR +
                              "/veilgate' " + arguments + " 2>&1";
  Outcome outcome;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return outcome;
  char buffer[4096];
  while (const std::size_t got = fread(buffer, 1, sizeof buffer, pipe)) outcome.output.append(buffer, got);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
  return outcome;
}

bool says(const Outcome& outcome, const std::string& text) {
  return outcome.output.find(text) != std::string::npos;
}

constexpr const char* kYunetFile = "face_detection_yunet_2023mar.onnx";

TEST(ModelsCommand, ListNamesTheEmbeddedOnesAndWhatIsAbsent) {
  const test::TempDir empty;
  const Outcome text = run("models list --models " + empty.path());
  EXPECT_EQ(text.exit_code, kExitOk);
  EXPECT_TRUE(says(text, "own")) << text.output;
  EXPECT_TRUE(says(text, "not installed")) << text.output;
  const Outcome json = run("models list --json --models " + empty.path());
  EXPECT_EQ(json.exit_code, kExitOk);
  EXPECT_TRUE(says(json, "\"ok\": true")) << json.output;
}

TEST(ModelsCommand, FileWithTheWrongHashIsRefusedAndListedAsAProblem) {
  const test::TempDir from, to;
  std::ofstream(from / kYunetFile) << "not it";
  const Outcome refused = run("models install --from " + from.path() + " --to " + to.path());
  EXPECT_EQ(refused.exit_code, kExitNotGood) << refused.output;
  EXPECT_TRUE(says(refused, "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"))
      << refused.output;
  EXPECT_FALSE(std::ifstream(to / kYunetFile).good());
  const Outcome listed = run("models list --json --models " + from.path());
  EXPECT_EQ(listed.exit_code, kExitNotGood);
  EXPECT_TRUE(says(listed, "\"ok\": false")) << listed.output;
}

TEST(ModelsCommand, DirectoryWithoutModelsAndContradictingOptionsAreSaid) {
  const test::TempDir empty;
  EXPECT_EQ(run("models install --from " + empty.path()).exit_code, kExitNoInput);
  EXPECT_EQ(run("models install").exit_code, kExitUsage);
  EXPECT_EQ(run("models install --download --from " + empty.path()).exit_code, kExitUsage);
}

/// A curl of ours, first in the path: downloads must not depend on a network here.
std::string with_curl(const test::TempDir& bin, const std::string& script) {
  std::ofstream(bin / "curl") << "#!/bin/sh\n" << script << "\n";
  chmod((bin / "curl").c_str(), 0755);
  return "PATH=" + bin.path() + ":/usr/bin:/bin";
}

TEST(ModelsCommand, FailedDownloadNamesTheWayWithoutANetwork) {
  const test::TempDir bin, to;
  const Outcome failed = run("models install --download --to " + to.path(), with_curl(bin, "exit 6"));
  EXPECT_EQ(failed.exit_code, kExitNoInput) << failed.output;
  EXPECT_TRUE(says(failed, "https://github.com/opencv/opencv_zoo/")) << failed.output;
  EXPECT_TRUE(says(failed, "veilgate models install --from DIR")) << failed.output;
}

TEST(ModelsCommand, DownloadOfSomethingElseIsNotInstalled) {
  const test::TempDir bin, to;
  const std::string script =
      "while [ $# -gt 1 ]; do [ \"$1\" = --output ] && echo html > \"$2\"; shift; done";
  const Outcome refused = run("models install --download --to " + to.path(), with_curl(bin, script));
  EXPECT_EQ(refused.exit_code, kExitNotGood) << refused.output;
  EXPECT_FALSE(std::ifstream(to / kYunetFile).good());
}

TEST(ModelsCommand, AbsentCurlNamesItsPackage) {
  const test::TempDir bin;
  const Outcome missing = run("models install --download --to " + bin.path(), "PATH=" + bin.path());
  EXPECT_EQ(missing.exit_code, kExitMissingPart) << missing.output;
  EXPECT_TRUE(says(missing, "apt-get install curl")) << missing.output;
}

TEST(DetectCommand, NamedDetectorWithoutItsModelEndsWith69AndTheCommand) {
  const test::TempDir empty;
  const Outcome missing = run("detect --detector yunet --models " + empty.path() + " x.jpg");
  EXPECT_EQ(missing.exit_code, kExitMissingPart) << missing.output;
  EXPECT_TRUE(says(missing, "veilgate models install")) << missing.output;
}

TEST(DetectCommand, UnreadablePictureIs66AndUnknownDetectorIs64) {
  EXPECT_EQ(run("detect --detector own /no/such/picture.jpg").exit_code, kExitNoInput);
  EXPECT_EQ(run("detect --detector dnn x.jpg").exit_code, kExitUsage);
  EXPECT_EQ(run("detect").exit_code, kExitUsage);
}

TEST(DetectCommand, InstalledModelIsUsedAndEveryPictureGetsALine) {
  const auto shared = bench::shared_data();
  if (!std::filesystem::exists(shared / "models" / kYunetFile))
    GTEST_SKIP() << "missing test data: " << (shared / "models" / kYunetFile).string()
                 << " (set VEILGATE_SHARED)";
  const test::TempDir to;
  ASSERT_EQ(run("models install --from " + (shared / "models").string() + " --to " + to.path()).exit_code,
            kExitOk);
  const std::string scenes = (shared / "images" / "scenes_composed").string();
  const Outcome found =
      run("detect --models " + to.path() + " " + scenes + "/scene00.jpg " + scenes + "/scene01.jpg");
  EXPECT_EQ(found.exit_code, kExitOk) << found.output;
  EXPECT_TRUE(says(found, "\"detector\":\"yunet\"")) << found.output;
  EXPECT_EQ(std::count(found.output.begin(), found.output.end(), '\n'), 2) << found.output;
}

}  // namespace
}  // namespace veilgate
