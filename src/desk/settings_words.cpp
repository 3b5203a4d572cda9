// The word list's half of settings_service.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <set>

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

void reject(std::vector<WordImport::Rejected>& rejected, int line, std::string why) {
  if (rejected.size() < rejected_listed_max) rejected.push_back({line, std::move(why)});
}

// What became of a piece of a list.
struct Piece {
  std::int64_t added = 0, duplicates = 0;
  std::vector<int> without_room{};  // their lines
};

// As many as there is room for, in their order. What is in the list already needs none.
Piece store_piece(sql::Transaction& tx, const AppId& appid, const std::vector<StoredWord>& words,
                  const std::vector<int>& lines) {
  const std::int64_t room = store::words_max - store::count_words(tx, appid);
  if (std::ssize(words) <= room) {
    const std::int64_t added = store::insert_words(tx, appid, words);
    return {added, std::ssize(words) - added};
  }
  std::vector<std::string> folded;
  for (const StoredWord& one : words) folded.push_back(fold(one.word.text));
  std::set<std::string> listed = store::listed_words(tx, appid, folded);
  Piece piece;
  std::vector<StoredWord> fitting;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (listed.contains(folded[i])) {
      ++piece.duplicates;
    } else if (std::ssize(fitting) < room) {
      listed.insert(folded[i]);
      fitting.push_back(words[i]);
    } else {
      piece.without_room.push_back(lines[i]);
    }
  }
  if (!fitting.empty()) piece.added = store::insert_words(tx, appid, fitting);
  return piece;
}

json::object word_change(std::string_view word, WordAction action) {
  return {{"word", word}, {"action", to_string(action)}};
}

}  // namespace

ParsedWords parse_word_list(std::string_view text, WordAction otherwise) {
  ParsedWords parsed;
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
        reject(parsed.rejected, line, "the action behind the comma must be block, mask or flag");
        continue;
      }
      action = *known;
      word = trimmed(word.substr(0, comma));
    }
    if (std::string why = refuse(word); !why.empty()) {
      reject(parsed.rejected, line, std::move(why));
    } else {
      parsed.words.push_back({line, {std::string(word), action}});
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

// In pieces, too. However it ends: what was stored is acted upon, and audited.
Task<Result<WordImport>> SettingsService::import_words(Access access, std::string text, WordAction otherwise) {
  ParsedWords parsed = parse_word_list(text, otherwise);
  WordImport result;
  result.rejected = std::move(parsed.rejected);
  const TimeMs now = clock_.now();
  std::optional<Error> problem;
  for (std::size_t from = 0; from < parsed.words.size() && !problem; from += rows_per_write) {
    std::vector<StoredWord> rows;
    std::vector<int> lines;
    for (std::size_t i = from; i < std::min(from + rows_per_write, parsed.words.size()); ++i) {
      rows.push_back({ids_.next_as<WordId>(), std::move(parsed.words[i].word), now});
      lines.push_back(parsed.words[i].line);
    }
    auto some = [=](sql::Transaction& tx) -> Result<Piece> { return store_piece(tx, access.appid(), rows, lines); };
    const auto stored = co_await database_.write(std::move(some));
    if (!stored) {
      problem = stored.error();
      continue;
    }
    result.added += stored->added;
    result.duplicates += stored->duplicates;
    for (const int line : stored->without_room)
      reject(result.rejected, line, fmt::format("there is no room: a list has at most {} words", store::words_max));
  }
  if (problem && result.added == 0) co_return fail(std::move(*problem));
  std::ranges::sort(result.rejected, {}, &WordImport::Rejected::line);
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
  if (problem) co_return fail(std::move(*problem));
  co_return result;
}

}  // namespace miniops::desk
