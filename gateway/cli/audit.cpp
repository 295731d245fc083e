// veilgate audit verify | export: examines the audit logs without changing them.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "audit/audit_log.h"
#include "cli/commands.h"
#include "core/exit_code.h"
#include "core/language.h"
#include "crypto/key_file.h"

namespace veilgate::cli {
namespace {

using nlohmann::ordered_json;

struct Options {
  std::string state = "/var/lib/veilgate";
  std::vector<std::string> files;
  std::vector<std::string> keys;
  std::string since, until;
  std::string format = "csv";
  bool json = false;
};

/// The logs named, or all under <state>/audit, in the order of their names.
std::vector<std::string> logs_of(const Options& options) {
  if (!options.files.empty()) return options.files;
  std::vector<std::string> found;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(options.state + "/audit", none))
    if (entry.path().extension() == ".audit") found.push_back(entry.path().string());
  std::sort(found.begin(), found.end());
  return found;
}

void complain(const std::string& message) { std::fprintf(stderr, "%s\n", message.c_str()); }

int no_logs(const Options& options) {
  complain(say("没有找到审计日志：" + options.state + "/audit/*.audit（用 --state 或直接给出文件）",
               "no audit log found: " + options.state + "/audit/*.audit (give --state, or the files)"));
  return kExitNoInput;
}

ordered_json report_json(const std::string& file, const AuditReport& report) {
  return {{"file", file},
          {"process", report.process},
          {"records", report.records},
          {"first", report.first},
          {"last", report.head.number},
          {"digest", to_hex(report.head.digest)},
          {"signed_up_to", report.signed_up_to}};
}

void print_report(const std::string& file, const AuditReport& report, bool with_keys) {
  const std::string signed_text = with_keys
                                      ? say("，签名覆盖至第 " + std::to_string(report.signed_up_to) + " 条",
                                            ", signed up to record " + std::to_string(report.signed_up_to))
                                      : say("，未检查签名（用 --key 给出公钥）",
                                            ", signatures not checked (give the public keys with --key)");
  std::printf("%s: %s%s\n", file.c_str(),
              report.findings.empty() ? say(std::to_string(report.records) + " 条记录，完整",
                                            std::to_string(report.records) + " records, whole")
                                            .c_str()
                                      : say(std::to_string(report.records) + " 条记录，发现 " +
                                                std::to_string(report.findings.size()) + " 处问题",
                                            std::to_string(report.records) + " records, " +
                                                std::to_string(report.findings.size()) + " findings")
                                            .c_str(),
              signed_text.c_str());
  for (const auto& finding : report.findings)
    std::printf("  %s: %s\n", to_string(finding.kind), finding.message.c_str());
  std::printf("  %s %s\n", say("末条摘要", "digest of the last record").c_str(),
              to_hex(report.head.digest).c_str());
}

int verify(const Options& options) {
  std::vector<VerifyingKey> keys;
  for (const auto& file : options.keys) {
    auto key = load_verifying_key(file);
    if (!key) {
      complain(key.error().message());
      return kExitNoInput;
    }
    keys.push_back(std::move(key).value());
  }
  const auto logs = logs_of(options);
  if (logs.empty()) return no_logs(options);
  ordered_json answer{{"ok", true}, {"problems", ordered_json::array()}, {"logs", ordered_json::array()}};
  int exit_code = kExitOk;
  for (const auto& file : logs) {
    const auto report = verify_audit(file, keys);
    if (!report) {
      complain(file + ": " + report.error().message());
      answer["problems"].push_back(
          {{"code", "unreadable"}, {"path", file}, {"line", 0}, {"message", report.error().message()}});
      exit_code = kExitNoInput;
      continue;
    }
    if (!report->findings.empty() && exit_code == kExitOk) exit_code = kExitNotGood;
    for (const auto& finding : report->findings)
      answer["problems"].push_back({{"code", to_string(finding.kind)},
                                    {"path", file},
                                    {"line", finding.number},
                                    {"message", finding.message}});
    answer["logs"].push_back(report_json(file, *report));
    if (!options.json) print_report(file, *report, !keys.empty());
  }
  answer["ok"] = exit_code == kExitOk;
  if (options.json)
    std::printf("%s\n", answer.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
  return exit_code;
}

/// RFC 4180; a leading = + - @ would be run as a formula by the spreadsheet an inspector opens this with.
std::string csv_field(std::string text) {
  if (!text.empty() && std::string("=+-@\t\r").find(text[0]) != std::string::npos) text.insert(0, "'");
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

/// The columns of the use record (A.7), then what a machine wants to know as well.
constexpr char kCsvHead[] =
    "系统编号,名称,人员,单位,开始时间,结束时间,内容,进程,事件,结果,对象,记录时间,摘要\r\n";

std::string csv_line(const AuditRecord& record) {
  const auto& entry = record.entry;
  const auto begin = format_utc(entry.begin.value_or(record.time)),
             end = format_utc(entry.end.value_or(record.time));
  std::string line;
  for (const auto& field :
       {std::to_string(record.number), record.process + "/" + to_string(entry.event), entry.actor, entry.unit,
        begin, end, entry.content, record.process, std::string(to_string(entry.event)),
        std::string(to_string(entry.outcome)), entry.object, format_utc(record.time), to_hex(record.digest)})
    line += (line.empty() ? "" : ",") + csv_field(field);
  return line + "\r\n";
}

std::string json_line(const AuditRecord& record) {
  const auto& entry = record.entry;
  ordered_json line{{"number", record.number},
                    {"time", format_utc(record.time)},
                    {"process", record.process},
                    {"event", to_string(entry.event)},
                    {"outcome", to_string(entry.outcome)},
                    {"actor", entry.actor},
                    {"unit", entry.unit},
                    {"object", entry.object},
                    {"content", entry.content},
                    {"begin", nullptr},
                    {"end", nullptr},
                    {"previous", to_hex(record.previous)},
                    {"digest", to_hex(record.digest)}};
  if (entry.begin) line["begin"] = format_utc(*entry.begin);
  if (entry.end) line["end"] = format_utc(*entry.end);
  if (record.signature) {
    line["signer"] = to_hex(record.signer);
    line["signature"] = to_hex(*record.signature);
  }
  return line.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

int export_logs(const Options& options) {
  std::optional<UtcTime> since, until;
  for (auto [text, bound] : {std::pair{&options.since, &since}, std::pair{&options.until, &until}}) {
    if (text->empty()) continue;
    const auto time = parse_utc(*text);
    if (!time) {
      complain(time.error().message());
      return kExitUsage;
    }
    *bound = *time;
  }
  const auto logs = logs_of(options);
  if (logs.empty()) return no_logs(options);
  if (options.format == "csv") std::printf("\xEF\xBB\xBF%s", kCsvHead);  // a BOM, or Excel shows mojibake
  for (const auto& file : logs) {
    const auto records = read_audit(file, since, until);
    if (!records) {
      complain(file + ": " + records.error().message());
      return kExitNoInput;
    }
    for (const auto& record : *records)
      std::fputs((options.format == "csv" ? csv_line(record) : json_line(record)).c_str(), stdout);
  }
  return kExitOk;
}

void add_common(CLI::App* command, Options& options) {
  command->add_option(
      "FILE", options.files,
      say("审计日志文件（默认为状态目录下全部）", "audit logs (default: all of the state directory)"));
  command->add_option("--state", options.state, say("状态目录", "state directory"));
}

}  // namespace

void add_audit(CLI::App& root, int& exit_code) {
  auto options = std::make_shared<Options>();
  auto* command = root.add_subcommand("audit", say("核验或导出审计日志", "verify or export the audit logs"));
  command->require_subcommand(1);
  auto* verifying = command->add_subcommand(
      "verify", say("核验链、签名与完整性", "check chain, signatures and completeness"));
  add_common(verifying, *options);
  verifying->add_option("--key", options->keys,
                        say("可信的 SM2 公钥（PEM，可多次）", "trusted SM2 public key (PEM, repeatable)"));
  verifying->add_flag("--json", options->json, say("以 JSON 输出", "answer as JSON"));
  verifying->callback([=, &exit_code] { exit_code = verify(*options); });
  auto* exporting = command->add_subcommand(
      "export", say("导出使用记录（A.7 各列）", "export the use records (columns of A.7)"));
  add_common(exporting, *options);
  exporting->add_option("--since", options->since,
                        say("起始时间（UTC）", "from this time on (UTC, 2026-03-01T08:15:30.123Z)"));
  exporting->add_option("--until", options->until,
                        say("截止时间（UTC，不含）", "up to this time (UTC, exclusive)"));
  exporting->add_option("--format", options->format, say("csv 或 jsonl", "csv or jsonl"))
      ->check(CLI::IsMember({"csv", "jsonl"}));
  exporting->callback([=, &exit_code] { exit_code = export_logs(*options); });
}

}  // namespace veilgate::cli
