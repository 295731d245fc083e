#include <set>

#include "config/documentation.h"
#include "config/location_class.h"
#include "config/sections.h"

namespace veilgate {
namespace {

std::string cell(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

const char* change_words(const Field& field) {
  if (field.shape == FieldShape::kSection) return "";  // its keys say it
  switch (field.reload) {
    case Reload::kLive:
      return "即时 live";
    case Reload::kCamera:
      return "重启该摄像机 camera";
    case Reload::kRestart:
      return "重启网关 restart";
  }
  return "";
}

std::string presence_words(const Field& field) {
  if (field.presence == Presence::kRequired) return "**必填 needed**";
  if (field.presence == Presence::kByLaw) return "**必填 needed** (" + field.requirement + ")";
  if (!field.fallback.empty())
    return "`" + cell(field.fallback) + "`" + (field.unit.empty() ? "" : " " + field.unit);
  return cell(field.fallback_note);
}

std::string value_words(const Field& field) {
  switch (field.shape) {
    case FieldShape::kLeaf:
      return cell(field.allowed.zh) + "<br>" + cell(field.allowed.en);
    case FieldShape::kList:
      return "[" + field.section->name + "](#" + field.section->name + ") 的列表 / list";
    case FieldShape::kSection:
    case FieldShape::kOptionalSection:
      return "[" + field.section->name + "](#" + field.section->name + ")";
  }
  return "";
}

class ReferenceWriter {
 public:
  std::string whole_file() {
    out_ =
        "# 配置参考 / Configuration reference\n\n"
        "<!-- Generated: veilgate check --print-reference > config/reference.md -->\n\n"
        "一个 YAML 文件；未知键、重复键、合并键、锚点和制表符都是错误。“变更”一列说明修改后 SIGHUP "
        "如何生效。\n\n"
        "One YAML file; unknown, duplicate and merge keys, anchors and tabs are errors. The column “change” "
        "says how a "
        "new value comes into force on SIGHUP: at once (live), with this camera's worker started again "
        "(camera), or "
        "only with a restart of the gateway (restart).\n";
    write(config_section(), "");
    write_locations();
    return out_;
  }

 private:
  void write(const Section& section, const std::string& path) {
    if (!known_.insert(section.name).second) return;
    out_ += "\n## " + section.name + "\n\n" + section.title.zh + " / " + section.title.en +
            (path.empty() ? "" : " — `" + path + "`") +
            "\n\n| 键 key | 值 value | 缺省 default | 变更 change | 含义 meaning |\n|---|---|---|---|---|\n";
    for (const auto& field : section.fields)
      out_ += "| `" + field.key + "` | " + value_words(field) + " | " + presence_words(field) + " | " +
              change_words(field) + " | " + cell(field.meaning.zh) + "<br>" + cell(field.meaning.en) + " |\n";
    for (const auto& field : section.fields)
      if (field.section)
        write(*field.section, child_path(path, field.key) + (field.shape == FieldShape::kList ? "[]" : ""));
  }

  void write_locations() {
    out_ += "\n## 安装部位 / location_class\n\n| 值 value | 含义 meaning |\n|---|---|\n";
    for (const auto& place : location_classes())
      out_ += std::string("| `") + place.word + "` | " + place.zh + " / " + place.en + " |\n";
    out_ +=
        "\n《公共安全视频图像信息系统管理条例》（国务院令第799号）第八条禁止的部位不得启用，遮挡或同意都不能"
        "使其合法："
        "\n客房、包间、宿舍、员工休息间、浴室、卫生间、更衣室、哺乳室、试衣间等。\n\nPlaces that State "
        "Council Order 799 "
        "art. 8 forbids never start, whatever mask or consent: guest rooms, private boxes, dormitories, "
        "staff rest rooms, "
        "bathrooms, toilets, changing, nursing and fitting rooms and their like.\n";
  }

  std::string out_;
  std::set<std::string> known_;
};

}  // namespace

std::string config_reference_markdown() { return ReferenceWriter().whole_file(); }

}  // namespace veilgate
