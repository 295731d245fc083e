#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <unistd.h>

#include "cli/commands.h"
#include "core/exit_code.h"
#include "core/language.h"

namespace veilgate::cli {

const std::vector<Delegate>& delegates() {
  static const std::vector<Delegate> all{
      {"analyze", "veilgate-surveillance", "离线分析一个视频文件", "analyse a video file exactly as a camera's chain would"},
      {"detect", "veilgate-surveillance", "在图片中检测人脸位置", "find faces in still images (boxes and scores only)"},
      {"mask-preview", "veilgate-surveillance", "生成隐私遮挡预览图", "write a picture of a camera's view after the privacy mask"},
      {"probe", "veilgate-surveillance", "检查摄像机地址", "examine a camera URL and name the cause of a failure"},
      {"receive", "veilgate-receive", "平台参考接收端", "the platform's reference receiver"},
  };
  return all;
}

std::string sibling_executable(const std::string& name) {
  std::error_code ignored;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const auto beside = self.parent_path() / name;
  return std::filesystem::exists(beside, ignored) ? beside.string() : name;
}

int run_delegate(const Delegate& delegate, char** arguments) {
  const std::string path = sibling_executable(delegate.executable);
  execvp(path.c_str(), arguments);
  const bool absent = errno == ENOENT;
  std::fprintf(stderr, "%s: %s: %s\n", path.c_str(),
               say("无法启动", "cannot be started").c_str(), std::strerror(errno));
  return absent ? kExitMissingPart : kExitInternal;
}

}  // namespace veilgate::cli
