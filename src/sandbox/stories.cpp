#include "sandbox/stories.hpp"

#include <fmt/format.h>

#include <array>

namespace miniops::sandbox {

namespace {

using Lines = std::string_view;

constexpr Lines shipping[] = {
    "你好，我前天买的东西怎么还没发货呀|请问我的订单什么时候发货？|在吗，三天了还没发货[流泪]", "订单号 {order}"};
constexpr Lines shipping_more[] = {"那今天能发出来吗？周末要用的|大概几号能到成都？",
                                   "好的，能帮我催一下吗|行，那我再等等"};

constexpr Lines parcel[] = {"物流三天没动了，帮我看看|快递卡在中转站好几天了，怎么回事", "image:parcel"};
constexpr Lines parcel_more[] = {"单号就是截图上那个", "要是丢件了能补发吗？|如果明天还不动可以退款吗",
                                 "好 麻烦你们跟快递联系一下"};

constexpr Lines refund[] = {"我想退款|退款怎么操作啊，找不到入口|申请退款了一直没人处理"};
constexpr Lines refund_more[] = {"{order} 这一单|订单 {order}，拍错颜色了", "钱退到哪里？要几天到账|运费谁出呀",
                                 "好的知道了"};

constexpr Lines broken[] = {"收到货了，盒子是破的！！|快递送来就是坏的，你们看看", "image:broken",
                            "里面的蓝莓都压烂了，怎么处理|少了两盒，能补发吗"};
constexpr Lines broken_more[] = {"订单号 {order}，今天上午签收的", "补发吧，不要退款|那就退一半钱吧",
                                 "电话 {phone}，地址不变"};

constexpr Lines payment[] = {"付款一直失败是什么情况|支付不了，点了好几次都报错", "image:payment"};
constexpr Lines payment_more[] = {"安卓，微信是最新版|苹果手机，重启过了也不行", "钱会不会扣两次啊？我有点担心",
                                  "可以了，刚刚付成功了"};

constexpr Lines invoice[] = {"你好 可以开发票吗|请问电子发票在哪里开？"};
constexpr Lines invoice_more[] = {"公司抬头，需要税号吗|能开专票吗", "发到邮箱就行，订单 {order}"};

constexpr Lines address[] = {"刚下的单地址填错了，能改吗|急急急 收货地址写错了"};
constexpr Lines address_more[] = {"订单 {order}，改成原来小区 3 栋 502", "手机号也换成 {phone}", "太好了"};

constexpr Lines product[] = {"card:云南高原蓝莓 4 盒装|pages/item/item?id=9", "这个还有货吗|这款保质期多久呀？"};
constexpr Lines product_more[] = {"两件有优惠吗|可以用满减券吗", "那我拍两份，尽量发日期新的"};

constexpr Lines coupon[] = {"新人券领了怎么用不了|优惠券显示不满足条件，明明够 99 了"};
constexpr Lines coupon_more[] = {"我买的是生鲜专区的|没有叠加别的活动", "哦哦 原来是这样"};

constexpr Lines crash[] = {"小程序打不开，一直白屏|点提交订单就闪退"};
constexpr Lines crash_more[] = {"华为 Mate 60，鸿蒙系统|iPhone 13，16.6 的系统", "删了重新进还是不行", "下午再试试吧"};

constexpr Lines late_night[] = {"有人吗？", "会员怎么取消自动续费|积分什么时候清零"};
constexpr Lines late_night_more[] = {"找到了，但是点了没反应", "好的"};

constexpr std::array all = {
    Story{"发货", "page=pages/order/detail", shipping, shipping_more},
    Story{"物流", "page=pages/order/logistics", parcel, parcel_more},
    Story{"退款", "page=pages/order/after_sale", refund, refund_more},
    Story{"破损", "page=pages/order/after_sale", broken, broken_more},
    Story{"支付", "page=pages/pay/failed", payment, payment_more},
    Story{"发票", "page=pages/me/me", invoice, invoice_more},
    Story{"改地址", "page=pages/order/detail", address, address_more},
    Story{"商品", "page=pages/item/item&id=9", product, product_more},
    Story{"优惠券", "page=pages/coupon/coupon", coupon, coupon_more},
    Story{"故障", "page=pages/index/index", crash, crash_more},
    Story{"会员", "page=pages/member/member", late_night, late_night_more},
};

std::string digits(Random& random, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += static_cast<char>('0' + random.below(10));
  return text;
}

void replace(std::string& text, std::string_view what, const std::string& with) {
  if (const auto at = text.find(what); at != std::string::npos) text.replace(at, what.size(), with);
}

std::string_view alternative(std::string_view line, Random& random) {
  std::vector<std::string_view> choices;
  for (auto bar = line.find('|'); bar != std::string_view::npos; bar = line.find('|')) {
    choices.push_back(line.substr(0, bar));
    line.remove_prefix(bar + 1);
  }
  choices.push_back(line);
  return choices[random.below(choices.size())];
}

}  // namespace

std::span<const Story> stories() { return all; }
std::string_view impatient_line() { return "在吗？|有人吗|？？？|客服呢"; }
std::string_view thanks_line() { return "谢谢|好的谢谢啦|嗯嗯 谢谢客服|OK👌"; }

Saying saying_of(std::string_view line, Random& random) {
  Saying saying;
  if (line.starts_with("image:")) {
    saying.msgtype = "image";
    saying.content = {{"picture", line.substr(6)}};
  } else if (line.starts_with("card:")) {
    const auto bar = line.find('|');
    saying.msgtype = "miniprogrampage";
    saying.content = {{"title", line.substr(5, bar - 5)}, {"pagepath", line.substr(bar + 1)}, {"picture", "order"}};
  } else {
    std::string text(alternative(line, random));
    replace(text, "{order}", "2026112" + digits(random, 9));
    replace(text, "{phone}", "138" + digits(random, 8));
    saying.msgtype = "text";
    saying.content = {{"content", text}};
  }
  return saying;
}

}  // namespace miniops::sandbox
