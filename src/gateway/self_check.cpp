#include "gateway/self_check.hpp"

#include "gateway/errors.hpp"
#include "wechat/errors.hpp"

namespace miniops::gateway {

namespace {

struct Check {
  std::string_view id;
  std::string_view state;
  std::string zh, en;
  std::string copy{};
  TimeMs at = 0;
};

Check check_secret(const TokenRow& token) {
  const bool wrong = token.health == TokenHealth::stopped &&
                     (token.errcode == 40001 || token.errcode == 40125 || token.errcode == 40013);
  if (wrong) {
    return {"secret", "failed", "AppSecret 不正确：请到微信公众平台重置并在此更新。",
            "The AppSecret is wrong: reset it in WeChat's console and enter it here."};
  }
  if (token.health == TokenHealth::ok) {
    return {"secret", "ok", "AppSecret 正确，已取得 access_token。",
            "The AppSecret is right: an access_token was obtained."};
  }
  return {"secret", "unknown", "暂时无法验证 AppSecret：" + token.error,
          "The AppSecret could not be verified: " + token.error};
}

Check check_ip(const TokenRow& token) {
  if (token.health != TokenHealth::ok && token.errcode == 40164) {
    const std::string ip = wechat::ip_not_allowed(token.error).value_or("");
    return {"ip_allowed", "failed", "服务器 IP " + ip + " 不在微信的 IP 白名单中，请复制并添加到白名单。",
            "The server's address " + ip + " is not on WeChat's white list: copy it and add it there.", ip};
  }
  if (token.health == TokenHealth::ok) {
    return {"ip_allowed", "ok", "服务器 IP 已被微信接受。", "WeChat accepts the server's address."};
  }
  return {"ip_allowed", "unknown", "尚无法判断服务器 IP 是否在白名单中。",
          "Whether the server's address is on the white list is not known yet."};
}

Check check_frozen(const TokenRow& token) {
  if (token.health != TokenHealth::ok && token.errcode == 40243) {
    return {"secret_frozen", "failed", "AppSecret 已被冻结：请到微信公众平台解冻。",
            "The AppSecret is frozen: unfreeze it in WeChat's console."};
  }
  if (token.health == TokenHealth::ok) {
    return {"secret_frozen", "ok", "AppSecret 未被冻结。", "The AppSecret is not frozen."};
  }
  return {"secret_frozen", "unknown", "尚无法判断 AppSecret 是否被冻结。",
          "Whether the AppSecret is frozen is not known yet."};
}

Check check_aes_key(const CheckFacts& facts) {
  if (facts.has_aes_key) {
    return {"aes_key", "ok", "EncodingAESKey 为 43 个字符。", "The EncodingAESKey has 43 characters."};
  }
  if (facts.mode == wechat::Mode::plain) {
    return {"aes_key", "ok", "明文模式不需要 EncodingAESKey。", "Plain mode needs no EncodingAESKey."};
  }
  return {"aes_key", "failed", "EncodingAESKey 必须恰好是 43 个字母或数字。",
          "The EncodingAESKey must be exactly 43 letters and digits."};
}

Check check_push(const CheckFacts& facts) {
  if (facts.last_push_at != 0) {
    return {"push_received", "ok", "已收到微信推送的消息。", "Pushes from WeChat arrive.", {}, facts.last_push_at};
  }
  return {"push_received", "warning", "还没有收到过推送：请在微信公众平台「开发管理 → 消息推送」中填写推送地址并启用。",
          "No push was ever received: enter the push address in WeChat's console (开发管理 → 消息推送) and enable it."};
}

std::pair<std::string, std::string> cause_text(const PushFailure& failure) {
  const std::string& cause = failure.cause;
  if (cause == "unsigned")
    return {"请求没有签名，多半不是微信发来的。", "it carried no signature: probably not from WeChat."};
  if (cause == "token_differs")
    return {"Token 与微信后台填写的不一致。", "the Token differs from the one in WeChat's console."};
  if (cause == "body_altered") {
    return {"签名与内容不符：内容可能被代理改动，或 msg_signature 缺失。",
            "the content does not match its signature: a proxy may have altered it."};
  }
  if (cause == "aes_key_differs")
    return {"EncodingAESKey 与微信后台不一致。", "the EncodingAESKey differs from the one in WeChat's console."};
  if (cause == "appid_differs")
    return {"消息属于另一个 AppID：推送地址可能填错。",
            "it belongs to another AppID: the push address may be another's."};
  if (cause == "mode_differs")
    return {"微信后台的加密方式比这里的设置弱。", "the mode in WeChat's console is weaker than the one set here."};
  if (cause == "not_wechats_address")
    return {"来源地址不在微信的服务器名单中。", "its source is not one of WeChat's servers."};
  return {"内容无法解析。", "its content cannot be read."};
}

Check check_signature(const CheckFacts& facts) {
  const auto found = std::find_if(facts.failures.begin(), facts.failures.end(),
                                  [](const PushFailure& failure) { return is_refusal(failure.reason); });
  const TimeMs at = found != facts.failures.end() ? found->at : facts.last_bad_signature_at;
  if (at == 0) return {"signature", "ok", "没有签名失败的推送。", "No push has failed its signature."};
  const std::string_view state = facts.last_push_at > at ? "warning" : "failed";
  if (found == facts.failures.end()) {
    return {"signature", state, "有推送被拒绝。", "Pushes were refused.", {}, at};
  }
  const auto [zh, en] = cause_text(*found);
  return {"signature", state, "最近一次被拒绝的推送：" + zh, "The last push that was refused: " + en, {}, at};
}

Check check_mode(const CheckFacts& facts) {
  if (facts.mode != wechat::Mode::plain) {
    return {"mode", "ok", "消息加密，内容受签名保护。", "Messages are encrypted and signed."};
  }
  if (facts.restrict_push_sources && facts.has_push_sources) {
    return {"mode", "ok", "明文模式，只接受微信服务器的来源地址。", "Plain mode; only WeChat's servers are accepted."};
  }
  if (facts.restrict_push_sources) {
    return {"mode", "warning", "明文模式：微信服务器的地址名单尚未取得，暂不限制来源。",
            "Plain mode: the list of WeChat's servers has not been fetched yet, so sources are not restricted."};
  }
  return {"mode", "warning", "明文模式不对内容签名：建议使用安全模式，或限制推送来源。",
          "Plain mode does not sign the content: use safe mode, or restrict push sources."};
}

}  // namespace

boost::json::array run_checks(const CheckFacts& facts, std::string_view language) {
  boost::json::array checks;
  for (const Check& check : {check_secret(facts.token), check_ip(facts.token), check_frozen(facts.token),
                             check_aes_key(facts), check_push(facts), check_signature(facts), check_mode(facts)}) {
    boost::json::object item;
    item["id"] = check.id;
    item["state"] = check.state;
    item["message"] = language == "en" ? check.en : check.zh;
    if (!check.copy.empty()) item["copy"] = check.copy;
    if (check.at != 0) item["at"] = check.at;
    checks.push_back(std::move(item));
  }
  return checks;
}

std::string_view language_of(std::string_view accept_language) {
  const auto first = accept_language.substr(0, accept_language.find(','));
  return first.starts_with("en") ? "en" : "zh";
}

Task<Result<CheckFacts>> SelfCheck::facts(AppId appid) {
  const auto program = co_await programs_.find(appid);
  if (!program) co_return fail(errors::unknown_mini_program());
  auto refreshed = co_await tokens_.refresh(appid, false);
  CheckFacts facts;
  if (refreshed) {
    facts.token = std::move(*refreshed);
  } else {
    auto state = co_await tokens_.state(appid);
    if (!state) co_return std::unexpected(state.error());
    facts.token = std::move(*state);
  }
  facts.mode = program->mode;
  facts.has_aes_key = !program->push_keys.aes_keys.empty();
  facts.restrict_push_sources = program->restrict_push_sources;
  facts.has_push_sources = program->push_sources != nullptr;
  facts.failures = stats_.failures(appid);
  auto work = [&](sql::Transaction& tx) -> Result<void> {
    for (const sql::Row& row :
         tx.query("SELECT outcome, MAX(last_at) FROM gateway_push_counts WHERE appid = $1 GROUP BY outcome", {appid})) {
      const std::string& outcome = row.text(0);
      TimeMs& at = outcome == "accepted" || outcome == "duplicate" ? facts.last_push_at : facts.last_bad_signature_at;
      if (outcome != "dropped") at = std::max(at, row.integer(1));
    }
    return {};
  };
  auto read = co_await database_.read(std::move(work));
  if (!read) co_return std::unexpected(read.error());
  facts.last_push_at = std::max(facts.last_push_at, stats_.figures(appid).last_at);
  co_return facts;
}

}  // namespace miniops::gateway
