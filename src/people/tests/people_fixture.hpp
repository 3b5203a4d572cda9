// People on a fresh database of either engine.
#pragma once

#include <gmock/gmock.h>

#include "people/erasure.hpp"
#include "people/links.hpp"
#include "people/service.hpp"
#include "storage/testing/engines.hpp"

namespace miniops::identity {
std::span<const sql::Migration> migrations();
}

namespace miniops::people {
std::span<const sql::Migration> migrations();

inline const AppId shop("wxshop");
inline const AppId bank("wxbank");
inline const AppId cafe("wxcafe");

class PeopleTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({identity::migrations(), people::migrations()});
    service_.emplace(Service::Collaborators{db(), clock_, ids_, identities_, directory_, news_});
  }
  void TearDown() override {
    service_.reset();
    sql::EngineTest::TearDown();
  }

  template <class T>
  static T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().code + ": " + result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
  }
  template <class T>
  static std::string code_of(const Result<T>& result) {
    return result ? "ok" : result.error().code;
  }

  // One transaction of another module.
  template <class F>
  auto within(F act) -> std::invoke_result_t<F&, sql::Transaction&> {
    using Out = std::invoke_result_t<F&, sql::Transaction&>;
    if constexpr (std::is_void_v<Out>) {
      auto write = [&](sql::Transaction& tx) -> Result<void> {
        act(tx);
        return {};
      };
      must(db().write_blocking(write));
    } else {
      auto write = [&](sql::Transaction& tx) -> Result<Out> { return act(tx); };
      return must(db().write_blocking(write));
    }
  }

  // ---- what is there ----
  ProfileId add(const AppId& appid, const std::string& openid) {
    return within([&](sql::Transaction& tx) {
             return directory_.identity_of(tx, appid, wechat_channel, OpenId(openid), clock_.now());
           })
        .profile;
  }
  std::string learn(ProfileId profile, IdentityKind kind, const std::string& value) {
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      return directory_.learn(tx, profile, kind, value, Source::api, clock_.now());
    };
    return code_of(db().write_blocking(write));
  }
  Profile stored(ProfileId id) {
    return within([&](sql::Transaction& tx) { return store::profile(tx, id).value(); });
  }
  PersonId person_of(ProfileId id) { return stored(id).person; }

  // ---- who asks ----
  using Roles = std::map<AppId, identity::Role>;
  static identity::Caller caller(const Roles& roles) {
    identity::Caller caller;
    caller.account = identity::AccountId(7);
    caller.username = "wang";
    caller.roles = roles;
    caller.via = "session";
    return caller;
  }
  static Access access(const AppId& appid, const identity::Caller& who) {
    return who.access(appid, identity::Permission::desk_read).value();
  }
  static inline const identity::Caller everywhere =
      caller({{shop, identity::Role::admin}, {bank, identity::Role::admin}, {cafe, identity::Role::admin}});

  static inline const identity::Caller script = [] {
    identity::Caller with_key = everywhere;
    with_key.via = "api_key:crm";
    return with_key;
  }();

  PersonView seen(ProfileId id, const AppId& appid = shop) {
    return must(sql::run(service_->person(access(appid, everywhere), Reach(everywhere), id.value())));
  }
  Result<PersonView> change(ProfileId id, ProfilePatch patch) {
    if (patch.version == 0) patch.version = stored(id).version;
    return sql::run(service_->change(access(stored(id).appid, everywhere), Reach(everywhere), id.value(), patch));
  }
  Result<LinkView> link(ProfileId one, ProfileId other) {
    const AppId appid = stored(one).appid;
    return sql::run(service_->link(access(appid, everywhere), Reach(everywhere), one.value(), other.value()));
  }
  std::string undo(ProfileId one, LinkId id) {
    const AppId appid = stored(one).appid;
    return code_of(sql::run(service_->undo_link(access(appid, everywhere), Reach(everywhere), one.value(), id)));
  }
  std::vector<ProposalView> proposals(const AppId& appid = shop) {
    return must(sql::run(service_->proposals(access(appid, everywhere), Reach(everywhere), ProposalId(), 100))).items;
  }
  std::string decide(ProposalId id, ProposalState state, const AppId& appid = shop) {
    return code_of(sql::run(service_->decide(access(appid, everywhere), Reach(everywhere), id, state)));
  }
  std::int64_t rows(const std::string& table) { return query("SELECT COUNT(*) FROM " + table)[0].integer(0); }

  Sealer sealer_{std::string(Sealer::key_bytes, 'k'), random_};
  Vault vault_{sealer_, std::string(32, 'h')};
  IdentityVault identities_{vault_};
  News news_;
  Directory directory_{{ids_, identities_, news_}};
  Erasure erasure_{{ids_, identities_, news_}};
  std::optional<Service> service_;
};

}  // namespace miniops::people
