// The word list's half of settings_service.hpp.
#include "base/text.hpp"
#include "desk/errors.hpp"
#include "desk/settings_service.hpp"

namespace miniops::desk {

namespace {

constexpr std::size_t word_chars_max = 64;
constexpr std::size_t rejected_listed_max = 1000;
constexpr std::size_t rows_per_write = 500;
constexpr int rows_per_removal = 2000;

// Why a word cannot be in the list; empty: it can.
std::string refuse(std::string_view word) {
  if (!valid_utf8(word)) return "is not UTF-8";
  if (trimmed(fold(word)).empty()) return "is empty";
  if (count_chars(word) > word_chars_max) return "is longer than 64 characters";
  return {};
}

json::object word_change(std::string_view word, WordAction action) {
  return {{"word", word}, {"action", to_string(action)}};
}

}  // namespace

ParsedWords parse_word_list(std::string_view text, WordAction otherwise) {
  ParsedWords parsed;
  auto reject = [&](int line, std::string why) {
    if (parsed.rejected.size() < rejected_listed_max) parsed.rejected.push_back({line, std::move(why)});
  };
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view word = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty() || word.starts_with('#')) continue;
    WordAction action = otherwise;
    if (const std::size_t comma = word.rfind(','); comma != std::string_view::npos) {
      const std::string_view named = trimmed(word.substr(comma + 1));
      const auto known = parse_word_action(named);
      if (!known) {
        reject(line, "the action behind the comma must be block, mask or flag");
        continue;
      }
      action = *known;
      word = trimmed(word.substr(0, comma));
    }
    if (std::string why = refuse(word); !why.empty()) {
      reject(line, std::move(why));
    } else {
      parsed.words.push_back({std::string(word), action});
    }
  }
  return parsed;
}

Task<Result<std::vector<StoredWord>>> SettingsService::words(Access access, WordId before,
                                                             std::optional<WordAction> action, std::string contains,
                                                             int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<StoredWord>> {
    return store::words_before(tx, access.appid(), before, action, contains, limit);
  };
  co_return co_await database_.read(std::move(read));
}

Task<Result<StoredWord>> SettingsService::add_word(Access access, Word word) {
  if (std::string why = refuse(word.text); !why.empty()) {
    Error error{"request.invalid", "the word " + why, ErrorKind::invalid};
    error.fields.push_back({"/word", why});
    co_return fail(std::move(error));
  }
  const StoredWord stored{ids_.next_as<WordId>(), std::move(word), clock_.now()};
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<StoredWord> {
    if (store::count_words(tx, access.appid()) >= store::words_max) {
      return fail(errors::too_many("words", store::words_max));
    }
    const std::vector<StoredWord> one{stored};
    if (store::insert_words(tx, access.appid(), one) == 0) return fail(errors::word_exists());
    store::touch_words(tx, access.appid());
    changes = word_change(stored.word.text, stored.word.action);
    return stored;
  };
  Note note{"desk.word.add", "word:" + stored.id.str()};
  co_return co_await configure<StoredWord>(access, std::move(note), std::move(change));
}

Task<Result<void>> SettingsService::remove_word(Access access, WordId id) {
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<bool> {
    const auto removed = store::remove_word(tx, access.appid(), id);
    if (!removed) return fail(errors::not_found("word"));
    store::touch_words(tx, access.appid());
    changes = word_change(removed->word.text, removed->word.action);
    return true;
  };
  Note note{"desk.word.remove", "word:" + id.str()};
  const auto removed = co_await configure<bool>(access, std::move(note), std::move(change));
  if (!removed) co_return std::unexpected(removed.error());
  co_return Result<void>();
}

// In pieces: a transaction stays short. The last piece raises the version, so that the matcher is built once.
Task<Result<void>> SettingsService::remove_all_words(Access access) {
  std::int64_t removed = rows_per_removal;
  std::int64_t total = 0;
  while (removed == rows_per_removal) {
    auto some = [=](sql::Transaction& tx) -> Result<std::int64_t> {
      return store::remove_words(tx, access.appid(), rows_per_removal);
    };
    const auto done = co_await database_.write(std::move(some));
    if (!done) co_return std::unexpected(done.error());
    removed = *done;
    total += removed;
  }
  auto finish = [=](sql::Transaction& tx, json::object& changes) -> Result<bool> {
    store::touch_words(tx, access.appid());
    changes["removed"] = total;
    return true;
  };
  Note note{"desk.word_list.clear", "word_list:" + access.appid().str()};
  const auto finished = co_await configure<bool>(access, std::move(note), std::move(finish));
  if (!finished) co_return std::unexpected(finished.error());
  co_return Result<void>();
}

Task<Result<WordImport>> SettingsService::import_words(Access access, std::string text, WordAction otherwise) {
  ParsedWords parsed = parse_word_list(text, otherwise);
  WordImport result;
  result.rejected = std::move(parsed.rejected);
  const TimeMs now = clock_.now();
  for (std::size_t from = 0; from < parsed.words.size(); from += rows_per_write) {
    std::vector<StoredWord> rows;
    for (std::size_t i = from; i < std::min(from + rows_per_write, parsed.words.size()); ++i) {
      rows.push_back({ids_.next_as<WordId>(), std::move(parsed.words[i]), now});
    }
    const auto count = static_cast<std::int64_t>(rows.size());
    auto some = [=](sql::Transaction& tx) -> Result<std::int64_t> {
      const std::int64_t inserted = store::insert_words(tx, access.appid(), rows);
      if (inserted > 0 && store::count_words(tx, access.appid()) > store::words_max) {
        return fail(errors::too_many("words", store::words_max));
      }
      return inserted;
    };
    const auto added = co_await database_.write(std::move(some));
    if (!added) co_return std::unexpected(added.error());
    result.added += *added;
    result.duplicates += count - *added;
  }
  auto finish = [=](sql::Transaction& tx, json::object& changes) -> Result<bool> {
    store::touch_words(tx, access.appid());
    changes = {{"added", result.added},
               {"duplicates", result.duplicates},
               {"rejected", static_cast<std::int64_t>(result.rejected.size())}};
    return true;
  };
  Note note{"desk.word_list.import", "word_list:" + access.appid().str()};
  const auto finished = co_await configure<bool>(access, std::move(note), std::move(finish));
  if (!finished) co_return std::unexpected(finished.error());
  co_return result;
}

}  // namespace miniops::desk
