// What quick replies need of the gateway.
#pragma once

#include "quick_replies/ports.hpp"

namespace miniops::app {

class GatewayPictures final : public quick_replies::Pictures {
 public:
  bool exists(sql::Transaction& tx, const AppId& appid, std::string_view picture_id) override;
};

}  // namespace miniops::app
