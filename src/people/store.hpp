// The module's SQL. Private to the module.
#pragma once

#include <functional>

#include "people/attribute.hpp"
#include "people/segment.hpp"
#include "storage/sql/database.hpp"

namespace miniops::people::store {

// ---- profiles ----

std::optional<Profile> profile(sql::Transaction& tx, ProfileId id);
std::optional<Profile> profile(sql::Transaction& tx, const AppId& appid, std::string_view channel,
                               std::string_view openid);
// All of a person, the eldest first.
std::vector<Profile> profiles_of(sql::Transaction& tx, PersonId person);
// The one with this id, or else the eldest in this mini program of the person that has a profile with this id.
std::optional<Profile> profile_in(sql::Transaction& tx, const AppId& appid, std::int64_t id);
// False: there is one of this (appid, channel, openid).
bool insert_profile(sql::Transaction& tx, const Profile& profile);
// Compare-and-set on `version`, with its tags. False: it was changed meanwhile.
bool update_profile(sql::Transaction& tx, const Profile& profile);
void delete_profile(sql::Transaction& tx, ProfileId id);
void mark_seen(sql::Transaction& tx, ProfileId id, std::string_view source, TimeMs at, TimeMs before);

// What lists show of a profile.
struct Row {
  Profile profile;
  bool blocked = false;
};
using Before = std::optional<std::pair<std::int64_t, std::int64_t>>;
// Which profiles a caller is shown, as visibility.hpp says it of the column and the parameters.
using ShownTo = std::function<std::string(std::string_view profile, sql::Params& params)>;
// Lastly seen first.
std::vector<Row> list_profiles(sql::Transaction& tx, const AppId& appid, const ShownTo& shown_to, TimeMs now,
                               const Before& before, int limit);
std::vector<Row> profiles_with(sql::Transaction& tx, const AppId& appid, const ShownTo& shown_to, IdentityKind kind,
                               const std::string& search_key, TimeMs now, int limit);
// Those with a number in a text, or a phone among their ids.
std::vector<Row> profiles_with_number(sql::Transaction& tx, const AppId& appid, const ShownTo& shown_to,
                                      const std::string& search_key, TimeMs now, int limit);
std::vector<Row> list_matching(sql::Transaction& tx, const AppId& appid, const ShownTo& shown_to,
                               const Condition& condition, TimeMs now, ProfileId before, int limit);
std::int64_t count_matching(sql::Transaction& tx, const AppId& appid, const ShownTo& shown_to,
                            const Condition& condition, TimeMs now);
// Whether one of the person's profiles in the mini program is shown.
bool is_shown(sql::Transaction& tx, const AppId& appid, const ShownTo& shown_to, PersonId person);

// ---- identities ----

std::vector<Identity> identities_of(sql::Transaction& tx, ProfileId profile);
std::vector<Identity> identities_of(sql::Transaction& tx, PersonId person);
// Who else has it, the eldest first.
std::vector<ProfileId> others_with(sql::Transaction& tx, const Identity& identity, int limit);
void insert_identity(sql::Transaction& tx, const Identity& identity);
void delete_identity(sql::Transaction& tx, IdentityId id);

// ---- values of custom attributes ----

std::vector<Attribute> attributes(sql::Transaction& tx, const AppId& appid);
void insert_attribute(sql::Transaction& tx, const Attribute& attribute);
void update_attribute(sql::Transaction& tx, const Attribute& attribute);
void delete_attribute(sql::Transaction& tx, AttributeId id);
AttributeValues values_of(sql::Transaction& tx, ProfileId profile);
std::map<ProfileId, AttributeValues> values_of(sql::Transaction& tx, PersonId person);
void put_value(sql::Transaction& tx, ProfileId profile, AttributeId attribute, const AttributeValue& value);
bool delete_value(sql::Transaction& tx, ProfileId profile, AttributeId attribute);
// At most `limit` of them; how many.
std::int64_t delete_values(sql::Transaction& tx, AttributeId attribute, int limit);

// ---- numbers in texts of profiles ----

// Of one text, in order.
std::vector<SealedNumber> numbers_of(sql::Transaction& tx, ProfileId profile, std::string_view field);
std::map<ProfileId, std::vector<SealedNumber>> numbers_of(sql::Transaction& tx, PersonId person);
std::optional<SealedNumber> number_of(sql::Transaction& tx, ProfileId profile, NumberRowId id);
// In the place of those that the text had.
void put_numbers(sql::Transaction& tx, ProfileId profile, std::string_view field,
                 const std::vector<SealedNumber>& numbers);
// Their masked forms stay; whether there were any.
bool delete_phones(sql::Transaction& tx, ProfileId profile);
// With the values of an attribute that goes.
void delete_numbers(sql::Transaction& tx, std::string_view field);

// ---- links ----

std::optional<Link> live_link(sql::Transaction& tx, LinkId id);
std::vector<Link> links_of(sql::Transaction& tx, PersonId person);
bool was_separated(sql::Transaction& tx, ProfileId profile);  // a link of it by unionid was undone
bool was_separated(sql::Transaction& tx, ProfileId a, ProfileId b);
// Also those that were undone.
std::int64_t count_links(sql::Transaction& tx, ProfileId profile);
// Of those that live, by unionid.
std::vector<ProfileId> unionid_neighbours(sql::Transaction& tx, ProfileId profile);
// False: the two are linked already.
bool insert_link(sql::Transaction& tx, const Link& link);
void mark_undone(sql::Transaction& tx, LinkId id, const std::string& by, TimeMs at);
void delete_unionid_links(sql::Transaction& tx, ProfileId profile);
void set_person(sql::Transaction& tx, ProfileId profile, PersonId person);
void move_all(sql::Transaction& tx, PersonId from, PersonId to);

std::optional<Proposal> proposal(sql::Transaction& tx, ProposalId id);
// Open ones between two persons with a profile in this mini program, the newest first.
std::vector<Proposal> open_proposals(sql::Transaction& tx, const AppId& appid, ProposalId before, int limit);
std::int64_t count_proposals(sql::Transaction& tx, ProfileId profile);
bool was_proposed(sql::Transaction& tx, PersonId one, PersonId other);
void insert_proposal(sql::Transaction& tx, const Proposal& proposal);
void decide(sql::Transaction& tx, const Proposal& proposal);
void delete_open_proposals(sql::Transaction& tx, ProfileId profile, IdentityKind because);

// ---- the blacklist ----

void insert_block(sql::Transaction& tx, const Block& block);
// Of one profile; how many there were.
std::int64_t lift_blocks(sql::Transaction& tx, ProfileId profile, const std::string& by, TimeMs at);
bool is_blocked(sql::Transaction& tx, ProfileId profile, TimeMs now);
std::map<ProfileId, Block> blocks_of(sql::Transaction& tx, PersonId person, TimeMs now);
std::vector<Block> all_blocks_of(sql::Transaction& tx, ProfileId profile);
std::vector<Block> list_blocks(sql::Transaction& tx, const AppId& appid, const ShownTo& shown_to, TimeMs now,
                               std::int64_t before, int limit);

// ---- segments ----

std::vector<Segment> segments(sql::Transaction& tx, const AppId& appid);
std::optional<Segment> segment(sql::Transaction& tx, const AppId& appid, SegmentId id);
void insert_segment(sql::Transaction& tx, const Segment& segment);
void update_segment(sql::Transaction& tx, const Segment& segment);
bool delete_segment(sql::Transaction& tx, const AppId& appid, SegmentId id);

}  // namespace miniops::people::store
