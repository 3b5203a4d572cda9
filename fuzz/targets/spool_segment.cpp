// A segment of the spool that holds anything: arbitrary bytes, or frames with arbitrary fields, or a good segment in
// which bytes were changed.
#include <algorithm>

#include "storage/spool/checksum.hpp"
#include "storage/spool/format.hpp"
#include "storage/spool/segment_file.hpp"
#include "storage/spool/spool.hpp"
#include "targets/fuzz.hpp"

namespace {

using namespace miniops;
using namespace miniops::spool;
using miniops::fuzz::require;

class MemoryFile final : public File {
 public:
  explicit MemoryFile(std::string& bytes) : bytes_(bytes) {}
  Result<void> append(std::string_view bytes) override {
    bytes_ += bytes;
    return {};
  }
  Result<void> sync() override { return {}; }
  Result<std::string> read(std::int64_t offset, std::size_t size) override {
    const auto at = static_cast<std::size_t>(offset);
    return at < bytes_.size() ? bytes_.substr(at, size) : std::string();
  }
  Result<std::int64_t> size() override { return static_cast<std::int64_t>(bytes_.size()); }

 private:
  std::string& bytes_;
};

// Used by one thread at a time: nothing is read while something is appended.
class MemoryDisk final : public Disk {
 public:
  Result<void> make_folder(const std::filesystem::path&) override { return {}; }
  Result<std::vector<std::string>> list(const std::filesystem::path&) override {
    std::vector<std::string> names;
    for (const auto& [name, bytes] : files) names.push_back(name);
    return names;
  }
  Result<std::unique_ptr<File>> create(const std::filesystem::path& file) override { return open(file); }
  Result<std::unique_ptr<File>> open(const std::filesystem::path& file) override {
    return std::make_unique<MemoryFile>(files[file.filename().string()]);
  }
  Result<void> remove(const std::filesystem::path& file) override {
    files.erase(file.filename().string());
    return {};
  }

  std::map<std::string, std::string> files;
};

struct Written {
  std::int64_t at;
  std::string bytes;
};

// Makes a segment of what the input says. `sound`: of frames as the writer writes them.
std::string build(fuzz::Input& in, bool sound, std::vector<Written>& written) {
  constexpr std::uint64_t marker = 0x0102030405060708;
  const auto number = [&in] { return static_cast<std::int64_t>(in.choice(256)) * 17 + in.choice(256); };
  std::string out = encode({format_version, 1, 0, marker, 0});
  std::int64_t group = first_frame;
  for (unsigned left = in.choice(24); left > 0; --left) {
    const auto at = static_cast<std::int64_t>(out.size());
    if (in.choice(3) == 0) group = at;
    const std::string payload(static_cast<std::size_t>(in.choice(100)), static_cast<char>(in.choice(256)));
    Frame frame{Frame::Kind::block, static_cast<std::uint32_t>(payload.size()), crc32c(payload), 0, at, group};
    if (!sound) {
      if (in.choice(4) == 0) frame.kind = Frame::Kind::end;
      if (in.choice(4) == 0) frame.length = static_cast<std::uint32_t>(number() << in.choice(20));
      if (in.choice(4) == 0) frame.at = number();
      if (in.choice(4) == 0) frame.group = number() - 100;
    }
    append_frame(out, marker, frame);
    out += payload;
    written.push_back({at, payload});
  }
  return out;
}

Reading read_all(Spool& spool, Position from, std::size_t at_once) {
  Reading all;
  all.next = from;
  while (spool.wait(all.next, 0)) {
    Reading part = spool.read(all.next, at_once);
    require(part.problem.empty() && part.next > all.next);
    std::ranges::move(part.blocks, std::back_inserter(all.blocks));
    std::ranges::move(part.damage, std::back_inserter(all.damage));
    all.next = part.next;
  }
  return all;
}

bool same(const Reading& a, const Reading& b) {
  return a.next == b.next &&
         std::ranges::equal(a.blocks, b.blocks,
                            [](const Block& x, const Block& y) { return x.at == y.at && x.bytes == y.bytes; }) &&
         std::ranges::equal(a.damage, b.damage, [](const Damage& x, const Damage& y) {
           return x.from == y.from && x.to == y.to && x.what == y.what;
         });
}

// Blocks and damage lie in the file, in order, and no byte is in two of them.
void check_places(const Reading& reading, std::int64_t size) {
  std::vector<std::pair<std::int64_t, std::int64_t>> places;
  for (const Block& block : reading.blocks) {
    require(block.at.segment == 1 && block.next.segment == 1);
    require(block.next.offset - block.at.offset == static_cast<std::int64_t>(frame_bytes + block.bytes.size()));
    places.emplace_back(block.at.offset, block.next.offset);
  }
  require(std::ranges::is_sorted(places));
  for (const Damage& damage : reading.damage) {
    require(damage.segment == 1 && damage.segments == 1 && damage.from < damage.to);
    places.emplace_back(damage.from, damage.to);
  }
  std::ranges::sort(places);
  std::int64_t end = 0;
  for (const auto& [from, to] : places) {
    require(from >= end && to <= size);
    end = to;
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input in(data, size);
  MemoryDisk disk;
  const unsigned kind = in.choice(3);
  std::vector<Written> written;
  std::string& segment = disk.files[segment_name(1)];
  segment = kind == 0 ? std::string(in.rest()) : build(in, kind == 1, written);
  bool changed = false;
  while (kind != 0 && !in.rest().empty()) {
    const std::size_t at = in.choice(256) * 64U + in.choice(64);
    const auto with = static_cast<char>(in.choice(256));
    changed = changed || with != 0;
    segment[at % segment.size()] = static_cast<char>(segment[at % segment.size()] ^ with);
  }
  const std::string before = segment;

  const ManualClock clock;
  auto spool = Spool::open(disk, "spool", clock);
  if (!spool) {
    require(kind == 0 && spool.error().code == "storage.spool_unusable");
    return 0;
  }
  const Reading reading = read_all(**spool, {}, 1 << 20);
  check_places(reading, static_cast<std::int64_t>(before.size()));
  require(same(reading, read_all(**spool, {}, 1)));
  if (kind == 1) {
    for (const Block& block : reading.blocks)
      require(std::ranges::any_of(
          written, [&](const Written& one) { return one.at == block.at.offset && one.bytes == block.bytes; }));
    if (!changed) require(reading.blocks.size() == written.size() && reading.damage.empty());
  }
  // Whatever was there, the spool goes on behind it and leaves it as it is.
  const auto appended = (*spool)->append_blocking("behind");
  require(appended && appended->segment == 2);
  const Reading behind = read_all(**spool, reading.next, 1);
  require(behind.blocks.size() == 1 && behind.blocks[0].bytes == "behind" && behind.damage.empty());
  require(disk.files[segment_name(1)] == before);
  return 0;
}
