// A team at work: 500 agents in 10 groups, 50 rules, customers of all kinds. The same each time.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/random.hpp"
#include "routing/decide.hpp"

namespace miniops::bench {

using namespace routing;

inline constexpr TimeMs now = 1795226400000;  // 2026-11-21T02:00:00Z
inline constexpr int agents = 500, rules = 50, groups = 10, skills = 12;
inline const std::vector<std::string> words{"退款", "发票", "物流", "优惠券", "换货", "投诉", "密码",
                                            "支付", "会员", "维修", "地址",   "尺码", "取消", "售后",
                                            "赔偿", "预约", "故障", "安装",   "价格", "保修"};

class Team {
 public:
  Snapshot snapshot() {
    Snapshot out;
    for (int i = 1; i <= groups; ++i) out.groups.push_back({GroupId(i)});
    for (int i = 1; i <= agents; ++i) {
      Agent agent{AccountId(i)};
      agent.groups = {{GroupId(1 + i % groups), true}, {GroupId(1 + below(groups)), below(4) != 0}};
      for (int skill = 1; skill <= 4; ++skill) agent.skills.push_back({SkillId(1 + below(skills)), 1 + below(5)});
      agent.languages = {"zh"};
      agent.limit = 6 + below(7);
      agent.load = below(6);
      agent.presence = below(8) == 0 ? Presence::away : Presence::online;
      agent.assigned_at = now - below(600'000);
      out.agents.push_back(std::move(agent));
    }
    return out;
  }

  std::vector<Rule> list() {
    std::vector<Rule> out;
    for (int i = 1; i <= rules; ++i) {
      const std::string text =
          fmt::format(R"({{"name":"r{}","condition":{{"all":[{},{}]}},"target":{}}})", i, one(i), any(i), target());
      auto parsed = parse_rule(json::parse(text));
      if (!parsed) std::abort();  // the text is ours
      parsed->id = RuleId(i);
      out.push_back(std::move(*parsed));
    }
    return out;
  }

  Facts facts() {
    Facts out;
    out.page = fmt::format("pages/p{}/index?id={}", below(60), below(1000));
    out.parameters = {{"campaign", fmt::format("c{}", below(20)), below(2) == 0}, {"from", "menu"}};
    out.tags = {fmt::format("t{}", below(30)), fmt::format("t{}", below(30))};
    out.level = below(10);
    out.texts = {question()};
    out.msgtype = "text";
    out.language = "zh_CN";
    out.waiting_since = now - below(300'000);
    return out;
  }

  std::string question() {
    return fmt::format("你好，我想问一下{}的事，昨天买的东西到现在还没有消息，能帮我看看吗？订单号是{}",
                       words[random_.below(words.size())], random_.number());
  }

 private:
  int below(int bound) { return static_cast<int>(random_.below(static_cast<std::uint64_t>(bound))); }

  std::string one(int i) {
    switch (i % 4) {
      case 0:
        return fmt::format(R"({{"field":"page","op":"starts_with","value":["pages/p{}/","pages/p{}/"]}})", below(60),
                           below(60));
      case 1:
        return fmt::format(R"({{"field":"text","op":"has","value":["{}","{}","{}"]}})",
                           words[random_.below(words.size())], words[random_.below(words.size())], "人工客服");
      case 2:
        return fmt::format(R"({{"field":"parameter","key":"campaign","op":"is","value":["c{}","c{}"]}})", below(20),
                           below(20));
      default:
        return fmt::format(R"({{"field":"tag","op":"has","value":["t{}","t{}"]}})", below(30), below(30));
    }
  }
  std::string any(int i) {
    const std::string hours = R"({"field":"time","op":"within","value":{"time_zone":"Asia/Shanghai","days":{
        "mon":[{"from":"09:00","to":"18:00"}],"sat":[{"from":"09:00","to":"18:00"}]}}})";
    return fmt::format(R"({{"any":[{{"field":"level","op":"at_least","value":{}}},{}]}})", 3 + below(6),
                       i % 5 == 0 ? hours : R"({"field":"open","op":"is","value":false})");
  }
  std::string target() {
    const std::string skill =
        below(2) == 0 ? "" : fmt::format(R"({{"skill":"{}","level":{}}})", 1 + below(skills), 1 + below(3));
    return fmt::format(
        R"({{"group":"{}","skills":[{}],"match_language":true,"strategy":"{}","priority":{},
             "overflow":[{{"after_s":120,"groups":["{}","{}"]}},{{"after_s":240,"drop_skills":true}}]}})",
        1 + below(groups), skill, below(3) == 0 ? "round_robin" : "least_busy", below(50), 1 + below(groups),
        1 + below(groups));
  }

  SeededRandom random_{11};
};

}  // namespace miniops::bench
