#include "config/location_class.h"

#include <algorithm>
#include <string>

namespace veilgate {
namespace {

std::string plain(std::string_view text) {
  std::string out;
  for (char c : text)
    if (c != '-' && c != '_' && c != ' ') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

/// Chinese words that name a forbidden place wherever they stand.
const std::vector<const char*>& forbidden_fragments() {
  static const std::vector<const char*> all{"客房", "包间", "包房", "宿舍",   "休息间",
                                            "浴室", "淋浴", "澡堂", "卫生间", "洗手间",
                                            "厕所", "更衣", "哺乳", "母婴室", "试衣"};
  return all;
}

}  // namespace

const std::vector<LocationClass>& location_classes() {
  static const std::vector<LocationClass> all{
      {"entrance", "出入口", "entrance or exit"},
      {"gate", "大门、道闸", "gate or barrier"},
      {"lobby", "大堂、门厅", "lobby"},
      {"reception", "前台", "reception"},
      {"corridor", "走廊", "corridor"},
      {"elevator_lobby", "电梯厅", "lift lobby"},
      {"elevator", "电梯轿厢", "lift car"},
      {"stairs", "楼梯", "stairs"},
      {"parking", "停车场", "car park"},
      {"courtyard", "庭院、公共绿地", "courtyard or common green"},
      {"perimeter", "周界", "perimeter"},
      {"road", "道路", "road"},
      {"roof", "屋面", "roof"},
      {"loading_dock", "装卸区", "loading dock"},
      {"counter", "柜台、营业区", "counter or service area"},
      {"warehouse", "库房", "warehouse"},
      {"equipment_room", "设备机房", "equipment room"},
      {"common_area", "其他公共部位", "another common area"},
  };
  return all;
}

const std::vector<LocationClass>& forbidden_location_classes() {
  static const std::vector<LocationClass> all{
      {"guest_room", "客房", "guest room"},
      {"hotel_room", "客房", "hotel room"},
      {"private_box", "包间", "private box"},
      {"dormitory", "宿舍", "dormitory"},
      {"dorm", "宿舍", "dormitory"},
      {"staff_rest_room", "员工休息间", "staff rest room"},
      {"staff_restroom", "员工休息间", "staff rest room"},
      {"rest_room", "休息间、卫生间", "rest room"},
      {"bathroom", "浴室", "bathroom"},
      {"shower", "浴室", "shower"},
      {"shower_room", "浴室", "shower room"},
      {"toilet", "卫生间", "toilet"},
      {"lavatory", "卫生间", "lavatory"},
      {"washroom", "卫生间", "washroom"},
      {"wc", "卫生间", "toilet"},
      {"changing_room", "更衣室", "changing room"},
      {"locker_room", "更衣室", "locker room"},
      {"dressing_room", "更衣室", "dressing room"},
      {"nursing_room", "哺乳室", "nursing room"},
      {"fitting_room", "试衣间", "fitting room"},
      {"bedroom", "卧室", "bedroom"},
  };
  return all;
}

bool is_forbidden_location(std::string_view text) {
  const std::string word = plain(text);
  const auto& places = forbidden_location_classes();
  return std::any_of(places.begin(), places.end(),
                     [&](const auto& place) { return plain(place.word) == word; }) ||
         std::any_of(forbidden_fragments().begin(), forbidden_fragments().end(),
                     [&](const char* fragment) { return text.find(fragment) != std::string_view::npos; }) ||
         text == "卧室";
}

bool suggests_forbidden_location(std::string_view name) {
  const std::string word = plain(name);
  const auto& places = forbidden_location_classes();
  return is_forbidden_location(name) || std::any_of(places.begin(), places.end(), [&](const auto& place) {
           const std::string part = plain(place.word);
           return part.size() > 4 && word.find(part) != std::string::npos;
         });
}

}  // namespace veilgate
