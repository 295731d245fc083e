#include "config/forbidden_keys.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <vector>

namespace veilgate {
namespace {

struct Rule {
  KeyRefusal refusal;
  std::set<std::string> words;         // whole words of a key, lower case
  std::vector<std::string> fragments;  // anywhere in the key: Chinese has no word boundaries
};

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all{
      {{"forbidden_attribute",
        "R-025",
        {"本网关不分析年龄、性别、民族、肤色、表情、情绪、健康等人员属性，请删除",
         "attributes of people (age, gender, ethnicity, complexion, emotion, health …) are never analysed; "
         "remove it"}},
       {"age",       "ages",       "gender",       "genders",    "sex",       "ethnicity",
        "ethnic",    "race",       "nationality",  "complexion", "skin",      "emotion",
        "emotions",  "expression", "mood",         "health",     "religion",  "beauty",
        "attribute", "attributes", "demographics", "disability", "pregnancy", "income"},
       {"年龄", "性别", "民族", "种族", "肤色", "表情", "情绪", "健康", "宗教", "国籍", "属性"}},
      {{"recognition_in_surveillance",
        "R-014",
        {"监控通道不做身份识别，没有人脸库、比对或名单，请删除（核验请用专用核验终端）",
         "surveillance recognises nobody: it has no gallery, no matching and no lists; remove it "
         "(verification has its "
         "own stations)"}},
       {"recognition", "recognize",  "recognise", "identify",   "identification", "identity",
        "gallery",     "match",      "matching",  "similarity", "template",       "templates",
        "blacklist",   "whitelist",  "watchlist", "blocklist",  "enrol",          "enroll",
        "enrolment",   "enrollment", "embedding", "embeddings", "faiss"},
       {"人脸库", "比对", "识别", "黑名单", "白名单", "名单", "底库", "特征库"}},
      {{"secret_in_file",
        "R-051",
        {"配置文件中不得出现口令或密钥：请放入凭据目录中的文件，并用 credentials "
         "写出文件名；已写入的请立即更换",
         "no password or key belongs into this file: put it into a file of the credentials directory and "
         "name that file "
         "with `credentials`; change the one that stood here"}},
       {"password", "passwd", "passphrase", "pwd", "pass", "secret", "token", "apikey", "username", "user",
        "login", "psk"},
       {"口令", "密码", "密钥", "用户名"}},
  };
  return all;
}

/// "detectAge-group" → {"detect", "age", "group"}
std::vector<std::string> words_of(const std::string& key) {
  std::vector<std::string> words(1);
  bool lower_before = false;
  for (const char c : key) {
    const auto u = static_cast<unsigned char>(c);
    if (u < 0x80 && !std::isalpha(u)) {
      words.emplace_back();
      lower_before = false;
      continue;
    }
    const bool upper = u < 0x80 && std::isupper(u);
    if (upper && lower_before) words.emplace_back();
    words.back() += upper ? static_cast<char>(c + 32) : c;
    lower_before = !upper;
  }
  return words;
}

}  // namespace

const KeyRefusal* refusal_for_key(const std::string& key) {
  const auto words = words_of(key);
  for (const auto& rule : rules()) {
    const bool word = std::any_of(words.begin(), words.end(),
                                  [&](const std::string& w) { return rule.words.count(w) != 0; });
    const bool fragment = std::any_of(rule.fragments.begin(), rule.fragments.end(),
                                      [&](const std::string& f) { return key.find(f) != std::string::npos; });
    if (word || fragment) return &rule.refusal;
  }
  return nullptr;
}

}  // namespace veilgate
