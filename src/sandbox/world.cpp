#include "sandbox/world.hpp"

#include <fmt/format.h>

#include <array>

#include "base/encoding.hpp"

namespace miniops::sandbox {

namespace {
constexpr std::array nicknames_first = {"小",   "阿",   "老",   "晚风", "南山", "橘子",
                                        "云边", "青柠", "星河", "北巷", "半夏", "鹿鸣"};
constexpr std::array nicknames_last = {"林",   "陈",     "周",     "雨",   "北",   "汽水", "不吃鱼", "的猫",
                                       "先生", "的夏天", "小卖部", "同学", "妈妈", "队长", "很忙",   "在路上"};
}  // namespace

std::string original_id_of(std::string_view appid) { return "gh_" + hex(sha256(appid)).substr(0, 12); }

std::string random_openid(Random& random) { return "o" + random.alphanumeric(27); }

std::string random_nickname(Random& random) {
  return fmt::format("{}{}", nicknames_first[random.below(nicknames_first.size())],
                     nicknames_last[random.below(nicknames_last.size())]);
}

std::string random_rid(Random& random, TimeMs now) {
  return fmt::format("{:08x}-{:08x}-{:08x}", static_cast<std::uint32_t>(now / second_ms),
                     static_cast<std::uint32_t>(random.number()), static_cast<std::uint32_t>(random.number()));
}

Result<App*> find_app(World::Apps& apps, std::string_view appid) {
  const auto found = apps.find(appid);
  if (found == apps.end()) {
    return fail(ErrorKind::not_found, "sandbox.unknown_app", "no such mini program; POST /sandbox/apps makes one");
  }
  return &found->second;
}

Result<User*> find_user(App& app, std::string_view openid) {
  const auto found = app.users.find(openid);
  if (found == app.users.end()) return fail(ErrorKind::not_found, "sandbox.unknown_user", "no such user");
  return &found->second;
}

}  // namespace miniops::sandbox
