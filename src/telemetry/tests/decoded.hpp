// What the tests of the decoders share: captured requests, and short words for what came out.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "telemetry/decode/decode.hpp"

namespace miniops::telemetry::testing {

// One captured request (tests/samples/ingest/).
struct Sample {
  std::string path, query, body;
};

inline std::vector<Sample> samples(const std::string& name) {
  std::ifstream file(std::string(MINIOPS_SOURCE_DIR "/tests/samples/ingest/") + name + ".jsonl");
  EXPECT_TRUE(file) << name;
  std::vector<Sample> out;
  for (std::string line; std::getline(file, line);) {
    const json::object request = json::parse(line).as_object();
    const std::string target(request.at("target").as_string());
    Sample sample{target.substr(0, target.find('?')), "", ""};
    if (const auto question = target.find('?'); question != std::string::npos)
      sample.query = target.substr(question + 1);
    if (const auto* body = request.if_contains("body"); body != nullptr && body->is_string())
      sample.body = body->as_string();
    if (const auto* body = request.if_contains("body_base64"))
      sample.body = unbase64(std::string_view(body->as_string())).value();
    out.push_back(std::move(sample));
  }
  return out;
}

// "quarantined bad_json event 2", one a line, in order.
inline std::string losses(const Decoded& decoded) {
  std::vector<std::string> lines;
  for (const LossNote& note : decoded.losses)
    lines.push_back(std::string(to_string(note.fate)) + " " + note.reason + (note.category.empty() ? "" : " ") +
                    note.category + " " + std::to_string(note.count));
  std::ranges::sort(lines);
  std::string out;
  for (const std::string& line : lines) out.append(out.empty() ? "" : "\n").append(line);
  return out;
}

// "error TypeError", one a line.
inline std::string names(const Decoded& decoded) {
  std::string out;
  for (const Record& record : decoded.records)
    out.append(out.empty() ? "" : "\n").append(to_string(record.kind)).append(" ").append(record.name);
  return out;
}

inline std::int64_t lost(const Decoded& decoded, Fate fate) {
  std::int64_t count = 0;
  for (const LossNote& note : decoded.losses) count += note.fate == fate ? note.count : 0;
  return count;
}

// The strict parser: no duplicate names, valid UTF-8, no NUL.
inline json::object properties(const Record& record) {
  JsonLimits limits;
  limits.depth_max = 64;
  const auto value = parse_json(record.properties, limits);
  EXPECT_TRUE(value && value->is_object()) << record.properties.substr(0, 500);
  return value && value->is_object() ? value->get_object() : json::object();
}

inline std::string property(const Record& record, std::string_view name) {
  const json::object all = properties(record);
  const json::value* value = all.if_contains(name);
  return value == nullptr ? std::string("(none)") : json::serialize(*value);
}

// What record.hpp promises of every record that a decoder hands out.
inline void expect_tidy(const Decoded& decoded) {
  for (const Record& record : decoded.records) {
    for (const std::string* text : {&record.name,
                                    &record.sdk,
                                    &record.session,
                                    &record.page_view,
                                    &record.trace,
                                    &record.release,
                                    &record.page,
                                    &record.network,
                                    &record.text,
                                    &record.user.login_id,
                                    &record.user.unionid,
                                    &record.user.openid,
                                    &record.user.device_id,
                                    &record.device.brand,
                                    &record.device.model,
                                    &record.device.os,
                                    &record.device.os_version,
                                    &record.device.wechat,
                                    &record.device.base_library,
                                    &record.device.level,
                                    &record.properties})
      EXPECT_TRUE(valid_utf8(*text));
    EXPECT_FALSE(record.name.empty());
    EXPECT_FALSE(record.protocol.empty());
    EXPECT_LE(record.name.size(), name_bytes_max);
    EXPECT_LE(record.text.size(), text_bytes_max);
    EXPECT_LE(record.page.size(), short_text_bytes_max);
    EXPECT_LE(record.properties.size(), properties_bytes_max);
    EXPECT_GE(record.weight, 1);
    EXPECT_GT(record.time, 0);
    properties(record);
  }
  for (const LossNote& note : decoded.losses) {
    EXPECT_GT(note.count, 0);
    EXPECT_FALSE(note.reason.empty());
    EXPECT_TRUE(valid_utf8(note.example) && note.example.size() <= 200);
  }
}

}  // namespace miniops::telemetry::testing
