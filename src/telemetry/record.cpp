#include "telemetry/record.hpp"

#include <bit>
#include <limits>

namespace miniops::telemetry {

namespace {

// Beyond this a number is no time but an accident; it also keeps the sums below from overflowing.
constexpr TimeMs year_9999 = 253402300800000;
constexpr TimeMs ahead_max_ms = minute_ms;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return out;
}

template <class Value, std::size_t count>
std::optional<Value> find_name(const std::array<std::pair<std::string_view, Value>, count>& names,
                               std::string_view text) {
  if (text.size() > 16) return std::nullopt;
  const std::string wanted = lower(text);
  for (const auto& [name, value] : names) {
    if (name == wanted) return value;
  }
  return std::nullopt;
}

constexpr std::array<std::pair<std::string_view, Level>, 9> level_names{{{"debug", Level::debug},
                                                                         {"info", Level::info},
                                                                         {"warn", Level::warn},
                                                                         {"error", Level::error},
                                                                         {"fatal", Level::fatal},
                                                                         {"trace", Level::debug},
                                                                         {"log", Level::info},
                                                                         {"warning", Level::warn},
                                                                         {"critical", Level::fatal}}};
constexpr std::array<std::pair<std::string_view, Build>, 3> build_names{
    {{"develop", Build::develop}, {"trial", Build::trial}, {"release", Build::release}}};

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::event:
      return "event";
    case Kind::performance:
      return "performance";
    case Kind::error:
      return "error";
    case Kind::log:
      return "log";
    case Kind::session:
      return "session";
    case Kind::profile:
      return "profile";
    case Kind::feedback:
      return "feedback";
  }
  return "";
}

std::optional<Kind> parse_kind(std::string_view text) {
  for (Kind kind : kinds) {
    if (to_string(kind) == text) return kind;
  }
  return std::nullopt;
}

std::string_view to_string(Level level) {
  for (const auto& [name, value] : level_names) {
    if (value == level) return name;
  }
  return "";
}

std::optional<Level> parse_level(std::string_view text) { return find_name(level_names, text); }

std::string_view to_string(Build build) {
  for (const auto& [name, value] : build_names) {
    if (value == build) return name;
  }
  return "";
}

std::optional<Build> parse_build(std::string_view text) { return find_name(build_names, text); }

bool set_times(Record& record, TimeMs client_time, TimeMs sent_at, TimeMs received_at) {
  record.client_time = client_time > 0 ? client_time : 0;
  record.received_at = received_at;
  record.time = received_at;
  record.late = false;
  if (record.client_time == 0) return true;
  if (record.client_time > year_9999) return false;
  const bool sent_known = sent_at > 0 && sent_at <= year_9999;
  const TimeMs offset = sent_known ? received_at - sent_at : 0;
  const TimeMs time = record.client_time + (offset > minute_ms || offset < -minute_ms ? offset : 0);
  if (time > received_at + ahead_max_ms || time < received_at - oldest_ms) return false;
  record.time = time;
  record.late = received_at - time > late_after_ms;
  return true;
}

// ---- encoding, version 1 ----
//
// length (varint) of what follows, then: version (1) · flags (1) · id (16) · kind, level, build (1 each) · received_at,
// client_time, time (the two as their distance from the receipt, which is small) · scene · weight and value (8 each,
// when the flags say so) · the texts, each a length and its bytes. Numbers are varints, signed ones in zigzag.

namespace {

constexpr unsigned char version_1 = 1;
enum Flag : unsigned char { flag_late = 1, flag_weight = 2, flag_value = 4, flags_known = 7 };

// Every text, in the order in which it is written. Only ever appended to, under a new version.
template <class AnyRecord, class Visit>
bool for_each_text(AnyRecord& record, Visit visit) {
  for (auto* text : {&record.name,
                     &record.protocol,
                     &record.sdk,
                     &record.session,
                     &record.page_view,
                     &record.trace,
                     &record.user.login_id,
                     &record.user.unionid,
                     &record.user.openid,
                     &record.user.device_id,
                     &record.release,
                     &record.page,
                     &record.device.brand,
                     &record.device.model,
                     &record.device.level,
                     &record.device.os,
                     &record.device.os_version,
                     &record.device.wechat,
                     &record.device.base_library,
                     &record.network,
                     &record.region,
                     &record.text,
                     &record.properties}) {
    if (!visit(*text)) return false;
  }
  return true;
}

void put_byte(std::string& out, unsigned value) { out.push_back(static_cast<char>(value)); }

void put_number(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) put_byte(out, static_cast<unsigned>(value & 0x7F) | 0x80U);
  put_byte(out, static_cast<unsigned>(value));
}

void put_signed(std::string& out, std::uint64_t value) {
  put_number(out, (value << 1) ^ (value >> 63 == 0 ? 0 : ~std::uint64_t{0}));
}

