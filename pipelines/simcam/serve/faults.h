#pragma once
// What can go wrong with a camera, on demand: the faults that tests of the gateway need, and the line
// protocol that switches them on and off while the camera runs. One command per line, one answer per line:
// "ok" or "error: …". Thread word: plain data and reentrant functions.

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "simcam/scene/view.h"

namespace veilgate::simcam {

enum class Codec { kH264, kH265, kMjpeg };
const char* to_string(Codec codec);
Result<Codec> parse_codec(const std::string& text);
/// "1280x720"
Result<PictureSize> parse_size(const std::string& text);

/// Lasting faults: they hold until switched off.
struct Faults {
  bool freeze = false;      ///< the same picture again and again
  bool silent = false;      ///< sockets stay open, no packet comes
  bool cover = false;       ///< a hand over the lens: black
  int defocus_px = 0;       ///< radius of the blur, 0 = sharp
  double shift_x = 0;       ///< the camera was knocked: share of the width …
  double shift_y = 0;       ///< … and of the height by which the view moved
  double shift_deg = 0;     ///< and by how much it turned
  double corrupt_rate = 0;  ///< probability of a flipped bit in the coded pictures
  double clock_skew_s = 0;  ///< of the camera's wall clock in RTCP sender reports
  double drop_every_s = 0;  ///< connections are cut this often, 0 = never
  bool refuse = false;      ///< every user name and password is refused
  int refuse_after = 0;     ///< refuse from this many connections on, 0 = never

  bool changes_picture() const {
    return freeze || cover || defocus_px > 0 || shift_x != 0 || shift_y != 0 || shift_deg != 0;
  }
};

/// What happens once.
enum class Action { kNone, kEnd, kDrop, kQuit, kStatus, kResize, kRecode };

struct Command {
  Action action = Action::kNone;
  PictureSize size;            ///< of kResize
  Codec codec = Codec::kH264;  ///< of kRecode
};

/// Reads one line, changes `faults` when it names a lasting fault, and says what else is to be done. An
/// unknown command or a value out of range is an error that names what is allowed.
Result<Command> apply_command(const std::string& line, Faults& faults);

/// The commands with their meaning, for --help.
std::string command_help();

/// Changes a picture as the faults say. `scratch` is reused; `last` is the picture that a freeze repeats.
void damage_picture(const Faults& faults, PictureSize size, std::vector<std::uint8_t>& i420,
                    std::vector<std::uint8_t>& scratch, std::vector<std::uint8_t>& last);

/// Flips bits of a coded picture beyond its first `spared` bytes with the given probability per bit.
/// Repeatable.
void corrupt(std::vector<std::uint8_t>& coded, std::size_t spared, double rate, std::uint64_t seed);

}  // namespace veilgate::simcam
