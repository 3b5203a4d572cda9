// An issue 问题 as it is kept.
#pragma once

#include "issues/grouping.hpp"
#include "issues/handling.hpp"
#include "issues/severity.hpp"

namespace miniops::issues {

using identity::Access;

struct Issue {
  std::int64_t id = 0;
  AppId appid;
  std::int64_t number = 0;  // for people to say; counted per mini program
  Headline headline{};
  std::string page{};  // where it was seen first
  Nature nature{};
  Handling handling{};
  Judgement computed{};
  TimeMs severity_at = 0;
  TimeMs first_seen_at = 0;
  std::string first_release{};
  TimeMs last_seen_at = 0;  // brought up to date once a minute
  std::string last_release{};
  std::int64_t merged_into = 0;  // 0: it stands by itself
  Severity severity() const { return handling.severity.value_or(computed.severity); }
};

struct StoredKey {
  std::int64_t id = 0;
  std::int64_t issue = 0;
  Key key;
  TimeMs first_seen_at = 0;
  bool split = false;  // never merged by the program
};

// One step of an issue's history, or a comment.
struct Activity {
  std::int64_t id = 0;
  std::int64_t issue = 0;
  TimeMs at = 0;
  std::string what{};  // "created" "changed" "regressed" "released" "unignored" "merged" "split" "undone" "comment"
  identity::AccountId account{};
  std::string username{};  // "": the program itself
  std::string text{};      // of a comment
  json::object before{}, after{};
};

struct Release {
  std::string name;
  TimeMs first_seen_at = 0;
  std::int64_t place = 0;
};

}  // namespace miniops::issues
