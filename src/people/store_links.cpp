// Links and proposals.
#include "people/store.hpp"

namespace miniops::people::store {

namespace {

constexpr std::string_view link_columns = "l.id, l.a, l.b, l.source, l.linked_by, l.linked_at";
constexpr std::string_view proposal_columns =
    "x.id, x.a, x.b, x.because, x.state, x.proposed_at, x.decided_by, x.decided_at";

Link link_of(const sql::Row& row) {
  return {row.id<LinkId>(0),    row.id<ProfileId>(1),
          row.id<ProfileId>(2), parse_word<LinkSource>(row.text(3)).value_or(LinkSource::agent),
          row.text(4),          row.integer(5)};
}

Proposal proposal_of(const sql::Row& row) {
  return {row.id<ProposalId>(0),
          row.id<ProfileId>(1),
          row.id<ProfileId>(2),
          parse_word<IdentityKind>(row.text(3)).value_or(IdentityKind::phone),
          parse_word<ProposalState>(row.text(4)).value_or(ProposalState::open),
          row.integer(5),
          row.text(6),
          row.integer(7)};
}

}  // namespace

std::optional<Link> live_link(sql::Transaction& tx, LinkId id) {
  static const std::string select =
      fmt::format("SELECT {} FROM people_links l WHERE l.id = $1 AND l.undone_at = 0", link_columns);
  const auto row = tx.query_one(select, {id});
  return row ? std::optional(link_of(*row)) : std::nullopt;
}

std::vector<Link> links_of(sql::Transaction& tx, PersonId person) {
  static const std::string select = fmt::format(
      "SELECT {} FROM people_links l JOIN people_profiles p ON p.id = l.a WHERE p.person = $1 AND l.undone_at = 0 "
      "ORDER BY l.id",
      link_columns);
  std::vector<Link> out;
  for (const sql::Row& row : tx.query(select, {person})) out.push_back(link_of(row));
  return out;
}

bool was_separated(sql::Transaction& tx, ProfileId profile) {
  return tx
      .query_one("SELECT 1 FROM people_links WHERE (a = $1 OR b = $1) AND source = 'unionid' AND undone_at > 0 LIMIT 1",
                 {profile})
      .has_value();
}

bool was_separated(sql::Transaction& tx, ProfileId a, ProfileId b) {
  return tx
      .query_one("SELECT 1 FROM people_links WHERE a = $1 AND b = $2 AND source = 'unionid' AND undone_at > 0 LIMIT 1",
                 {std::min(a, b), std::max(a, b)})
      .has_value();
}

std::int64_t count_links(sql::Transaction& tx, ProfileId profile) {
  return tx.query_one("SELECT COUNT(*) FROM people_links WHERE a = $1 OR b = $1", {profile})->integer(0);
}

std::vector<ProfileId> unionid_neighbours(sql::Transaction& tx, ProfileId profile) {
  std::vector<ProfileId> out;
  for (const sql::Row& row :
       tx.query("SELECT CASE WHEN a = $1 THEN b ELSE a END FROM people_links WHERE (a = $1 OR b = $1) AND source = "
                "'unionid' AND undone_at = 0 ORDER BY 1",
                {profile}))
    out.push_back(row.id<ProfileId>(0));
  return out;
}

bool insert_link(sql::Transaction& tx, const Link& link) {
  return tx.execute(
             "INSERT INTO people_links (id, a, b, source, linked_by, linked_at) VALUES ($1, $2, $3, $4, $5, $6) ON "
             "CONFLICT "
             "DO NOTHING",
             {link.id, link.a, link.b, word(link.source), link.linked_by, link.linked_at}) > 0;
}

void mark_undone(sql::Transaction& tx, LinkId id, const std::string& by, TimeMs at) {
  tx.execute("UPDATE people_links SET undone_by = $2, undone_at = $3 WHERE id = $1", {id, by, at});
}

void delete_unionid_links(sql::Transaction& tx, ProfileId profile) {
  tx.execute("DELETE FROM people_links WHERE (a = $1 OR b = $1) AND source = 'unionid' AND undone_at = 0", {profile});
}

void set_person(sql::Transaction& tx, ProfileId profile, PersonId person) {
  tx.execute("UPDATE people_profiles SET person = $2 WHERE id = $1", {profile, person});
}

void move_all(sql::Transaction& tx, PersonId from, PersonId to) {
  tx.execute("UPDATE people_profiles SET person = $2 WHERE person = $1", {from, to});
}

std::optional<Proposal> proposal(sql::Transaction& tx, ProposalId id) {
  static const std::string select = fmt::format("SELECT {} FROM people_proposals x WHERE x.id = $1", proposal_columns);
  const auto row = tx.query_one(select, {id});
  return row ? std::optional(proposal_of(*row)) : std::nullopt;
}

std::vector<Proposal> open_proposals(sql::Transaction& tx, const AppId& appid, ProposalId before, int limit) {
  static const std::string select = fmt::format(
      "SELECT {} FROM people_proposals x JOIN people_profiles pa ON pa.id = x.a JOIN people_profiles pb ON pb.id = x.b "
      "WHERE x.state = 'open' AND ($2 = 0 OR x.id < $2) AND pa.person <> pb.person AND (pa.appid = $1 OR pb.appid = "
      "$1) ORDER BY x.id DESC LIMIT $3",
      proposal_columns);
  std::vector<Proposal> out;
  for (const sql::Row& row : tx.query(select, {appid, before, limit})) out.push_back(proposal_of(row));
  return out;
}

std::int64_t count_proposals(sql::Transaction& tx, ProfileId profile) {
  return tx.query_one("SELECT COUNT(*) FROM people_proposals WHERE a = $1 OR b = $1", {profile})->integer(0);
}

bool was_proposed(sql::Transaction& tx, PersonId one, PersonId other) {
  return tx
      .query_one(
          "SELECT 1 FROM people_profiles p JOIN people_proposals x ON x.a = p.id JOIN people_profiles q ON q.id = x.b "
          "WHERE (p.person = $1 AND q.person = $2) OR (p.person = $2 AND q.person = $1) LIMIT 1",
          {one, other})
      .has_value();
}

void insert_proposal(sql::Transaction& tx, const Proposal& proposal) {
  tx.execute("INSERT INTO people_proposals (id, a, b, because, proposed_at) VALUES ($1, $2, $3, $4, $5)",
             {proposal.id, proposal.a, proposal.b, word(proposal.because), proposal.proposed_at});
}

void decide(sql::Transaction& tx, const Proposal& proposal) {
  tx.execute("UPDATE people_proposals SET state = $2, decided_by = $3, decided_at = $4 WHERE id = $1",
             {proposal.id, word(proposal.state), proposal.decided_by, proposal.decided_at});
}

void delete_open_proposals(sql::Transaction& tx, ProfileId profile, IdentityKind because) {
  tx.execute("DELETE FROM people_proposals WHERE (a = $1 OR b = $1) AND because = $2 AND state = 'open'",
             {profile, word(because)});
}

}  // namespace miniops::people::store
