// The use cases of the desk's configuration: rules, hours, words, settings. Each change is audited, raises
// config_version and acts on this node before the call returns.
#pragma once

#include "desk/config.hpp"
#include "desk/ports.hpp"
#include "identity/access.hpp"
#include "identity/audit.hpp"
#include "storage/sql/config_version.hpp"

namespace miniops::desk {

using identity::Access;

struct WordImport {
  std::int64_t added = 0, duplicates = 0;
  struct Rejected {
    int line;
    std::string why;
  };
  std::vector<Rejected> rejected{};  // by line; at most 1,000 are listed
};

// One word a line, optionally ",block", ",mask" or ",flag" behind it; empty lines and lines that start with # do not
// count. Pure.
struct ParsedWords {
  struct Listed {
    int line = 0;
    Word word{};
  };
  std::vector<Listed> words;
  std::vector<WordImport::Rejected> rejected;
};
ParsedWords parse_word_list(std::string_view text, WordAction otherwise);

class SettingsService {
 public:
  SettingsService(sql::Database& database, sql::ConfigVersion& version, const Clock& clock, IdSource& ids,
                  Configs& configs)
      : database_(database), version_(version), clock_(clock), ids_(ids), configs_(configs) {}

  Task<Result<Settings>> settings(Access access);
  Task<Result<Settings>> set_settings(Access access, Settings settings);
  Task<Result<Calendar>> hours(Access access);
  Task<Result<Calendar>> set_hours(Access access, Calendar hours);

  // What customers who wait are told (settings_queue.cpp).
  Task<Result<QueueSettings>> queue_settings(Access access);
  Task<Result<QueueSettings>> set_queue_settings(Access access, boost::json::value change);

  Task<Result<std::vector<Rule>>> rules(Access access);  // in the order they are tried
  Task<Result<Rule>> add_rule(Access access, Rule rule);
  Task<Result<Rule>> change_rule(Access access, RuleId id, boost::json::value patch);
  Task<Result<void>> remove_rule(Access access, RuleId id);
  // The dry run, on what is stored at this moment: {fired, replies, considered}.
  Task<Result<boost::json::object>> try_rules(Access access, RuleFacts facts, TimeMs at, std::string language);

  Task<Result<std::vector<StoredWord>>> words(Access access, WordId before, std::optional<WordAction> action,
                                              std::string contains, int limit);
  Task<Result<StoredWord>> add_word(Access access, Word word);
  Task<Result<void>> remove_word(Access access, WordId id);
  Task<Result<void>> remove_all_words(Access access);
  // What there is room for is added; the other lines are rejected.
  Task<Result<WordImport>> import_words(Access access, std::string text, WordAction otherwise);

 private:
  struct Note {  // of the audit log
    std::string action, object;
  };
  template <class Value, class Change>
  Task<Result<Value>> configure(Access access, Note note, Change change);
  Task<void> act_at_once();

  sql::Database& database_;
  sql::ConfigVersion& version_;
  const Clock& clock_;
  IdSource& ids_;
  Configs& configs_;
};

// ---- implementation ----

// One change with its audit entry. `change` is Result<Value>(tx, changes), where `changes` goes into the audit log.
template <class Value, class Change>
Task<Result<Value>> SettingsService::configure(Access access, Note note, Change change) {
  const std::int64_t audit_id = ids_.next();
  const TimeMs now = clock_.now();
  auto write = [=](sql::Transaction& tx) -> Result<Value> {
    json::object changes;
    auto value = change(tx, changes);
    if (!value) return value;
    sql::raise_config_version(tx);
    identity::audit(tx, access, {audit_id, now, note.action, note.object, std::move(changes)});
    return value;
  };
  auto value = co_await database_.write(std::move(write));
  if (value) co_await act_at_once();
  co_return value;
}

}  // namespace miniops::desk
