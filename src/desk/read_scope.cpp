#include "desk/read_scope.hpp"

#include <fmt/format.h>

#include "desk/errors.hpp"

namespace miniops::desk {

using identity::Permission;

namespace {

using Groups = std::set<routing::GroupId>;

Groups ids_in(const std::set<std::string>& texts) {
  Groups ids;
  for (const std::string& text : texts)
    if (const auto id = parse_as<routing::GroupId>(text)) ids.insert(*id);
  return ids;
}

// "(0, $3, $4 …)", which no group 0 is in.
std::string list_of(const Groups& groups, sql::Params& params) {
  // Few lengths, so that few texts are prepared.
  std::size_t padded = 4;
  while (padded < groups.size()) padded *= 4;
  std::string list = "(0";
  auto group = groups.begin();
  for (std::size_t i = 0; i < padded; ++i) {
    params.emplace_back(group == groups.end() ? routing::GroupId() : *group++);
    list += fmt::format(", ${}", params.size());
  }
  return list + ")";
}

bool names(const Conversation& conversation, AccountId account) {
  const auto named = named_readers(conversation);
  return !account.empty() && std::ranges::find(named, account) != named.end();
}

}  // namespace

std::vector<AccountId> named_readers(const Conversation& conversation) {
  if (conversation.state == State::closed) return {};
  std::vector<AccountId> readers = conversation.mentioned;
  if (!conversation.offer.to.empty()) readers.push_back(conversation.offer.to);
  return readers;
}

bool ReadScope::covers(const Conversation& conversation) const {
  return works_on(conversation) || names(conversation, account);
}

bool ReadScope::by_grant(const Conversation& conversation) const {
  if (account.empty() || member_of.contains(conversation.placement.group)) return false;
  return conversation.assignee != account && !names(conversation, account);
}

bool ReadScope::wide() const { return !account.empty() && (!groups || !std::ranges::includes(member_of, *groups)); }

std::optional<std::set<std::string>> groups_read(const identity::Access& access, const teams::Setup& setup) {
  std::set<std::string> groups;
  for (const Permission wide : {Permission::desk_records_all, Permission::desk_supervise, Permission::desk_inspect}) {
    auto granted = access.groups_with(wide);
    if (!granted) return std::nullopt;
    groups.merge(*granted);
  }
  for (const teams::GroupId group : teams::groups_of(setup.roster().of(access.account()))) groups.insert(group.str());
  return groups;
}

ReadScope read_scope(const identity::Access& access, const teams::Setup& setup) {
  ReadScope scope{access.account()};
  if (const auto groups = groups_read(access, setup)) scope.groups = ids_in(*groups);
  if (const auto groups = access.groups_with(Permission::desk_supervise)) scope.supervised = ids_in(*groups);
  const auto own = teams::groups_of(setup.roster().of(access.account()));
  scope.member_of = {own.begin(), own.end()};
  return scope;
}

Result<void> may_read(const ReadScope& scope, const Conversation& conversation) {
  if (scope.covers(conversation)) return {};
  return fail(errors::other_group());
}

Result<void> may_work_on(const ReadScope& scope, const Conversation& conversation) {
  if (scope.works_on(conversation)) return {};
  return fail(errors::other_group());
}

live::Audience audience_of(const Conversation& conversation) {
  return {conversation.placement.group.str(), conversation.assignee, named_readers(conversation),
          conversation.id.value()};
}

live::Audience supervisors_of(const Conversation& conversation) { return {conversation.placement.group.str()}; }

std::string covered_by(const ReadScope& scope, sql::Params& params) {
  if (!scope.groups) return "";
  params.emplace_back(scope.account);
  const std::size_t account = params.size();
  return fmt::format(
      " AND (c.assignee_id = ${0} OR c.group_id IN {1} OR (c.state <> 'closed' AND ((c.offer_to <> 0 AND c.offer_to = "
      "${0}) OR (c.mentioned <> '' AND EXISTS (SELECT 1 FROM desk_mentions n WHERE n.conversation_id = c.id AND "
      "n.account_id = ${0} AND n.withdrawn_at = 0 AND n.kind <> 'answer')))))",
      account, list_of(*scope.groups, params));
}

std::string heard_by(const ReadScope& scope, sql::Params& params) {
  if (!scope.supervised) return "";
  params.emplace_back(scope.account);
  const std::size_t account = params.size();
  return fmt::format(
      " AND (m.whispered_to = 0 OR m.whispered_to = ${0} OR m.sender_id = CAST(${0} AS TEXT) OR m.conversation_id IN "
      "(SELECT s.id FROM desk_conversations s WHERE s.thread_id = m.thread_id AND s.group_id IN {1}))",
      account, list_of(*scope.supervised, params));
}

}  // namespace miniops::desk
