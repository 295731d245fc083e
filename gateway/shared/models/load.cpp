#include "models/load.h"

#include <fstream>

#include "core/language.h"
#include "crypto/hash.h"

namespace veilgate {
namespace {

constexpr std::uintmax_t kMaxModelBytes = 64U << 20;

}  // namespace

Result<Bytes> read_whole_file(const std::filesystem::path& file) {
  std::error_code failure;
  const auto size = std::filesystem::file_size(file, failure);
  if (!failure && size > kMaxModelBytes)
    return Error(ErrorCode::kInvalidInput,
                 file.string() + say("：过大，不是模型文件", ": too large for a model file"));
  std::ifstream in(file, std::ios::binary);
  Bytes bytes(failure ? 0 : size);
  if (failure || !in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size())))
    return Error(ErrorCode::kNotFound, file.string() + say("：无法读取", ": cannot be read"));
  return bytes;
}

Result<void> check_model(const CatalogueModel& model, ByteView bytes, const std::string& place) {
  const std::string found = to_hex(sha256(bytes));
  if (found == model.sha256) return {};
  return Error(ErrorCode::kUntrusted, place + say("：不是已核准的模型 ", ": not the pinned model ") +
                                          std::string(model.name) +
                                          say("。应为 SHA-256 ", ". Expected SHA-256 ") +
                                          std::string(model.sha256) + say("，实为 ", ", found ") + found);
}

Result<Bytes> load_model(const CatalogueModel& model, const ModelSearchPath& path) {
  const std::string file_name(model.file_name), name(model.name);
  const auto file = path.find(file_name);
  if (!file) {
    std::string looked;
    for (const auto& directory : path.directories)
      looked += (looked.empty() ? "" : ", ") + directory.string();
    return Error(ErrorCode::kMissingPart,
                 say("缺少模型 ", "model ") + name + say("（", " is not installed (") + file_name +
                     say("；已查找 ", "; looked in ") + looked +
                     say("）。安装命令：", "). Install it with: ") + "veilgate models install --download" +
                     say("，或 ", ", or without a network: ") + "veilgate models install --from DIR");
  }
  VG_TRY(Bytes bytes, read_whole_file(*file));
  VG_CHECK(check_model(model, bytes, file->string()));
  return bytes;
}

}  // namespace veilgate
