// Asking and answering in WeChat's form, for /wxapi. Private to the module.
#pragma once

#include "official/routes.hpp"

namespace miniops::official::wx {

inline constexpr std::int64_t limit_max = 100;
inline constexpr std::int64_t offset_max = 20'000;

// WeChat's errors travel with status 200.
struct Refused {
  int errcode = 0;
  std::string errmsg;
};
template <class T>
using Wx = std::expected<T, Refused>;
std::unexpected<Refused> refuse(int errcode, std::string errmsg);
Refused bad(std::string_view name);   // an argument of a body
Refused refused(const Error& error);  // a failure of ours

// The fields of a body; scripts send numbers as texts, and texts as numbers.
class Body {
 public:
  static Wx<Body> of(const net::Request& request);  // 44002, 47001
  Wx<std::string> text(std::string_view name, std::string otherwise = "") const;
  Wx<std::int64_t> number(std::string_view name, std::int64_t otherwise, std::int64_t min, std::int64_t max) const;
  Wx<std::string> choice(std::string_view name) const;  // "0" and "" stand for all
  Wx<OwnDays> days() const;

 private:
  explicit Body(json::object object) : object_(std::move(object)) {}
  json::object object_;
};

// The same of a query, whose mistakes are 200002.
Wx<std::int64_t> log_number(const net::Request& request, std::string_view name, std::int64_t otherwise,
                            std::int64_t min, std::int64_t max);
Wx<std::string> log_text(const net::Request& request, std::string_view name);
Refused bad_log(std::string_view name);

// Reads values one after the other, and remembers the first that is wrong.
class Reading {
 public:
  template <class T>
  void into(auto& to, Wx<T> value) {
    if (value) {
      to = static_cast<std::remove_cvref_t<decltype(to)>>(std::move(*value));
    } else if (!wrong_) {
      wrong_ = std::move(value.error());
    }
  }
  const std::optional<Refused>& wrong() const { return wrong_; }

 private:
  std::optional<Refused> wrong_;
};

using Given = Task<Wx<json::object>>;
// wxapi_errors.cpp
Given jserr_list(const WxApi& api, const net::Request& request, Access access);
Given jserr_detail(const WxApi& api, const net::Request& request, Access access);
// wxapi_figures.cpp
Given get_performance(const WxApi& api, const net::Request& request, Access access);
Given get_scene(const WxApi& api, const net::Request& request, Access access);
Given get_client_version(const WxApi& api, const net::Request& request, Access access);
Given userlog_search(const WxApi& api, const net::Request& request, Access access);

}  // namespace miniops::official::wx
