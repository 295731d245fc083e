#include "simcam/serve/faults.h"

#include <functional>
#include <map>
#include <optional>
#include <sstream>

namespace veilgate::simcam {
namespace {

using Words = std::vector<std::string>;

Error wrong(const std::string& what) { return Error(ErrorCode::kInvalidInput, what); }

Result<double> number(const Words& words, std::size_t at, double low, double high) {
  if (at >= words.size()) return wrong(words[0] + ": a number is missing");
  std::size_t used = 0;
  double value = 0;
  try {
    value = std::stod(words[at], &used);
  } catch (const std::exception&) {
    used = 0;
  }
  if (used != words[at].size() || !(value >= low && value <= high))
    return wrong(words[0] + ": " + words[at] + " is not a number from " + std::to_string(low) + " to " +
                 std::to_string(high));
  return value;
}

bool is_off(const Words& words) { return words.size() > 1 && words[1] == "off"; }

Result<bool> on_off(const Words& words) {
  if (words.size() == 2 && words[1] == "on") return true;
  if (words.size() == 2 && words[1] == "off") return false;
  return wrong(words[0] + ": say on or off");
}

using Handler = std::function<Result<Command>(const Words&, Faults&)>;

Handler switches(bool Faults::*member) {
  return [member](const Words& words, Faults& faults) -> Result<Command> {
    VG_TRY(faults.*member, on_off(words));
    return Command{};
  };
}
Handler sets(double Faults::*member, double low, double high) {
  return [=](const Words& words, Faults& faults) -> Result<Command> {
    if (is_off(words)) return faults.*member = 0, Command{};
    VG_TRY(faults.*member, number(words, 1, low, high));
    return Command{};
  };
}
Handler does(Action action) {
  return [action](const Words&, Faults&) -> Result<Command> { return Command{action, {}, {}}; };
}

Result<Command> defocus(const Words& words, Faults& faults) {
  if (is_off(words)) return faults.defocus_px = 0, Command{};
  VG_TRY(const double radius, number(words, 1, 1, 64));
  faults.defocus_px = static_cast<int>(radius);
  return Command{};
}

Result<Command> shift(const Words& words, Faults& faults) {
  if (is_off(words)) return faults.shift_x = faults.shift_y = faults.shift_deg = 0, Command{};
  VG_TRY(const double x, number(words, 1, -1, 1));
  VG_TRY(const double y, number(words, 2, -1, 1));
  double degrees = 0;
  if (words.size() > 3) {
    VG_TRY(degrees, number(words, 3, -180, 180));
  }
  faults.shift_x = x, faults.shift_y = y, faults.shift_deg = degrees;
  return Command{};
}

Result<Command> refuse(const Words& words, Faults& faults) {
  if (words.size() == 3 && words[1] == "after") {
    VG_TRY(const double after, number(words, 2, 1, 1e6));
    faults.refuse_after = static_cast<int>(after);
    return Command{};
  }
  VG_TRY(faults.refuse, on_off(words));
  if (!faults.refuse) faults.refuse_after = 0;
  return Command{};
}

Result<Command> resize(const Words& words, Faults&) {
  if (words.size() != 2) return wrong("size: say WIDTHxHEIGHT");
  VG_TRY(const PictureSize size, parse_size(words[1]));
  return Command{Action::kResize, size, {}};
}

Result<Command> recode(const Words& words, Faults&) {
  if (words.size() != 2) return wrong("codec: say h264, h265 or mjpeg");
  VG_TRY(const Codec codec, parse_codec(words[1]));
  return Command{Action::kRecode, {}, codec};
}

const std::map<std::string, Handler>& handlers() {
  static const std::map<std::string, Handler> kHandlers = {
      {"freeze", switches(&Faults::freeze)},
      {"silent", switches(&Faults::silent)},
      {"cover", switches(&Faults::cover)},
      {"defocus", defocus},
      {"shift", shift},
      {"corrupt", sets(&Faults::corrupt_rate, 0, 1)},
      {"clock-skew", sets(&Faults::clock_skew_s, -1e9, 1e9)},
      {"drop-every", sets(&Faults::drop_every_s, .1, 1e6)},
      {"refuse-credentials", refuse},
      {"size", resize},
      {"codec", recode},
      {"end", does(Action::kEnd)},
      {"drop", does(Action::kDrop)},
      {"status", does(Action::kStatus)},
      {"quit", does(Action::kQuit)},
      {"clear", [](const Words&, Faults& faults) -> Result<Command> { return faults = Faults{}, Command{}; }},
  };
  return kHandlers;
}

}  // namespace

const char* to_string(Codec codec) {
  switch (codec) {
    case Codec::kH264:
      return "h264";
    case Codec::kH265:
      return "h265";
    case Codec::kMjpeg:
      return "mjpeg";
  }
  return "?";
}

Result<Codec> parse_codec(const std::string& text) {
  for (const Codec codec : {Codec::kH264, Codec::kH265, Codec::kMjpeg})
    if (text == to_string(codec)) return codec;
  return wrong("codec " + text + ": allowed are h264, h265 and mjpeg");
}

Result<PictureSize> parse_size(const std::string& text) {
  PictureSize size;
  char by = 0, more = 0;
  std::istringstream in(text);
  if (!(in >> size.width >> by >> size.height) || by != 'x' || in >> more || size.width < 160 ||
      size.height < 90 || size.width > 3840 || size.height > 2160 || size.width % 2 || size.height % 2)
    return wrong("size " + text + ": WIDTHxHEIGHT, even numbers from 160x90 to 3840x2160");
  return size;
}

Result<Command> apply_command(const std::string& line, Faults& faults) {
  std::istringstream in(line);
  Words words;
  for (std::string word; in >> word;) words.push_back(word);
  if (words.empty()) return Command{};
  const auto found = handlers().find(words[0]);
  if (found == handlers().end()) {
    std::string known;
    for (const auto& [name, handler] : handlers()) known += (known.empty() ? "" : ", ") + name;
    return wrong("unknown command " + words[0] + "; known are " + known);
  }
  return found->second(words, faults);
}

std::string command_help() {
  return R"(Commands, one per line, on standard input (--control -) or a Unix socket (--control PATH); answers "ok" or "error: ...":
  freeze on|off              the same picture again and again
  silent on|off              connections stay open, no packet comes
  cover on|off               black, as with a hand over the lens
  defocus PIXELS|off         blur of that radius
  shift X Y [DEGREES]|off    the camera was knocked: shares of width and height, and a turn
  corrupt RATE|off           flips bits of the coded pictures with that probability
  clock-skew SECONDS|off     wall clock of the RTCP sender reports
  size WxH                   new picture size in mid-stream
  codec h264|h265|mjpeg      new codec; clients are cut and find it when they return
  end                        the stream ends (clients get EOS)
  drop                       cuts every connection
  drop-every SECONDS|off     cuts every connection again and again
  refuse-credentials on|off  every user and password is refused
  refuse-credentials after N refuses from the Nth connection on
  clear                      no fault any more
  status                     one line of JSON
  quit                       ends the camera
--fault "SECONDS COMMAND" does the same at a time after the start; it can be given several times.)";
}

}  // namespace veilgate::simcam
