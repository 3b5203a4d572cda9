#include "live/hub_messages.hpp"

#include <boost/json.hpp>

namespace miniops::live {

namespace json = boost::json;

std::shared_ptr<const std::string> ready_text(const AppId& appid, std::int64_t seq, bool resumed, std::int64_t missed) {
  return text_of({{"type", "ready"}, {"appid", appid.str()}, {"seq", seq}, {"resumed", resumed}, {"missed", missed}});
}

std::optional<std::set<std::int64_t>> ids_in(const json::value& list, std::size_t most) {
  if (!list.is_array() || list.get_array().size() > most) return std::nullopt;
  std::set<std::int64_t> ids;
  for (const json::value& one : list.get_array()) {
    const auto id = one.is_string() ? parse_id(one.get_string()) : std::nullopt;
    if (!id) return std::nullopt;
    ids.insert(*id);
  }
  return ids;
}

}  // namespace miniops::live
