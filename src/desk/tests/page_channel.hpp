// A channel as a page of ours would be: no window, no budget, no menus, nothing is tried again. It keeps what it gets.
#pragma once

#include <map>

#include "desk/channel.hpp"

namespace miniops::desk {

class PageChannel final : public Channel {
 public:
  PageChannel() {
    capabilities_.receives = capabilities_.sends = {"text", "image"};
    capabilities_.picture_bytes_max = 100;
    capabilities_.reply_path = ReplyPath::live;
  }
  std::string_view name() const override { return "page"; }
  const Capabilities& capabilities() const override { return capabilities_; }
  Result<Handed> hand_over(sql::Transaction&, const Handover& message, TimeMs) override {
    handed[message.id] = wechat::outgoing_json(message.message);
    return Handed{gateway::DeliveryState::queued, {}};
  }
  Result<Handed> resend(sql::Transaction&, MessageId, const Thread&, const wechat::Outgoing&, TimeMs) override {
    throw std::logic_error("a live channel was asked to send again");
  }
  boost::json::array attempts(sql::Transaction&, MessageId id) const override {
    boost::json::array list;
    if (handed.contains(id)) list.push_back(boost::json::object{{"at", 1}, {"state", "sent"}});
    return list;
  }
  std::optional<gateway::Budget> budget(sql::Transaction&, const AppId&, const OpenId&, TimeMs) const override {
    return std::nullopt;
  }
  Opened open_window(sql::Transaction&, const Thread&, bool, TimeMs) override { return {}; }
  void want_media(sql::Transaction&, const AppId&, const wechat::Message&, TimeMs) override {}
  void wake() override { ++wakes; }
  void typing(const AppId&, const OpenId&, bool) override {
    throw std::logic_error("a channel that shows no typing was told of it");
  }

  std::map<MessageId, boost::json::object> handed;
  int wakes = 0;

 private:
  Capabilities capabilities_;
};

}  // namespace miniops::desk