void put_double(std::string& out, double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  for (unsigned shift = 0; shift < 64; shift += 8) put_byte(out, static_cast<unsigned>(bits >> shift) & 0xFFU);
}

// Reads from the front; after a failure it stays failed and gives zeros.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }
  std::string_view rest() const { return bytes_; }

  std::string_view take(std::uint64_t count) {
    if (!ok_ || count > bytes_.size()) return broken();
    const std::string_view out = bytes_.substr(0, static_cast<std::size_t>(count));
    bytes_.remove_prefix(out.size());
    return out;
  }
  unsigned byte() {
    const std::string_view one = take(1);
    return one.empty() ? 0 : static_cast<unsigned char>(one[0]);
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const unsigned next = byte();
      value |= std::uint64_t{next & 0x7FU} << shift;
      if (next < 0x80) return value;
    }
    broken();
    return 0;
  }
  std::uint64_t signed_number() {
    const std::uint64_t value = number();
    return (value >> 1) ^ ((value & 1) == 0 ? 0 : ~std::uint64_t{0});
  }
  double real() {
    std::uint64_t bits = 0;
    unsigned shift = 0;
    for (char c : take(8)) {
      bits |= std::uint64_t{static_cast<unsigned char>(c)} << shift;
      shift += 8;
    }
    return std::bit_cast<double>(bits);
  }

 private:
  std::string_view broken() {
    ok_ = false;
    return {};
  }
  std::string_view bytes_;
  bool ok_ = true;
};

std::optional<Record> read_version_1(Reader& in) {
  Record record;
  const unsigned flags = in.byte();
  for (std::size_t i = 0; const char c : in.take(record.id.size())) record.id[i++] = c;
  const unsigned kind = in.byte();
  const unsigned level = in.byte();
  const unsigned build = in.byte();
  if (!in.ok() || flags > flags_known || kind < 1 || kind > kinds.size() || level > unsigned(Level::fatal) ||
      build > unsigned(Build::release))
    return std::nullopt;
  record.late = (flags & flag_late) != 0;
  record.kind = Kind(kind);
  record.level = Level(level);
  record.build = Build(build);
  const std::uint64_t received = in.signed_number();
  record.received_at = static_cast<TimeMs>(received);
  record.client_time = static_cast<TimeMs>(received - in.signed_number());
  record.time = static_cast<TimeMs>(received - in.signed_number());
  const auto scene = static_cast<std::int64_t>(in.signed_number());
  if (scene < std::numeric_limits<int>::min() || scene > std::numeric_limits<int>::max()) return std::nullopt;
  record.scene = static_cast<int>(scene);
  if ((flags & flag_weight) != 0) record.weight = in.real();
  if ((flags & flag_value) != 0) record.value = in.real();
  const bool whole = for_each_text(record, [&](std::string& text) {
    text = in.take(in.number());
    return in.ok();
  });
  return whole && in.rest().empty() ? std::optional<Record>(std::move(record)) : std::nullopt;
}

void write_version_1(const Record& record, std::string& out) {
  const bool weighted = std::bit_cast<std::uint64_t>(record.weight) != std::bit_cast<std::uint64_t>(1.0);
  put_byte(out, version_1);
  put_byte(out, (record.late ? flag_late : 0U) | (weighted ? flag_weight : 0U) | (record.value ? flag_value : 0U));
  out.append(record.id.data(), record.id.size());
  put_byte(out, unsigned(record.kind));
  put_byte(out, unsigned(record.level));
  put_byte(out, unsigned(record.build));
  const auto received = static_cast<std::uint64_t>(record.received_at);
  put_signed(out, received);
  put_signed(out, received - static_cast<std::uint64_t>(record.client_time));
  put_signed(out, received - static_cast<std::uint64_t>(record.time));
  put_signed(out, static_cast<std::uint64_t>(std::int64_t{record.scene}));
  if (weighted) put_double(out, record.weight);
  if (record.value) put_double(out, *record.value);
  for_each_text(record, [&](const std::string& text) {
    put_number(out, text.size());
    out.append(text);
    return true;
  });
}

}  // namespace

void encode(const Record& record, std::string& out) {
  // The length stands in front and has as many bytes as it needs: written behind, then turned to the front.
  const std::size_t begin = out.size();
  write_version_1(record, out);
  const std::size_t size = out.size() - begin;
  std::string length;
  put_number(length, size);
  out.insert(begin, length);
}

std::optional<Record> decode(std::string_view& bytes) {
  Reader outer(bytes);
  Reader in(outer.take(outer.number()));
  if (!outer.ok() || in.byte() != version_1) return std::nullopt;
  auto record = read_version_1(in);
  if (record) bytes = outer.rest();
  return record;
}

}  // namespace miniops::telemetry
