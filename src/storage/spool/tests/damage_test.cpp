// What is lost when a segment does not hold what was written there: the blocks that were touched, and no other.
#include "base/random.hpp"
#include "storage/spool/tests/fixture.hpp"

namespace miniops::spool {

namespace {

using Damages = std::vector<Damage>;

class DamageTest : public SpoolTest {
 protected:
  // Writes these as one block a group, and closes the spool in order or lets it crash.
  void write(const Texts& blocks, bool in_order) {
    open();
    for (const std::string& block : blocks) append(block);
    whole_ = read_all().blocks;
    if (in_order) {
      close();
    } else {
      crash();
    }
    bytes_ = disk_.content(file(1));
  }
  Reading read_with(const std::string& bytes) {
    spool_.reset();
    disk_.replace(file(1), bytes);
    open();
    return read_all();
  }
  static bool touches(const Block& block, std::int64_t from, std::int64_t to) {
    return block.at.offset < to && block.next.offset > from;
  }

  // The first blocks, as far as this begins as the segment did.
  Texts left_in(std::string_view bytes) const {
    Texts left;
    for (const Block& block : whole_) {
      const std::string_view until = std::string_view(bytes_).substr(0, static_cast<std::size_t>(block.next.offset));
      if (bytes.starts_with(until)) left.push_back(block.bytes);
    }
    return left;
  }

