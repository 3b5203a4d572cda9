#include "people/views.hpp"

#include "base/mask.hpp"

namespace miniops::people {

namespace {

std::string shown(const std::string& text, bool personal) { return personal ? text : mask_personal_data(text); }

json::array shown(const std::vector<std::string>& texts, bool personal) {
  json::array out;
  for (const std::string& text : texts) out.emplace_back(shown(text, personal));
  return out;
}

json::object to_json(const Identity& identity) {
  return {{"id", identity.id.str()},         {"kind", word(identity.kind)},
          {"value", identity.value},         {"masked", !identity.sealed.empty()},
          {"source", word(identity.source)}, {"created_at", identity.created_at}};
}

json::object to_json(const Block& block, bool personal) {
  return {{"reason", shown(block.reason, personal)},
          {"blocked_by", block.blocked_by},
          {"blocked_at", block.blocked_at},
          {"ends_at", block.ends_at}};
}

json::object shown(const json::object& attributes, bool personal) {
  json::object out = attributes;
  for (auto& member : out)
    if (member.value().is_string()) member.value() = shown(std::string(member.value().as_string()), personal);
  return out;
}

json::array to_json(const std::vector<NumberView>& numbers) {
  json::array out;
  for (const NumberView& one : numbers)
    out.push_back({{"id", one.number.id.str()},
                   {"field", one.field},
                   {"kind", word(one.number.kind)},
                   {"at", one.number.at},
                   {"length", one.number.length}});
  return out;
}

json::object to_json(const ProfileView& view, bool personal) {
  const Profile& profile = view.profile;
  json::array identities;
  for (const Identity& identity : view.identities) identities.push_back(to_json(identity));
  return {{"id", profile.id.str()},
          {"appid", profile.appid.str()},
          {"channel", profile.channel},
          {"openid", profile.openid},
          {"version", profile.version},
          {"nickname", shown(profile.nickname, personal)},
          {"avatar_url", profile.avatar_url},
          {"note", shown(profile.note, personal)},
          {"level", profile.level},
          {"level_source", word(profile.level_source)},
          {"tags", shown(profile.tags, personal)},
          {"attributes", shown(view.attributes, personal)},
          {"identities", std::move(identities)},
          {"hidden", to_json(view.numbers)},
          {"source", shown(profile.source, personal)},
          {"first_seen_at", profile.first_seen_at},
          {"last_seen_at", profile.last_seen_at},
          {"updated_at", profile.updated_at},
          {"block", view.block ? json::value(to_json(*view.block, personal)) : json::value(nullptr)}};
}

json::object end_of(const Profile& profile, const Reach& reach) {
  return {{"profile_id", profile.id.str()},
          {"appid", profile.appid.str()},
          {"openid", profile.openid},
          {"nickname", shown(profile.nickname, reach.sees_personal_data(profile.appid))}};
}

}  // namespace

json::object to_json(const store::Row& row, bool personal) {
  const Profile& profile = row.profile;
  return {{"id", profile.person.str()},
          {"profile_id", profile.id.str()},
          {"appid", profile.appid.str()},
          {"openid", profile.openid},
          {"nickname", shown(profile.nickname, personal)},
          {"avatar_url", profile.avatar_url},
          {"level", profile.level},
          {"tags", shown(profile.tags, personal)},
          {"source", shown(profile.source, personal)},
          {"first_seen_at", profile.first_seen_at},
          {"last_seen_at", profile.last_seen_at},
          {"blocked", row.blocked}};
}

json::object to_json(const PersonView& person, const Access& access, const Reach& reach) {
  json::array profiles;
  for (const ProfileView& one : person.profiles) {
    const bool here = one.profile.appid == access.appid();
    profiles.push_back(to_json(one, here ? access.sees_personal_data() : reach.sees_personal_data(one.profile.appid)));
  }
  return {{"id", person.id.str()}, {"profiles", std::move(profiles)}};
}

json::object to_json(const LinkView& view, const Reach& reach) {
  return {{"id", view.link.id.str()},
          {"source", word(view.link.source)},
          {"profiles", json::array{end_of(view.a, reach), end_of(view.b, reach)}},
          {"linked_by", view.link.linked_by},
          {"linked_at", view.link.linked_at}};
}

json::object to_json(const ProposalView& view, const Reach& reach) {
  const Proposal& proposal = view.proposal;
  return {{"id", proposal.id.str()},
          {"because", word(proposal.because)},
          {"state", word(proposal.state)},
          {"profiles", json::array{end_of(view.a, reach), end_of(view.b, reach)}},
          {"proposed_at", proposal.proposed_at},
          {"decided_by", proposal.decided_by},
          {"decided_at", proposal.decided_at == 0 ? json::value(nullptr) : json::value(proposal.decided_at)}};
}

json::object to_json(const BlockedView& view, bool personal) {
  return {{"person", to_json(view.row, personal)}, {"block", to_json(view.block, personal)}};
}

json::object to_json(const Segment& segment) {
  return {{"id", segment.id.str()},           {"name", segment.name},
          {"condition", segment.condition},   {"created_by", segment.created_by},
          {"created_at", segment.created_at}, {"updated_at", segment.updated_at}};
}

}  // namespace miniops::people
