// The module's values. A *profile* 客户档案 is what one mini program knows about a person in one channel; a *person*
// 客户 is all the profiles that links hold together, and is named by the smallest of their ids.
//
// What other modules keep is the ProfileId: it never changes, whatever is linked or undone.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/mask.hpp"
#include "base/words.hpp"

namespace miniops::people {

using ProfileId = NumberId<struct ProfileIdTag>;
using PersonId = NumberId<struct PersonIdTag>;
using IdentityId = NumberId<struct IdentityIdTag>;
using LinkId = NumberId<struct LinkIdTag>;
using ProposalId = NumberId<struct ProposalIdTag>;
using AttributeId = NumberId<struct AttributeIdTag>;
using NumberRowId = NumberId<struct NumberRowIdTag>;
using SegmentId = NumberId<struct SegmentIdTag>;

// The channel that WeChat's own events are about.
inline constexpr std::string_view wechat_channel = "wechat_miniprogram";

// openid is the profile's own id within its channel; the others are further ones.
enum class IdentityKind { openid, unionid, outside_id, login_id, phone };
// Who said so. session_from: parameters that were signed with the project's key.
enum class Source { none, agent, api, session_from };
enum class LinkSource { unionid, agent, api, proposal };
enum class ProposalState { open, confirmed, rejected };

struct Identity {
  IdentityId id{};
  ProfileId profile{};
  IdentityKind kind{};
  std::string value{};       // when sealed: its masked form
  std::string search_key{};  // the value, or its HMAC
  std::string sealed{};      // empty: not sealed
  Source source{};
  TimeMs created_at = 0;
};

struct Profile {
  ProfileId id{};
  PersonId person{};
  AppId appid{};
  std::string channel{}, openid{};
  std::int64_t version = 1;  // of what people change: compared and set
  std::string nickname{}, avatar_url{}, note{};
  int level = 0;  // 0 … 9
  Source level_source = Source::none;
  std::vector<std::string> tags{};
  std::string source{};  // the page or entrance that the person first came from
  TimeMs first_seen_at = 0, last_seen_at = 0, updated_at = 0;
};

// A phone, ID or card number in a text of a profile, which holds it masked.
struct SealedNumber {
  NumberRowId id{};
  ProfileId profile{};
  std::string field{};              // nickname, note, or the id of an attribute
  std::int64_t at = 0, length = 0;  // of its masked form, in code points
  PersonalData kind{};
  std::string search_key{}, sealed{};
};

struct Link {
  LinkId id{};
  ProfileId a{}, b{};  // a < b
  LinkSource source{};
  std::string linked_by{};  // empty: by itself
  TimeMs linked_at = 0;
};

struct Proposal {
  ProposalId id{};
  ProfileId a{}, b{};
  IdentityKind because{};
  ProposalState state{};
  TimeMs proposed_at = 0;
  std::string decided_by{};
  TimeMs decided_at = 0;
};

struct Block {
  std::int64_t id = 0;
  AppId appid{};
  ProfileId profile{};
  std::string reason{}, blocked_by{};
  TimeMs blocked_at = 0;
  TimeMs ends_at = 0;  // 0: for ever
};

inline constexpr std::array<std::string_view, 5> identity_kind_words{"openid", "unionid", "outside_id", "login_id",
                                                                     "phone"};
inline constexpr std::array<std::string_view, 4> source_words{"none", "agent", "api", "session_from"};
inline constexpr std::array<std::string_view, 4> link_source_words{"unionid", "agent", "api", "proposal"};
inline constexpr std::array<std::string_view, 3> proposal_state_words{"open", "confirmed", "rejected"};

inline std::span<const std::string_view> words_of(IdentityKind) { return identity_kind_words; }
inline std::span<const std::string_view> words_of(Source) { return source_words; }
inline std::span<const std::string_view> words_of(LinkSource) { return link_source_words; }
inline std::span<const std::string_view> words_of(ProposalState) { return proposal_state_words; }

}  // namespace miniops::people
