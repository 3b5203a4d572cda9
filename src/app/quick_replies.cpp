#include "app/quick_replies.hpp"

#include "gateway/media.hpp"

namespace miniops::app {

bool GatewayPictures::exists(sql::Transaction& tx, const AppId& appid, std::string_view picture_id) {
  return gateway::find_picture(tx, appid, picture_id).has_value();
}

}  // namespace miniops::app
