#include "wechat/errors.hpp"

#include <algorithm>
#include <array>

#include "wechat/api.hpp"

namespace miniops::wechat {

namespace {

struct Explanation {
  int errcode;
  std::string_view zh, en;
};

// What happened, and what the reader can do. Sorted by code; docs/errors.md points here.
constexpr Explanation explanations[] = {
    {errcode_not_understood, "微信的回答无法识别，可能是网络代理或微信服务异常。请稍后再试，并检查服务器的出网代理。",
     "WeChat's answer could not be understood; a network proxy or WeChat itself may be at fault. Try again later and "
     "check the server's outgoing proxy."},
    {-1, "微信系统繁忙。系统会自动重试，无需操作。",
     "WeChat is busy. It is tried again by itself; nothing needs to be done."},
    {0, "成功。", "Done."},
    {40001,
     "凭证无效：AppSecret 不正确，或 access_token 已被别处刷新。请核对 AppSecret，并确认没有其他系统在刷新 "
     "access_token。",
     "The credential is not valid: the AppSecret is wrong, or another system has refreshed the access_token. Check the "
     "AppSecret and make sure that nothing else refreshes the token."},
    {40002, "凭证类型不正确，或该账号不能使用此接口。请在小程序后台确认接口权限。",
     "The grant type is wrong, or this account may not use this API. Check its API permissions in WeChat's console."},
    {40003, "openid 不正确，或该用户不属于这个小程序。请确认 AppID 与用户匹配。",
     "The openid is wrong, or belongs to another mini program. Check that AppID and customer belong together."},
    {40004, "不支持的媒体类型。请改发图片（PNG、JPEG、GIF）。",
     "This media type is not supported. Send a picture (PNG, JPEG, GIF) instead."},
    {40005, "不支持的文件类型。请改发 PNG、JPEG 或 GIF 图片。",
     "This file type is not supported. Send a PNG, JPEG or GIF picture."},
    {40006, "文件太大或为空。请发送不超过 2 MB 的图片。",
     "The file is too large or empty. Send a picture of at most 2 MB."},
    {40007, "素材已失效（临时素材只保留 3 天）。系统会重新上传一次；仍失败时请重新选择图片。",
     "The media is no longer there (WeChat keeps it for 3 days). It is uploaded again once; if that fails, choose the "
     "picture anew."},
    {40008, "小程序客服不支持这种消息类型。请改发文字、图片、图文链接或小程序卡片。",
     "A mini program may not send this type of message. Send a text, a picture, a link or a mini program card."},
    {40009, "图片太大。请发送不超过 2 MB 的图片。", "The picture is too large. Send one of at most 2 MB."},
    {40013, "AppID 不正确。请在小程序设置中核对 AppID。",
     "The AppID is wrong. Check it in the mini program's settings."},
    {40014, "access_token 格式不正确。系统会重新获取并重试一次。",
     "The access_token is malformed. A new one is fetched and the call tried once more."},
    {40033, "内容含有不合法字符。请删除特殊字符后重发。",
     "The content has characters that are not allowed. Remove special characters and send it again."},
    {40125, "AppSecret 不正确。请在微信公众平台重置后，填入小程序设置。",
     "The AppSecret is wrong. Reset it on WeChat's platform and enter it in the mini program's settings."},
    {40164, "服务器 IP 不在白名单中。请把提示的 IP 加入微信公众平台的“IP 白名单”。",
     "The server's IP is not on the white list. Add the IP that is shown to the IP white list (IP白名单) on WeChat's "
     "platform."},
    {40200, "账号类型不支持此接口。", "This type of account may not use this API."},
    {40243, "AppSecret 已被冻结。请由管理员在微信公众平台解冻。",
     "The AppSecret is frozen. An administrator must unfreeze it on WeChat's platform."},
    {41001, "请求缺少 access_token。请在网关页刷新凭证；若反复出现，请联系管理员。",
     "The access_token was missing. Refresh it on the gateway page; if this comes back, tell an administrator."},
    {41002, "缺少 AppID。请在小程序设置中填写。", "The AppID is missing. Enter it in the mini program's settings."},
    {41004, "缺少 AppSecret。请在小程序设置中填写。",
     "The AppSecret is missing. Enter it in the mini program's settings."},
    {41005, "没有收到媒体文件。请重新选择图片。", "The media file was missing. Choose the picture again."},
    {41006, "缺少 media_id。请重新选择图片。", "The media_id was missing. Choose the picture again."},
    {42001, "access_token 已过期。系统会重新获取并重试一次。",
     "The access_token has expired. A new one is fetched and the call tried once more."},
    {43001, "接口要求 GET 请求。请检查微信接口地址设置。",
     "This API wants GET. Check the configured address of WeChat's API."},
    {43002, "接口要求 POST 请求。请检查微信接口地址设置，以及中间的代理。",
     "This API wants POST. Check the configured address of WeChat's API and any proxy on the way."},
    {43003, "接口要求 HTTPS。请把微信接口地址改为 https。", "This API wants HTTPS. Set WeChat's API address to https."},
    {43004, "需要接收者关注账号。请引导客户先关注。",
     "The receiver must follow the account first. Ask the customer to do so."},
    {44002, "请求内容为空。请重新发送。", "The request was empty. Send it again."},
    {44004, "文字内容为空。请填写内容后发送。", "The text is empty. Write something and send it again."},
    {44990, "调用过于频繁（每秒）。系统会放慢并自动重试。",
     "Too many calls in one second. It slows down and is tried again by itself."},
    {44991, "调用过于频繁（每分钟）。系统会放慢并自动重试。",
     "Too many calls in one minute. It slows down and is tried again by itself."},
    {44993, "今天的调用次数过多。请明天再试。", "Too many calls today. Try again tomorrow."},
    {45001, "文件超过大小限制。请发送不超过 2 MB 的图片。", "The file is too large. Send a picture of at most 2 MB."},
    {45002, "消息太长（文字最多 2048 字节，约 680 个汉字）。请拆成几条发送。",
     "The message is too long (a text may have 2048 bytes, about 680 Chinese characters). Send it in parts."},
    {45003, "标题太长。请缩短标题。", "The title is too long. Shorten it."},
    {45004, "描述太长。请缩短描述。", "The description is too long. Shorten it."},
    {45005, "链接太长。请换用较短的链接。", "The link is too long. Use a shorter one."},
    {45006, "图片链接太长。请换用较短的图片地址。", "The picture's address is too long. Use a shorter one."},
    {45007, "语音太长。", "The voice message is too long."},
    {45008, "图文数量超过限制。每次只发送一条。", "Too many articles. Send one at a time."},
    {45009, "今天的接口调用次数已用完，北京时间 0 点后自动恢复发送。",
     "Today's calls of this API are used up. Sending goes on by itself after midnight, Beijing time."},
    {45011, "调用过于频繁（每分钟）。系统会放慢并自动重试。",
     "Too many calls in one minute. It slows down and is tried again by itself."},
    {45015, "已超过回复时限（客户最后来信后 48 小时）。客户再次来信后会自动发出；也可以改用订阅消息或电话联系。",
     "The time to reply is over (48 hours after the customer's last message). It is sent when the customer writes "
     "again; "
     "a subscribe message or a call are other ways."},
    {45047, "连续发送的客服消息已达上限（客户每次来信后最多 5 条）。客户再次来信后会自动发出。",
     "The limit of messages is reached (5 after each message of the customer). It is sent when the customer writes "
     "again."},
    {45072, "“正在输入”指令不正确。", "The typing command is wrong."},
    {45080, "“正在输入”需要客户在最近 30 秒内来信。无需操作。",
     "Typing is only shown within 30 seconds of the customer's message. Nothing needs to be done."},
    {45081, "“正在输入”正在显示。无需操作。", "Typing is being shown already. Nothing needs to be done."},
    {46001, "素材不存在，可能已过期。请重新选择图片。",
     "The media does not exist; it may have expired. Choose the picture again."},
    {47001, "微信无法解析请求内容。请删除特殊字符后重发；若仍失败，请联系管理员。",
     "WeChat could not parse the request. Remove special characters and send it again; if it still fails, tell an "
     "administrator."},
    {48001, "小程序没有此接口的权限。请在微信公众平台开通客服功能。",
     "The mini program has no permission for this API. Turn on customer service on WeChat's platform."},
    {48002, "客户拒收消息。只能等客户再次来信，或用其他方式联系。",
     "The customer refuses messages. Wait until the customer writes again, or use another way."},
    {48004, "接口因违规被封禁。请在微信公众平台的通知中心查看原因并申诉。",
     "The API is banned for a violation. See the reason in the notices of WeChat's platform and appeal there."},
    {50002, "账号功能受限。请在微信公众平台查看账号状态。",
     "The account is restricted. See its state on WeChat's platform."},
    {50004, "账号不能使用获取凭证的接口。请在微信公众平台查看账号状态。",
     "The account may not fetch tokens. See its state on WeChat's platform."},
    {50007, "账号已被冻结。请由管理员在微信公众平台处理。",
     "The account is frozen. An administrator must settle this on WeChat's platform."},
    {61004, "服务器 IP 未登记。请把服务器 IP 加入第三方平台的白名单。",
     "The server's IP is not registered. Add it to the white list of the third-party platform."},
    {61007, "此接口不在授权范围内。请让管理员重新授权。",
     "This API was not granted. Ask the administrator to authorise again."},
    {65400, "客服功能尚未开通。请在微信公众平台开通。",
     "Customer service is not enabled. Turn it on on WeChat's platform."},
    {65401, "客服账号不正确。请检查客服账号设置。", "The agent account is wrong. Check the agent account's settings."},
    {70000, "消息因未成年人保护被拦截，无法发送给该客户。",
     "The message was blocked for the protection of minors and cannot be sent to this customer."},
    {87014, "内容未通过微信的安全检查。请修改内容后再发。",
     "The content did not pass WeChat's content check. Change it and send it again."},
    {89503, "此 IP 的调用需要管理员确认。请管理员在微信中确认后重试。",
     "Calls from this IP await the administrator's confirmation in WeChat. Confirm, then try again."},
    {89506, "管理员已拒绝此 IP 的调用（24 小时内）。请联系管理员，24 小时后再试。",
     "The administrator refused calls from this IP for 24 hours. Talk to the administrator and try again later."},
    {89507, "管理员已拒绝此 IP 的调用（1 小时内）。请联系管理员，1 小时后再试。",
     "The administrator refused calls from this IP for 1 hour. Talk to the administrator and try again later."},
};
static_assert(std::ranges::is_sorted(explanations, {}, &Explanation::errcode));

Policy policy_of_token_api(int errcode) {
  switch (errcode) {
    case 0:
      return Policy::ok;
    case -1:
    case 45011:
    case 44990:
    case 44991:
    case errcode_not_understood:
      return Policy::back_off;
    case 45009:
      return Policy::pause_until_midnight;
    default:
      return Policy::stop_and_show;  // 40001 40125 40164 40243 …: only a person can mend it
  }
}

}  // namespace

std::unexpected<Error> malformed(std::string message) {
  return fail(ErrorKind::invalid, "wechat.malformed", std::move(message));
}

Policy policy_of(int errcode, bool token_api) {
  if (token_api) return policy_of_token_api(errcode);
  switch (errcode) {
    case 0:
      return Policy::ok;
    case 40001:
    case 40014:
    case 42001:
      return Policy::renew_token;
    case -1:
    case 45011:
    case 44990:
    case 44991:
    case errcode_not_understood:
      return Policy::back_off;
    case 45009:
      return Policy::pause_until_midnight;
    case 40007:
      return Policy::upload_media_again;
    case 45015:
    case 45047:
      return Policy::hold;
    default:
      return Policy::give_up;
  }
}

std::string explain(int errcode, std::string_view language) {
  const bool english = language == "en";
  const auto* found = std::ranges::lower_bound(explanations, errcode, {}, &Explanation::errcode);
  if (found != std::end(explanations) && found->errcode == errcode) return std::string(english ? found->en : found->zh);
  const std::string number = std::to_string(errcode);
  return english ? "WeChat refused with error " + number +
                       ". Look it up in WeChat's documentation, or tell an administrator."
                 : "微信返回错误 " + number + "。请查阅微信官方文档，或联系管理员。";
}

std::optional<std::string> ip_not_allowed(std::string_view errmsg) {
  constexpr std::string_view mark = "invalid ip";
  std::size_t at = errmsg.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  at += mark.size();
  if (errmsg.substr(at).starts_with(": ")) ++at;
  while (at < errmsg.size() && errmsg[at] == ' ') ++at;
  const std::string_view allowed = "0123456789abcdefABCDEF.:";
  const std::size_t end = std::min(errmsg.find_first_not_of(allowed, at), errmsg.size());
  std::string_view address = errmsg.substr(at, end - at);
  if (address.starts_with("::ffff:") && address.find('.') != std::string_view::npos) address.remove_prefix(7);
  const bool looks_right = address.size() >= 2 && address.size() <= 45 &&
                           (std::ranges::count(address, '.') == 3 || std::ranges::count(address, ':') >= 2);
  return looks_right ? std::optional<std::string>(address) : std::nullopt;
}

}  // namespace miniops::wechat
