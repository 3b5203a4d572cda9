#include "telemetry/block.hpp"

#include <charconv>

#include "base/json.hpp"

namespace miniops::telemetry {

namespace {

// "MB1", the length of a head in JSON (decimal, ended by a line feed), the head, the records one behind another.
constexpr std::string_view magic = "MB1 ";

constexpr std::array fates{Fate::client_dropped, Fate::refused,      Fate::quarantined, Fate::undecodable,
                           Fate::sampled,        Fate::deduplicated, Fate::folded,      Fate::adjusted};

std::optional<Fate> parse_fate(std::string_view text) {
  for (const Fate fate : fates)
    if (to_string(fate) == text) return fate;
  return std::nullopt;
}

json::object head_of(const Block& block) {
  json::array losses;
  for (const LossNote& note : block.decoded.losses)
    losses.push_back({{"fate", to_string(note.fate)},
                      {"reason", note.reason},
                      {"category", note.category},
                      {"count", note.count},
                      {"example", note.example}});
  json::object head{{"appid", block.appid.str()},
                    {"protocol", block.protocol},
                    {"received_at", block.received_at},
                    {"losses", std::move(losses)}};
  if (block.decoded.batch)
    head["batch"] = {{"install", block.decoded.batch->install}, {"number", block.decoded.batch->number}};
  return head;
}

void read_losses(const json::value& from, Decoded& into) {
  for (const json::value& item : from.as_array()) {
    const json::object& note = item.as_object();
    const auto fate = parse_fate(note.at("fate").as_string());
    if (!fate) continue;
    into.losses.push_back({*fate, std::string(note.at("reason").as_string()),
                           std::string(note.at("category").as_string()), note.at("count").to_number<std::int64_t>(),
                           std::string(note.at("example").as_string())});
  }
}

Block block_of(const json::object& head) {
  Block block;
  block.appid = AppId(std::string(head.at("appid").as_string()));
  block.protocol = head.at("protocol").as_string();
  block.received_at = head.at("received_at").to_number<std::int64_t>();
  read_losses(head.at("losses"), block.decoded);
  if (const json::value* batch = head.if_contains("batch"))
    block.decoded.batch = {std::string(batch->at("install").as_string()),
                           batch->at("number").to_number<std::int64_t>()};
  return block;
}

}  // namespace

std::string encode(const Block& block) {
  const std::string head = json::serialize(head_of(block));
  std::string out = fmt::format("{}{}\n{}", magic, head.size(), head);
  for (const Record& record : block.decoded.records) encode(record, out);
  return out;
}

std::optional<Block> decode_block(std::string_view bytes) {
  if (!bytes.starts_with(magic)) return std::nullopt;
  bytes.remove_prefix(magic.size());
  std::size_t size = 0;
  const auto line = bytes.substr(0, bytes.find('\n'));
  const auto [end, problem] = std::from_chars(line.data(), line.data() + line.size(), size);
  if (problem != std::errc{} || end != line.data() + line.size() || line.size() + 1 + size > bytes.size())
    return std::nullopt;
  std::optional<Block> block;
  try {
    block = block_of(json::parse(json::string_view(bytes.data() + line.size() + 1, size)).as_object());
  } catch (const std::exception&) {  // Boost.JSON's way to say that a member is missing or of another type
    return std::nullopt;
  }
  bytes.remove_prefix(line.size() + 1 + size);
  while (!bytes.empty()) {
    auto record = decode(bytes);
    if (!record) return std::nullopt;
    block->decoded.records.push_back(std::move(*record));
  }
  return block;
}

}  // namespace miniops::telemetry
