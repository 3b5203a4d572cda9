#include "reports/codec.hpp"

#include <algorithm>

namespace miniops::reports {

namespace {

// A record is its version, its length, and its fields. Times lie near the opening: they are kept as the distance to it,
// and "none" as 0.
class Writer {
 public:
  explicit Writer(TimeMs opened_at) : opened_at_(opened_at) {}

  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }
  void integer(std::int64_t value) {  // small ones of either sign are short
    number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void time(TimeMs at) {
    if (at == 0) return number(0);
    const TimeMs away = at - opened_at_;
    integer(away >= 0 ? away + 1 : away);  // never 0
  }
  // Of agents and groups: few in a record, and long. The first time whole, with the next free place; then its place.
  template <class Id>
  void id(Id id) {
    if (id.empty()) return number(0);
    const auto known = std::ranges::find(ids_, id.value());
    number(static_cast<std::uint64_t>(known - ids_.begin()) + 1);
    if (known != ids_.end()) return;
    ids_.push_back(id.value());
    integer(id.value());
  }
  void text(std::string_view text) {
    number(text.size());
    bytes_ += text;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  const TimeMs opened_at_;
  std::vector<std::int64_t> ids_;
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  void times_from(TimeMs opened_at) { opened_at_ = opened_at; }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !bytes_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    broken_ = true;
    return 0;
  }
  std::int64_t integer() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  TimeMs time() {
    const std::int64_t away = integer();
    if (away == 0) return 0;
    // Broken bytes may say anything: without signs, too large is no mistake.
    return static_cast<TimeMs>(static_cast<std::uint64_t>(opened_at_) +
                               static_cast<std::uint64_t>(away > 0 ? away - 1 : away));
  }
  template <class Id>
  Id id() {
    const std::uint64_t place = number();
    if (place == 0) return Id();
    if (place == ids_.size() + 1) ids_.push_back(integer());
    if (place > ids_.size()) {
      broken_ = true;
      return Id();
    }
    return Id(ids_[place - 1]);
  }
  std::string_view text() {
    const std::uint64_t length = number();
    if (length > bytes_.size()) broken_ = true;
    const std::string_view taken = bytes_.substr(0, broken_ ? 0 : length);
    bytes_.remove_prefix(taken.size());
    return taken;
  }
  // How many follow; each takes a byte at least.
  std::size_t count() {
    const std::uint64_t count = number();
    if (count > bytes_.size()) broken_ = true;
    return broken_ ? 0 : count;
  }
  bool broken() const { return broken_; }
  std::string_view rest() const { return bytes_; }

 private:
  std::string_view bytes_;
  TimeMs opened_at_ = 0;
  std::vector<std::int64_t> ids_;
  bool broken_ = false;
};

enum Flag : std::uint64_t { resolved = 1, human = 2, surveyed = 4 };

void write(Writer& out, const Facts& facts) {
  out.integer(facts.opened_at);
  out.integer(facts.id.value());
  out.time(facts.closed_at);
  out.time(facts.next_opened_at);
  out.text(facts.source);
  out.integer(facts.reason.value());
  out.number(facts.tags.size());
  for (const std::string& tag : facts.tags) out.text(tag);
  out.id(facts.agent);
  out.id(facts.group);
  out.integer(facts.reopened);
  out.number((facts.resolved ? resolved : 0U) | (facts.human ? human : 0U) | (facts.surveyed ? surveyed : 0U));
  out.integer(facts.score);
  out.time(facts.reacted_at);
  out.time(facts.queued_at);
  out.time(facts.answered_at);
  out.id(facts.answered_by);
  out.id(facts.answered_group);
  out.number(facts.turns.size());
  for (const Turn& turn : facts.turns) {
    out.time(turn.started_at);
    out.time(turn.answered_at);
    out.id(turn.agent);
    out.id(turn.group);
    out.number(turn.over ? 1 : 0);
  }
  out.number(facts.waits.size());
  for (const Wait& wait : facts.waits) {
    out.time(wait.started_at);
    out.time(wait.ended_at);
    out.id(wait.agent);
    out.id(wait.group);
    out.number(wait.abandoned ? 1 : 0);
  }
  out.number(facts.holds.size());
  for (const Hold& hold : facts.holds) {
    out.id(hold.agent);
    out.id(hold.group);
    out.integer(hold.ms);
    out.number(hold.running ? 1 : 0);
  }
  out.number(facts.transfers.size());
  for (const Transfer& transfer : facts.transfers) {
    out.time(transfer.at);
    out.id(transfer.from);
    out.id(transfer.group);
  }
}

template <class Item, class ReadOne>
void read_all(Reader& in, std::vector<Item>& items, ReadOne read_one) {
  items.clear();
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && !in.broken(); ++i) read_one(items.emplace_back());
}

void read(Reader& in, Facts& facts) {
  facts.opened_at = in.integer();
  in.times_from(facts.opened_at);
  facts.id = ConversationId(in.integer());
  facts.closed_at = in.time();
  facts.next_opened_at = in.time();
  facts.source = in.text();
  facts.reason = ReasonId(in.integer());
  read_all(in, facts.tags, [&](std::string& tag) { tag = in.text(); });
  facts.agent = in.id<AccountId>();
  facts.group = in.id<GroupId>();
  facts.reopened = in.integer();
  const std::uint64_t flags = in.number();
  facts.resolved = (flags & resolved) != 0;
  facts.human = (flags & human) != 0;
  facts.surveyed = (flags & surveyed) != 0;
  facts.score = static_cast<int>(in.integer());
  facts.reacted_at = in.time();
  facts.queued_at = in.time();
  facts.answered_at = in.time();
  facts.answered_by = in.id<AccountId>();
  facts.answered_group = in.id<GroupId>();
  read_all(in, facts.turns, [&](Turn& turn) {
    turn.started_at = in.time();
    turn.answered_at = in.time();
    turn.agent = in.id<AccountId>();
    turn.group = in.id<GroupId>();
    turn.over = in.number() != 0;
  });
  read_all(in, facts.waits, [&](Wait& wait) {
    wait.started_at = in.time();
    wait.ended_at = in.time();
    wait.agent = in.id<AccountId>();
    wait.group = in.id<GroupId>();
    wait.abandoned = in.number() != 0;
  });
  read_all(in, facts.holds, [&](Hold& hold) {
    hold.agent = in.id<AccountId>();
    hold.group = in.id<GroupId>();
    hold.ms = in.integer();
    hold.running = in.number() != 0;
  });
  read_all(in, facts.transfers, [&](Transfer& transfer) {
    transfer.at = in.time();
    transfer.from = in.id<AccountId>();
    transfer.group = in.id<GroupId>();
  });
}

}  // namespace

void append(std::string& bytes, const Facts& facts) {
  Writer record(facts.opened_at), head(0);
  write(record, facts);
  head.number(static_cast<std::uint64_t>(facts_version));
  head.text(record.bytes());
  bytes += head.bytes();
}

bool take_next(std::string_view& bytes, Facts& facts) {
  while (!bytes.empty()) {
    Reader head(bytes);
    const std::uint64_t version = head.number();
    Reader record(head.text());
    bytes = head.rest();
    if (head.broken()) bytes = {};  // where the next one begins nobody knows
    if (head.broken() || version != static_cast<std::uint64_t>(facts_version)) continue;
    read(record, facts);
    if (!record.broken()) return true;
  }
  return false;
}

}  // namespace miniops::reports
