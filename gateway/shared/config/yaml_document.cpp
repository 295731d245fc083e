#include "config/yaml_document.h"

#include <sstream>

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace veilgate {
namespace {

struct Refused {  // thrown through yaml-cpp, caught below
  int line;
  const char* code;
  Words message;
};

/// Builds the tree from the parser's events. Aliases are never followed, so that a small file cannot become
/// large.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(Findings& findings) : findings_(findings) {}
  Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check_anchor(mark, anchor);
    put(make(Node::Kind::kNull, mark));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    findings_.error_at(
        mark.line + 1, "alias", "",
        {"不接受别名（*名称）：请写出该值", "aliases (*name) are not accepted: write the value out"});
    put(make(Node::Kind::kNull, mark));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_anchor(mark, anchor);
    Node node = make(Node::Kind::kScalar, mark);
    node.quoted = tag == "!";
    if (tag != "!" && tag != "?" && !tag.empty()) refuse_tag(mark);
    node.text = value;
    put(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Node::Kind::kList, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Node::Kind::kMap, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Node node;
    std::optional<Node> key;  // a map's key that waits for its value
  };

  static Node make(Node::Kind kind, const YAML::Mark& mark) {
    Node node;
    node.kind = kind;
    node.line = mark.line + 1;
    return node;
  }
  void check_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor == 0) return;
    findings_.error_at(mark.line + 1, "anchor", "",
                       {"不接受锚点（&名称）", "anchors (&name) are not accepted"});
  }
  void refuse_tag(const YAML::Mark& mark) {
    findings_.error_at(mark.line + 1, "tag", "",
                       {"不接受类型标签（!标签）", "tags (!name) are not accepted"});
  }
  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    check_anchor(mark, anchor);
    if (tag != "?" && !tag.empty()) refuse_tag(mark);
    if (stack_.size() >= static_cast<std::size_t>(kMaxConfigDepth))
      throw Refused{
          mark.line + 1, "too_deep", {"嵌套过深（最多 16 层）", "nested too deeply (at most 16 levels)"}};
    stack_.push_back({make(kind, mark), std::nullopt});
  }
  void close() {
    Node done = std::move(stack_.back().node);
    stack_.pop_back();
    put(std::move(done));
  }
  void put(Node node) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& top = stack_.back();
    if (top.node.kind == Node::Kind::kList) return top.node.items.push_back(std::move(node));
    if (!top.key) {
      top.key = std::move(node);
      return;
    }
    add_entry(top.node, std::move(*top.key), std::move(node));
    top.key.reset();
  }
  void add_entry(Node& map, Node key, Node value) {
    if (key.kind != Node::Kind::kScalar) {
      findings_.error_at(key.line, "key_not_text", "", {"键必须是文本", "a key must be plain text"});
    } else if (key.text == "<<") {
      findings_.error_at(
          key.line, "merge_key", "<<",
          {"不接受合并键（<<）：请写出所需的键", "merge keys (<<) are not accepted: write the keys out"});
    } else {
      map.entries.push_back({std::move(key.text), key.line, std::move(value)});
    }
  }

  Findings& findings_;
  std::vector<Open> stack_;
  Node root_;
};

/// The length of the UTF-8 sequence at `i`, 0 when it is none (overlong forms and surrogates are none).
std::size_t utf8_length(const std::string& s, std::size_t i) {
  const auto byte = [&](std::size_t k) { return k < s.size() ? static_cast<unsigned char>(s[k]) : 0u; };
  const unsigned lead = byte(i);
  if (lead < 0x80) return 1;
  const std::size_t n = lead >= 0xF0 && lead < 0xF5   ? 4
                        : lead >= 0xE0 && lead < 0xF0 ? 3
                        : lead >= 0xC2 && lead < 0xE0 ? 2
                                                      : 0;
  for (std::size_t k = 1; k < n; ++k)
    if ((byte(i + k) & 0xC0) != 0x80) return 0;
  if (lead == 0xE0 && byte(i + 1) < 0xA0) return 0;
  if (lead == 0xED && byte(i + 1) > 0x9F) return 0;
  if (lead == 0xF0 && byte(i + 1) < 0x90) return 0;
  if (lead == 0xF4 && byte(i + 1) > 0x8F) return 0;
  return n;
}

