// Texts as phones send them, made fit to keep, and the small formats that lie inside them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace miniops::telemetry {

// Valid UTF-8 without NUL: every byte that is neither becomes U+FFFD.
std::string valid_text(std::string_view text);
// The front of a valid text, at most so many bytes, and never a part of a character.
std::string_view cut_text(std::string_view text, std::size_t bytes_max);
std::string lower_text(std::string_view text);  // ASCII
bool contains(std::string_view text, std::string_view part);
std::string_view trim(std::string_view text);

// Words that clients choose and the ledger groups by: 1 to 40 of a-z 0-9 _ - . : in lower case; "other" for the rest.
std::string plain_word(std::string_view text);

// "pages/index/index" of "/pages/index/index?id=7#top" and of "https://host/pages/index/index".
std::string page_of(std::string_view url);
// 1011 of "wx-1011" and "1011"; 0 for what is no scene.
int scene_of(std::string_view text);
// WeChat's openids are 28 characters and begin with "o".
bool is_openid(std::string_view text);
// The address without its query, numbers and ids in the path as ":id", as our SDK has it: what is grouped by it stays
// few.
std::string url_pattern(std::string_view url);
// "2026-11-21T05:04:54.646Z", also with an offset, a blank for the T, or no zone (UTC); 0 for what is no time.
TimeMs parse_rfc3339(std::string_view text);
// 0 for what can be no time: not finite, negative, beyond the year 9999.
TimeMs time_of(double milliseconds);

// The fields of a query or form, decoded; "+" stays, as base64 has it. What cannot be decoded stays as it came.
std::vector<std::pair<std::string, std::string>> form_fields(std::string_view text);
// Both alphabets, with or without padding, blanks ignored: a '+' that was decoded as a blank is one again.
std::optional<std::string> unbase64_lenient(std::string_view text);

// 16 bytes that name a record: a hash of the parts, each with its length, so that they cannot run together.
std::array<char, 16> hash_id(std::initializer_list<std::string_view> parts);
std::string hash_text(std::string_view text);  // the same of one text, as a part of others: hashed once

}  // namespace miniops::telemetry