  std::vector<Block> whole_;
  std::string bytes_;
};

const Texts some = {"the first block", "", "a", std::string(100, 'z'), "the last but one", "the last block"};

TEST_F(DamageTest, OneFlippedByteCostsItsBlockOnlyAndIsTold) {
  for (const bool in_order : {true, false}) {
    disk_.replace(file(1), "");
    spool_.reset();
    (void)disk_.remove(file(1));
    write(some, in_order);
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
      if (i > segment_header_bytes && i + 100 < second_copy) continue;  // nothing is there
      std::string flipped = bytes_;
      flipped[i] = static_cast<char>(flipped[i] ^ 0x04);
      const auto at = static_cast<std::int64_t>(i);
      Texts left;
      Damages told;
      for (const Block& block : whole_) {
        const bool touched = touches(block, at, at + 1);
        if (!touched) left.push_back(block.bytes);
        // A crash may have left the last block as it is now: nothing behind it says that it was ever whole.
        const bool known = in_order || &block != &whole_.back();
        if (touched && known) told.push_back({1, block.at.offset, block.next.offset, "checksum"});
      }
      const Reading reading = read_with(flipped);
      ASSERT_EQ(texts(reading), left) << "byte " << i << (in_order ? "" : " after a crash");
      ASSERT_EQ(reading.damage, told) << "byte " << i << (in_order ? "" : " after a crash");
      ASSERT_EQ(reading.next, (Position{1, static_cast<std::int64_t>(bytes_.size())}));
    }
  }
}

TEST_F(DamageTest, DamageOfAnyKindCostsOnlyTheBlocksThatItTouches) {
  SeededRandom random(7);
  Texts blocks;
  for (int i = 0; i < 40; ++i) blocks.push_back(random.bytes(random.below(700)));
  write(blocks, true);
  open();
  append("in the second segment, which knows how far the first one went");
  close();
  for (int round = 0; round < 300; ++round) {
    std::string bytes = bytes_;
    std::vector<std::pair<std::int64_t, std::int64_t>> changed;
    for (auto left = 1 + random.below(4); left > 0; --left) {
      // The beginning is tested below.
      const auto from = static_cast<std::size_t>(first_frame) + random.below(bytes.size() - first_frame);
      const auto size = std::min<std::size_t>(1 + random.below(900), bytes.size() - from);
      const std::string other[] = {std::string(size, '\0'), random.bytes(size),
                                   bytes_.substr(random.below(from), size)};
      const std::string& with = other[random.below(3)];
      bytes.replace(from, with.size(), with);
      changed.emplace_back(from, from + size);
    }
    const Reading reading = read_with(bytes);
    std::map<Position, std::string> found;
    for (const Block& block : reading.blocks) found[block.at] = block.bytes;
    EXPECT_EQ(found.size(), reading.blocks.size());
    for (const Block& block : whole_) {
      const bool touched =
          std::ranges::any_of(changed, [&](const auto& range) { return touches(block, range.first, range.second); });
      const auto read = found.extract(block.at);
      if (!touched) EXPECT_FALSE(read.empty()) << "round " << round << " lost the block at " << block.at.offset;
      if (!read.empty()) {
        EXPECT_EQ(read.mapped(), block.bytes);
        continue;
      }
      EXPECT_TRUE(
          std::ranges::any_of(reading.damage, [&](const Damage& one) { return touches(block, one.from, one.to); }))
          << "round " << round << " does not tell of the block at " << block.at.offset;
    }
    EXPECT_EQ(found.erase({2, first_frame}), 1U);
    EXPECT_TRUE(found.empty()) << "read what was never written, in round " << round;
  }
}

TEST_F(DamageTest, TheNextBlockIsFoundWhereverItBegins) {
  for (const std::size_t step : {std::size_t{4096}, std::size_t{64} << 10}) {
    for (std::size_t size = step - 60; size < step + 20; ++size) {
      SegmentBuilder segment(1);
      segment.block(std::string(size, 'x'));
      const std::int64_t to = segment.size();
      segment.group().block("behind").end();
      segment.bytes()[static_cast<std::size_t>(first_frame)] ^= 1;
      const Reading reading = read_with(segment.bytes());
      ASSERT_EQ(texts(reading), Texts{"behind"}) << size;
      ASSERT_EQ(reading.damage, (Damages{{1, first_frame, to, "checksum"}})) << size;
    }
  }
}

TEST_F(DamageTest, ATornTailIsNotDamage) {
  write(some, false);
  for (std::size_t size = 0; size <= bytes_.size(); ++size) {
    for (const std::size_t zeros : {0U, 7U, 600U}) {
      if (size > 0 && size < first_frame) continue;  // a header is durable before anything else is written
      const std::string bytes = bytes_.substr(0, size) + std::string(zeros, '\0');
      const Reading reading = read_with(bytes);
      ASSERT_EQ(texts(reading), left_in(bytes)) << size;
      ASSERT_EQ(reading.damage, Damages{}) << size;
    }
  }
}

TEST_F(DamageTest, AHoleIsDamageWhenALaterGroupProvesThatItWasSynced) {
  struct Case {
    const char* what;
    int groups[4];  // of the blocks, in order
    int hole;       // which block is overwritten
    bool ended;
    const char* told;  // "" for not at all
  };
  const Case cases[] = {
      {"the group behind it was begun", {0, 0, 1, 1}, 0, false, "checksum"},
      {"the same, at the end of its group", {0, 0, 1, 1}, 1, false, "checksum"},
      {"in the last group", {0, 0, 1, 1}, 2, false, "torn"},
      {"in the only group", {0, 0, 0, 0}, 1, false, "torn"},
      {"at the end", {0, 0, 1, 1}, 3, false, ""},
      {"at the end of the only group", {0, 0, 0, 0}, 3, false, ""},
      {"in the last group, ended in order", {0, 0, 1, 1}, 2, true, "checksum"},
      {"at the end, ended in order", {0, 0, 1, 1}, 3, true, "checksum"},
  };
  for (const Case& one : cases) {
    for (const bool header_too : {false, true}) {
      SegmentBuilder segment(1);
      std::vector<std::pair<std::int64_t, std::int64_t>> blocks;
      Texts left;
      for (int i = 0; i < 4; ++i) {
        if (i > 0 && one.groups[i] != one.groups[i - 1]) segment.group();
        const std::int64_t begin = segment.size();
        segment.block(fmt::format("{:700}", i));
        blocks.emplace_back(begin, segment.size());
        if (i != one.hole) left.push_back(fmt::format("{:700}", i));
      }
      if (one.ended) segment.end();
      const auto [from, to] = blocks[static_cast<std::size_t>(one.hole)];
      const auto begin = static_cast<std::size_t>(from) + (header_too ? 0 : frame_bytes);
      segment.bytes().replace(begin, static_cast<std::size_t>(to) - begin, static_cast<std::size_t>(to) - begin, '\0');
      const Reading reading = read_with(segment.bytes());
      EXPECT_EQ(texts(reading), left) << one.what;
      EXPECT_EQ(reading.damage, *one.told == '\0' ? Damages{} : (Damages{{1, from, to, one.told}})) << one.what;
    }
  }
}

TEST_F(DamageTest, ASegmentWithoutABeginningIsUnreadableAndTheNextIsRead) {
  write(some, true);
  open();
  append("in the second");
  close();
  std::string bytes = bytes_;
  bytes[3] = 'X';
  EXPECT_EQ(read_with(bytes).damage, Damages{}) << "there are two copies";
  bytes[static_cast<std::size_t>(second_copy) + 3] = 'X';
  const Reading reading = read_with(bytes);
  EXPECT_EQ(texts(reading), Texts{"in the second"});
  EXPECT_EQ(reading.damage, (Damages{{1, 0, static_cast<std::int64_t>(bytes.size()), "unreadable"}}));
  const Reading copied = read_with(disk_.content(file(2)));
  EXPECT_EQ(texts(copied), Texts{"in the second"}) << "another segment's file under this name";
  EXPECT_EQ(copied.damage[0].what, "unreadable");
}

TEST_F(DamageTest, SegmentsThatAreNotThereAreTold) {
  options_.segment_bytes = 1;
  open();
  for (const char* block : {"1", "2", "3", "4", "5", "6"}) append(block);
  for (const int number : {1, 3, 4}) ASSERT_TRUE(disk_.remove(file(number)));
  // While the spool is open, and after it was opened again.
  for (int round = 0; round < 2; ++round) {
    Reading reading = read_all();
    EXPECT_EQ(texts(reading), (Texts{"2", "5", "6"}));
    if (round == 1) {
      EXPECT_EQ(reading.damage, (Damages{{3, 0, 0, "missing", 2}})) << "before the oldest nothing is missing";
      EXPECT_EQ(spool_->oldest(), (Position{2, first_frame}));
    }
    reading = read_all({1, first_frame});
    EXPECT_EQ(texts(reading), (Texts{"2", "5", "6"}));
    EXPECT_EQ(reading.damage, (Damages{{1, 0, 0, "missing", 1}, {3, 0, 0, "missing", 2}}));
    EXPECT_EQ(read_all({4, 9999}).damage, (Damages{{4, 0, 0, "missing", 1}}));
    EXPECT_EQ(texts(read_all({4, 9999})), (Texts{"5", "6"}));
    EXPECT_EQ(texts(read_all({77, 0})), Texts{});
    open();
  }
}

TEST_F(DamageTest, AFileThatWasCutShortIsToldWhenItsEndIsKnown) {
  write(some, true);
  const auto end = static_cast<std::int64_t>(bytes_.size());
  open();
  append("in the second");
  for (std::int64_t size = end - 1; size >= first_frame; --size) {
    std::string bytes = bytes_.substr(0, static_cast<std::size_t>(size));
    const Reading reading = read_with(bytes);
    bytes.resize(bytes_.size(), '\0');
    const Texts left = left_in(bytes);
    ASSERT_EQ(reading.blocks.size(), left.size() + 1) << size;
    if (bytes == bytes_) continue;  // it ended with zeros
    // A block that lacks its payload is one hole, all behind it another.
    ASSERT_FALSE(reading.damage.empty()) << size;
    const Position from = left.size() < whole_.size() ? whole_[left.size()].at : whole_.back().next;
    EXPECT_EQ(reading.damage.front().from, from.offset) << size;
    EXPECT_EQ(reading.damage.back().to, end) << size;
  }
}

// While the spool is open it knows how far its segments were durable.
TEST_F(DamageTest, InTheSegmentsOfThisProcessATornTailIsDamage) {
  open();
  for (const std::string& block : some) append(block);
  const Reading whole = read_all();
  const std::string bytes = disk_.content(file(1));
  const auto end = static_cast<std::int64_t>(bytes.size());
  disk_.replace(file(1), bytes.substr(0, bytes.size() - 3));
  const Reading cut = read_all();
  EXPECT_EQ(cut.blocks.size(), some.size() - 1);
  EXPECT_EQ(cut.damage, (Damages{{1, whole.blocks.back().at.offset, end, "checksum"}}));
}

TEST_F(DamageTest, ABadSectorCostsWhatItHolds) {
  Texts blocks;
  for (int i = 0; i < 30; ++i) blocks.push_back(fmt::format("{:1000}", i));
  write(blocks, true);
  // As the kernel reads: by pages. The last one holds the end, and is tested below.
  for (std::int64_t bad = 2 * 4096; bad + 4096 < static_cast<std::int64_t>(bytes_.size()) - 2000; bad += 4096) {
    disk_.set_unreadable(file(1), bad, bad + 4096);
    const Reading reading = read_with(bytes_);
    for (const Block& block : whole_) {
      const bool read = std::ranges::find(reading.blocks, block.at, &Block::at) != reading.blocks.end();
      EXPECT_NE(read, touches(block, bad, bad + 4096)) << bad;
    }
    EXPECT_EQ(reading.problem, "");
    ASSERT_FALSE(reading.damage.empty());
    for (const Damage& damage : reading.damage) EXPECT_EQ(damage.what, "unreadable");
  }
}

TEST_F(DamageTest, ADiskThatGivesNothingMoreIsAskedAgain) {
  write(some, true);
  struct Case {
    const char* what;
    std::int64_t from;
    std::size_t blocks;
  };
  const Case cases[] = {{"the whole segment", 0, 0},
                        {"all frames", first_frame, 0},
                        {"the last two", whole_[4].at.offset, 4},
                        {"half of the last", whole_[5].at.offset + 45, 5}};
  for (const Case& one : cases) {
    disk_.set_unreadable(file(1), one.from, 1'000'000);
    open();
    Reading reading = read_all();
    EXPECT_EQ(reading.blocks.size(), one.blocks) << one.what;
    EXPECT_EQ(reading.damage, Damages{}) << one.what;
    EXPECT_EQ(reading.problem, "a bad sector") << one.what;
    disk_.set_unreadable(file(1), 0, 0);
    reading = read_all(reading.next);
    EXPECT_EQ(reading.blocks.size(), some.size() - one.blocks) << one.what;
    EXPECT_EQ(reading.problem, "") << one.what;
  }
  disk_.set_broken({.opens = true});
  EXPECT_EQ(read_all().problem, "the file cannot be opened");
  disk_.set_broken({});
  EXPECT_EQ(texts(read_all()), some);
}

// A sender may send anything, our own segments too.
TEST_F(DamageTest, NoBlockIsReadOutOfAnother) {
  write({"0", "1", "2"}, true);
  const std::string inner = bytes_ + SegmentBuilder(1).block("forged").end().bytes();
  spool_.reset();
  ASSERT_TRUE(disk_.remove(file(1)));
  write({"before", inner, "behind"}, true);
  for (std::size_t i = 0; i < frame_bytes; ++i) {
    std::string damaged = bytes_;
    damaged[static_cast<std::size_t>(whole_[1].at.offset) + i] ^= 1;
    EXPECT_EQ(texts(read_with(damaged)), (Texts{"before", "behind"})) << i;
  }
}

TEST_F(DamageTest, WhatCannotBeUnderstoodIsNotOpened) {
  struct Case {
    const char* what;
    std::filesystem::path path;
    std::string bytes;
    bool opens;
  };
  const Case cases[] = {
      {"a newer format", file(1), SegmentBuilder(1, format_version + 1).bytes(), false},
      {"no number behind it", file(segment_number_max), "", false},
      {"other files", folder / "notes.txt", "a note", true},
      {"a segment without a number", folder / "0000000000000000.spool", "", true},
      {"nothing but zeros", file(3), std::string(9000, '\0'), true},
      {"an empty file", file(3), "", true},
  };
  for (const Case& one : cases) {
    disk_.replace(one.path, one.bytes);
    const auto opened = Spool::open(disk_, folder, clock_, options_);
    EXPECT_EQ(opened.has_value(), one.opens) << one.what;
    if (!opened) EXPECT_EQ(opened.error().code, "storage.spool_unusable") << one.what;
    if (!opened) EXPECT_NE(opened.error().message.find(one.path.string()), std::string::npos) << opened.error().message;
    ASSERT_TRUE(disk_.remove(one.path));
  }
}

}  // namespace

}  // namespace miniops::spool
