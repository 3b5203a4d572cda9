// The SQL of channels, their health, and consents to subscribe messages.
#pragma once

#include "notify/channel.hpp"
#include "storage/sql/database.hpp"

namespace miniops::notify {

inline constexpr std::size_t channels_max = 50;

struct ChannelRow {
  Channel channel;
  Health health;
};
// By name. A row whose settings cannot be read any more fails with request.invalid.
Result<std::vector<ChannelRow>> channels_of(sql::Transaction& tx, const AppId& appid);
Result<std::optional<ChannelRow>> find_channel(sql::Transaction& tx, const AppId& appid, ChannelId id);
void insert_channel(sql::Transaction& tx, const Channel& channel);
void update_channel(sql::Transaction& tx, const Channel& channel);
bool delete_channel(sql::Transaction& tx, const AppId& appid, ChannelId id);

enum class Presence { there, disabled, gone };
Presence presence_of(sql::Transaction& tx, const AppId& appid, ChannelId id);
// What it did last has failed.
bool is_failing(sql::Transaction& tx, const AppId& appid, ChannelId id);

// What an attempt taught of the channel. `later` and `uncertain` are failures too.
void note_health(sql::Transaction& tx, const Channel& channel, const Outcome& outcome, TimeMs now);

}  // namespace miniops::notify
