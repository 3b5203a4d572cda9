#include "telemetry/record_json.hpp"

#include "base/mask.hpp"

namespace miniops::telemetry {

namespace {

json::object shown(const Device& device) {
  return {{"brand", device.brand},
          {"model", device.model},
          {"level", device.level},
          {"os", device.os},
          {"os_version", device.os_version},
          {"wechat", device.wechat},
          {"base_library", device.base_library}};
}

}  // namespace

json::object shown(const NamedRow& named, bool personal) {
  const events::FoundRow& row = named.row;
  const auto seen = [&](const std::string& text) { return personal ? text : mask_personal_data(text); };
  boost::system::error_code problem;
  json::value properties = json::parse(seen(row.properties), problem);
  if (problem) properties = json::object{};
  return {{"id", std::to_string(row.sequence)},
          {"record_id", row.id},
          {"at", row.time},
          {"received_at", row.received},
          {"late", row.late},
          {"weight", row.weight},
          {"value", row.value ? json::value(*row.value) : json::value(nullptr)},
          {"name", named.name},
          {"level", to_string(Level{static_cast<std::uint8_t>(row.level)})},
          {"person", row.person == 0 ? json::value(nullptr) : json::value(std::to_string(row.person))},
          {"session", row.session},
          {"page_view", row.page_view},
          {"trace", row.trace},
          {"page", named.page},
          {"release", named.release},
          {"build", to_string(Build{static_cast<std::uint8_t>(row.build)})},
          {"scene", row.scene},
          {"network", named.network},
          {"region", named.region},
          {"client", named.client},
          {"device", shown(named.device)},
          {"text", seen(row.text)},
          {"properties", std::move(properties)}};
}

}  // namespace miniops::telemetry