/// Tabs are reported one per line and reading goes on; other control characters and bad UTF-8 end it.
bool bytes_are_readable(const std::string& text, Findings& findings) {
  int line = 1, last_tab = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t n = utf8_length(text, i);
    const auto c = static_cast<unsigned char>(text[i]);
    if (n == 0 || (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F) {
      findings.error_at(line, "not_text", "",
                        {"此行含有非 UTF-8 字节或控制字符：请以 UTF-8 保存文件",
                         "bytes that are not UTF-8 text, or control characters: save the file as UTF-8"});
      return false;
    }
    if (c == '\t' && line != last_tab) {
      findings.error_at(line, "tab", "", {"不接受制表符：请用空格", "tabs are not accepted: use spaces"});
      last_tab = line;
    }
    if (c == '\n') ++line;
    i += n;
  }
  return true;
}

/// Later entries with a key that is already there are reported and dropped; every path's line is remembered.
void walk(Node& node, const std::string& path, Findings& findings) {
  std::map<std::string, int> seen;
  std::vector<NodeEntry> unique;
  for (auto& entry : node.entries) {
    const std::string at = child_path(path, shown(entry.key));
    const auto [first, fresh] = seen.emplace(entry.key, entry.line);
    if (!fresh) {
      const std::string line = std::to_string(first->second);
      findings.error_at(
          entry.line, "duplicate_key", at,
          {"键“" + shown(entry.key) + "”重复（首次出现在第 " + line + " 行）：请保留一处",
           "`" + shown(entry.key) + "` is already given in line " + line + ": keep one of the two"});
      continue;
    }
    findings.remember(at, entry.line);
    walk(entry.value, at, findings);
    unique.push_back(std::move(entry));
  }
  node.entries = std::move(unique);
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    findings.remember(child_path(path, i), node.items[i].line);
    walk(node.items[i], child_path(path, i), findings);
  }
}

std::optional<Node> parse(const std::string& text, Findings& findings) {
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    TreeBuilder builder(findings);
    if (!parser.HandleNextDocument(builder)) return Node{};
    Node root = builder.take();
    TreeBuilder second(findings);
    if (parser.HandleNextDocument(second))
      findings.error_at(
          second.take().line, "second_document", "",
          {"只接受一个 YAML 文档（请删除 ---）", "only one YAML document is accepted (remove the ---)"});
    return root;
  } catch (const Refused& refused) {
    findings.error_at(refused.line, refused.code, "", refused.message);
  } catch (const YAML::DeepRecursion&) {
    findings.error_at(0, "too_deep", "", {"嵌套过深（最多 16 层）", "nested too deeply (at most 16 levels)"});
  } catch (const YAML::Exception& error) {
    findings.error_at(error.mark.is_null() ? 0 : error.mark.line + 1, "syntax", "",
                      {"不是有效的 YAML（" + shown(error.msg) + "）：请检查缩进、引号和冒号",
                       "not valid YAML (" + shown(error.msg) + "): look at indentation, quotes and colons"});
  } catch (const std::exception&) {
    findings.error_at(0, "syntax", "", {"不是有效的 YAML", "not valid YAML"});
  }
  return std::nullopt;
}

}  // namespace

const Node* Node::find(const std::string& key) const {
  for (const auto& entry : entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}

std::optional<Node> read_yaml(const std::string& text, Findings& findings) {
  if (text.size() > kMaxConfigBytes) {
    findings.error_at(0, "too_large", "",
                      {"文件过大（最多 1 MiB）", "the file is too large (at most 1 MiB)"});
    return std::nullopt;
  }
  if (!bytes_are_readable(text, findings)) return std::nullopt;
  std::optional<Node> root = parse(text, findings);
  if (!root) return std::nullopt;
  findings.remember("", root->line > 0 ? root->line : 1);
  walk(*root, "", findings);
  return root;
}

}  // namespace veilgate
