#include "logs/template_observer.hpp"

#include "base/mask.hpp"
#include "base/text.hpp"
#include "logs/store.hpp"

namespace miniops::logs {

namespace {

using telemetry::Record;

constexpr std::size_t sample_chars_max = 500;
constexpr std::size_t releases_max = 1000;  // beyond that, a new release is not remembered
constexpr std::size_t rows_of_a_write = 500;

}  // namespace

Result<void> TemplateObserver::look(const AppId& appid, std::span<const Record* const> records,
                                    std::span<telemetry::Additions> out) {
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i]->kind != telemetry::Kind::log || records[i]->text.empty()) continue;
    const auto app = known(appid);
    if (!app) return std::unexpected(app.error());
    out[i].log_template = learn(**app, *records[i]);
  }
  const auto app = known_.find(appid);
  return app == known_.end() ? Result<void>{} : save(appid, app->second);
}

Result<TemplateObserver::Known*> TemplateObserver::known(const AppId& appid) {
  if (const auto found = known_.find(appid); found != known_.end()) return &found->second;
  struct Stored {
    std::vector<Template> templates;
    std::vector<Release> releases;
  };
  const auto stored = database_.read_blocking([&](sql::Transaction& tx) -> Result<Stored> {
    return Stored{store::templates(tx, appid), store::releases(tx, appid)};
  });
  if (!stored) return std::unexpected(stored.error());
  Known& made = known_.try_emplace(appid, options_).first->second;
  for (const Template& one : stored->templates) {
    const bool lives = one.alias_of == no_template;
    made.miner.restore(one.number, lives ? one.text : "");  // the number of an alias is not given again
    if (lives) made.living.emplace(one.number, one);
  }
  for (const Release& one : stored->releases) made.releases.insert(one.name);
  return &made;
}

std::int32_t TemplateObserver::learn(Known& known, const Record& record) {
  if (!record.release.empty() && known.releases.size() < releases_max && known.releases.insert(record.release).second)
    known.unsaved_releases.push_back({record.release, record.received_at});
  const Mined mined = known.miner.add(record.text);
  if (mined.id == no_template) return no_template;
  if (mined.created) {
    Template made{mined.id, known.miner.text_of(mined.id),
                  mask_personal_data(truncate_chars(record.text, sample_chars_max)), record.received_at,
                  record.release};
    known.unsaved[mined.id] = made;
    known.living.emplace(mined.id, std::move(made));
  }
  if (mined.changed) reword(known, mined.id);
  learn_aliases(known);
  return mined.id;
}

void TemplateObserver::reword(Known& known, std::int32_t number) {
  const auto found = known.living.find(number);
  if (found == known.living.end() || found->second.text == known.miner.text_of(number)) return;
  found->second.text = known.miner.text_of(number);
  known.unsaved[number] = found->second;
}

void TemplateObserver::learn_aliases(Known& known) {
  for (const TemplateAlias& alias : known.miner.take_aliases()) {
    auto gone = known.living.extract(alias.from);
    if (gone.empty()) continue;
    gone.mapped().alias_of = alias.to;
    known.unsaved[alias.from] = gone.mapped();
    reword(known, alias.to);
  }
}

Result<void> TemplateObserver::save(const AppId& appid, Known& known) {
  if (!known.unsaved_releases.empty()) {
    auto ok = database_.write_blocking([&](sql::Transaction& tx) -> Result<void> {
      store::add_releases(tx, appid, known.unsaved_releases);
      return {};
    });
    if (!ok) return ok;
    known.unsaved_releases.clear();
  }
  while (!known.unsaved.empty()) {
    std::vector<Template> some;
    for (const auto& [number, one] : known.unsaved)
      if (some.size() < rows_of_a_write) some.push_back(one);
    auto ok = database_.write_blocking([&](sql::Transaction& tx) -> Result<void> {
      store::put_templates(tx, appid, some);
      return {};
    });
    if (!ok) return ok;
    for (const Template& one : some) known.unsaved.erase(one.number);
  }
  return {};
}

}  // namespace miniops::logs
