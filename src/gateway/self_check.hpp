// 'Why does it not work?' answered for one mini program: what WeChat says to our token request, what pushes came, and
// what is likely wrong. Messages are for a person, in Chinese or English.
#pragma once

#include <boost/json/array.hpp>

#include "gateway/miniprograms.hpp"
#include "gateway/push_stats.hpp"
#include "gateway/tokens.hpp"

namespace miniops::gateway {

// What the checks look at.
struct CheckFacts {
  TokenRow token;
  wechat::Mode mode = wechat::Mode::safe;
  bool has_aes_key = false;
  bool restrict_push_sources = false;
  bool has_push_sources = false;
  TimeMs last_push_at = 0;
  TimeMs last_bad_signature_at = 0;  // and similar refusals
  std::vector<PushFailure> failures;
};

// [{id, state: ok|warning|failed|unknown, message, copy?, at?}]; `language`: "zh" or "en".
boost::json::array run_checks(const CheckFacts& facts, std::string_view language);
// "zh" unless English is preferred.
std::string_view language_of(std::string_view accept_language);

class SelfCheck {
 public:
  SelfCheck(sql::Database& database, MiniPrograms& programs, Tokens& tokens, const PushStats& stats)
      : database_(database), programs_(programs), tokens_(tokens), stats_(stats) {}
  // Asks WeChat for a token (normal mode) and looks.
  Task<Result<CheckFacts>> facts(AppId appid);

 private:
  sql::Database& database_;
  MiniPrograms& programs_;
  Tokens& tokens_;
  const PushStats& stats_;
};

}  // namespace miniops::gateway
