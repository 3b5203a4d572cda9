// session-from: what the mini program gives along when a customer opens the conversation. It comes from the phone and
// is trusted only where the mini program's own server has signed it. Pure.
//
//   level=3&login_id=u77&_ts=1763701200&_sig=<signature>&page=pages%2Forder
//
// What stands before `_sig` is signed, with `_ts`, the seconds since 1970 when that was done; what follows may have
// been added by the phone. The signature is base64url(HMAC-SHA256(key, canonical)), without padding; `canonical` is the
// signed parameters but `_sig`, sorted by the bytes of their names, names and values percent-encoded (RFC 3986), as
// name=value joined by '&'. With `_openid` among them, the parameters count for that customer only: without it whoever
// sees a signed text can use it until it expires.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace miniops::people {

inline constexpr std::size_t session_from_bytes_max = 1000;  // WeChat's limit

using Parameters = std::map<std::string, std::string>;

enum class SignatureProblem {
  none,         // signed, and everything is right; or not signed at all, and nothing is trusted
  malformed,    // too long, no UTF-8, a name twice in the signed part, `_ts` missing or no number
  wrong,        // not signed with this key, or changed since
  expired,      // `_ts` lies longer ago than allowed
  too_early,    // `_ts` lies more than five minutes ahead
  other_openid  // signed for another customer
};
std::string_view to_string(SignatureProblem problem);

struct SignedParameters {
  Parameters trusted{};    // without those that begin with '_'
  Parameters untrusted{};  // everything, when there is a problem; of a name that came twice the first
  SignatureProblem problem = SignatureProblem::none;
};

// Who sends it, when, and how long a signature lasts.
struct SessionFromArrival {
  std::string_view openid{};
  TimeMs now = 0;
  TimeMs valid_ms = day_ms;
};
SignedParameters signed_parameters(std::string_view key, std::string_view session_from,
                                   const SessionFromArrival& arrival);

// The text as people may read it: a signature is good for a day, and whoever reads the conversation needs none.
std::string without_signature(std::string_view session_from);

// The page or channel that a source names: a path ("pages/x/y": letters, digits, _ - . and at least one /), without its
// query; or a short word with hardly a digit ("商品详情页", "cart"). '' for anything else, which may say who somebody
// is. A word that is somebody's name cannot be told from a channel's.
std::string plain_source(std::string_view source);

// The text for the button. `openid`: empty, or the only customer that it is for. people.invalid_session_from: a name is
// empty or begins with '_', no UTF-8, or the text would be longer than WeChat takes.
Result<std::string> sign_session_from(std::string_view key, const Parameters& parameters, std::string_view openid,
                                      TimeMs now);

}  // namespace miniops::people
