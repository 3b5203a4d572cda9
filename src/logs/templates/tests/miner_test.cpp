#include "logs/templates/miner.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "base/text.hpp"

namespace miniops::logs::miner_test {
namespace {

using Lines = std::vector<std::string>;

// Lines as a program with a few dozen statements writes them: some with words that vary, some with states.
class Program {
 public:
  explicit Program(unsigned seed) : random_(seed) {}

  std::string line() {
    const std::string user = word("user", 40);
    const std::string number = std::to_string(below(1000));
    switch (below(12)) {
      case 0:
        return "user " + name(30) + " logged in from 10.0.0." + number;
      case 1:
        return "user " + name(30) + " moved to room " + name(12) + " after " + number + " ms";
      case 2:
        return "state changed from " + state() + " to " + state() + " for task_" + number;
      case 3:
        return "visible=" + std::string(below(2) == 0 ? "true" : "false") + " page=" + name(20);
      case 4:
        return "订单 " + number + " 支付" + (below(2) == 0 ? "成功" : "失败");
      case 5:
        return "rooms: room_1 " + number + ", room_2 " + number + ", room_3 " + number;
      case 6:
        return "loading module " + name(9) + " of package com." + name(20) + ".app failed: " + name(3);
      case 7:
        return name(15) + " started";
      case 8:
        return name(3) + " " + name(3) + " " + name(3);
      case 9:
        return "event " + number;
      case 10:
        return "a rare thing happened to the " + name(60) + " in the " + name(60) + " of the " + name(60);
      default:
        return "closing connection " + number + " of " + user + ": " + state();
    }
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }
  std::string word(std::string_view kind, std::size_t bound) {
    return std::string(kind) + std::to_string(below(bound));
  }
  std::string name(std::size_t bound) {
    std::string text = "q";
    for (std::size_t i = below(bound) + 1; i > 0; i /= 5) text.push_back("aeiou"[i % 5]);
    return text + "n";
  }
  std::string state() { return std::array{"NEW", "OPEN", "DONE", "LOST"}[below(4)]; }

  std::minstd_rand random_;
};

Lines lines_of(unsigned seed, std::size_t count) {
  Program program(seed);
  Lines lines;
  for (std::size_t i = 0; i < count; ++i) lines.push_back(program.line());
  return lines;
}

// What a caller keeps: the texts of living templates, and what the others are aliases of.
struct Book {
  std::map<std::int32_t, std::string> texts;
  std::map<std::int32_t, std::int32_t> aliases;

  void keep(Miner& miner, const Mined& mined) {
    if (mined.created || mined.changed) texts[mined.id] = miner.text_of(mined.id);
    for (const auto& [from, to] : miner.take_aliases()) {
      aliases[from] = to;
      texts.erase(from);
    }
  }
  std::int32_t living(std::int32_t id) const {
    while (aliases.contains(id)) id = aliases.at(id);
    return id;
  }
};

Book mine(Miner& miner, const Lines& lines) {
  Book book;
  for (const auto& line : lines) book.keep(miner, miner.add(line));
  return book;
}

TEST(Miner, LinesOfOneStatementHaveOneTemplate) {
  Miner miner;
  EXPECT_EQ(miner.add("订单 123 支付失败"), (Mined{.id = 1, .created = true}));
  EXPECT_EQ(miner.add("订单 456 支付失败"), (Mined{.id = 1}));
  EXPECT_EQ(miner.text_of(1), "订单 <*> 支付失败");
  EXPECT_EQ(miner.add("订单 456 支付成功"), (Mined{.id = 2, .created = true}));
  EXPECT_EQ(miner.size(), 2u);
}

TEST(Miner, AWordThatVariesBecomesAParameter) {
  Miner miner;
  const auto fails = [](std::string_view user) {
    return "Failed password for " + std::string(user) + " from 10.0.0.1";
  };
  EXPECT_EQ(miner.add(fails("root")).id, 1);
  EXPECT_EQ(miner.add(fails("admin")).id, 2);
  EXPECT_EQ(miner.add(fails("ftp")).id, 3);
  EXPECT_TRUE(miner.take_aliases().empty());
  EXPECT_EQ(miner.add(fails("news")), (Mined{.id = 1, .changed = true}));
  EXPECT_EQ(miner.take_aliases(), (std::vector<TemplateAlias>{{2, 1}, {3, 1}}));
  EXPECT_TRUE(miner.take_aliases().empty());
  EXPECT_EQ(miner.text_of(1), "Failed password for <word> from <*>");
  EXPECT_EQ(miner.add(fails("anybody")), (Mined{.id = 1}));
  EXPECT_EQ(miner.add("another message"), (Mined{.id = 4, .created = true}));
}

TEST(Miner, ATruthValueIsNotAnyWord) {
  Miner miner;
  for (const std::string_view name : {"alpha", "beta", "gamma", "delta"})
    miner.add("the lamp is now " + std::string(name));
  EXPECT_EQ(miner.text_of(1), "the lamp is now <word>");
  EXPECT_EQ(miner.add("the lamp is now true"), (Mined{.id = 4, .created = true}));
  EXPECT_EQ(miner.add("the lamp is now false"), (Mined{.id = 5, .created = true}));
  EXPECT_EQ(miner.add("the lamp is now red"), Mined{.id = 1});
}

TEST(Miner, TheEvidenceNeededDependsOnTheWordsAndOnWhatIsAlike) {
  struct Case {
    std::string_view message;  // with * where words vary
    std::vector<std::string_view> words;
    bool one;
  };
  const Case cases[] = {
      {"cannot open the file *", {"/etc/passwd", "stdin"}, true},
      {"cannot open the class *", {"com.qq.App", "com.qq.Page"}, true},
      {"cannot open the door *", {"alpha", "beta", "gamma"}, false},
      {"cannot open the door *", {"alpha", "beta", "gamma", "delta"}, true},
      {"the door is now *", {"opened", "closed", "locked", "unlocked", "failing"}, false},
      {"the state is now *", {"LOOKING", "LEADING", "FOLLOWING", "OBSERVING"}, false},
      {"the wire is x *", {"x+", "x-", "y+", "y-", "z+", "z-"}, false},
      {"the lamp is now *", {"true", "false"}, false},
      {"the lamp has value *", {"true", "17"}, false},
      {"door *", {"alpha", "beta", "gamma", "delta"}, false},
      {"* is the name of it", {"alpha", "beta", "gamma", "delta"}, false},
      {"的 门 是 *", {"甲", "乙", "丙", "丁"}, true},
      {"这 订单 现在 *", {"支付成功", "支付失败", "支付超时", "支付完成"}, false},
      {"user * and host *", {"alpha", "beta", "gamma", "delta"}, false},
      {"now user * came to host *", {"alpha", "beta", "gamma", "delta"}, true},
  };
  for (const auto& [message, words, one] : cases) {
    Miner miner;
    Book book;
    std::set<std::int32_t> ids;
    for (int again = 0; again < 2; ++again) {
      ids.clear();
      for (const auto word : words) {
        std::string line(message);
        for (std::size_t at = line.find('*'); at != std::string::npos; at = line.find('*')) line.replace(at, 1, word);
        const Mined mined = miner.add(line);
        book.keep(miner, mined);
        ids.insert(book.living(mined.id));
      }
    }
    EXPECT_EQ(ids.size(), one ? 1u : words.size()) << message << " " << words[0];
  }
}

TEST(Miner, TemplatesThatBecomeAlikeBecomeOne) {
  Miner miner;
  Book book;
  const std::string_view users[] = {"anna", "bert", "carl", "dora", "emil"};
  for (const auto user : users)
    for (const std::string_view room : {"hall", "kitchen", "cellar", "attic"}) {
      const std::string line = "moved " + std::string(user) + " quickly into the room " + std::string(room);
      book.keep(miner, miner.add(line));
    }
  EXPECT_EQ(miner.size(), 1u);
  EXPECT_EQ(miner.text_of(1), "moved <word> quickly into the room <word>");
  for (const auto& [from, to] : book.aliases) EXPECT_LT(to, from);
}

TEST(Miner, ListsOfAnyLengthAreOneTemplate) {
  Miner miner;
  const std::int32_t id = miner.add("sets node-1 0x1f <ok> node-2 0x2f <ok>").id;
  EXPECT_EQ(miner.add("sets node-1 0x1f <ok>").id, id);
  EXPECT_EQ(miner.add("sets node-1 0x1f <ok> node-2 0x2f <ok> node-3 0x2f <ok>").id, id);
  EXPECT_NE(miner.add("sets node-1 0x1f <bad>").id, id);
}

TEST(Miner, ALineWithoutTextBelongsToTheCatchAll) {
  Miner miner;
  EXPECT_EQ(miner.add(""), Mined{});
  EXPECT_EQ(miner.add(" \t\r\n"), Mined{});
  EXPECT_EQ(miner.text_of(0), "<*>");
  EXPECT_EQ(miner.text_of(17), "<*>");
}

TEST(Miner, MeansTheSameByAnIdForEver) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    Miner miner;
    Book book;
    const Lines lines = lines_of(seed, 3000);
    std::vector<std::int32_t> ids;
    std::int32_t newest = 0;
    for (const auto& line : lines) {
      const Mined mined = miner.add(line);
      if (mined.created) EXPECT_EQ(mined.id, ++newest);
      EXPECT_FALSE(mined.created && mined.changed);
      book.keep(miner, mined);
      ids.push_back(mined.id);
      EXPECT_EQ(book.texts.at(mined.id), miner.text_of(mined.id));
    }
    EXPECT_EQ(book.texts.size(), miner.size());
    EXPECT_GT(book.aliases.size(), 10u);
    // What a line was given leads to the template that it has now.
    for (std::size_t i = 0; i < lines.size(); ++i)
      EXPECT_EQ(miner.add(lines[i]), Mined{.id = book.living(ids[i])}) << lines[i];
  }
}

TEST(Miner, GoesOnFromTheTexts) {
  const Lines lines = lines_of(7, 2000);
  for (const std::size_t after : {1u, 10u, 50u, 200u, 1000u}) {
    Miner before;
    const Book book = mine(before, {lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(after)});
    Miner restored;
    for (const auto& [from, to] : book.aliases) restored.restore(from, "");
    for (auto one = book.texts.rbegin(); one != book.texts.rend(); ++one) restored.restore(one->first, one->second);
    EXPECT_EQ(restored.size(), before.size());
    for (std::size_t i = after; i < lines.size(); ++i) {
      ASSERT_EQ(restored.add(lines[i]), before.add(lines[i])) << i << " after " << after;
      ASSERT_EQ(restored.take_aliases(), before.take_aliases());
    }
    EXPECT_EQ(restored.size(), before.size());
  }
}

TEST(Miner, ChoosesTheSameOfTwoThatFit) {
  Miner one;
  one.restore(1, "the <word> door is open");
  one.restore(2, "the green <word> is open");
  Miner other;
  other.restore(2, "the green <word> is open");
  other.restore(1, "the <word> door is open");
  EXPECT_EQ(one.add("the green door is open"), other.add("the green door is open"));
}

TEST(Miner, RestoresWhatMakesSenseOnly) {
  Miner miner;
  miner.restore(-1, "negative");
  miner.restore(0, "catch-all");
  miner.restore(5, "five <*>");
  miner.restore(5, "five again");
  miner.restore(6, "five <*>");
  std::string endless;
  for (int i = 0; i < 1000; ++i) endless += "word ";
  miner.restore(9, endless);
  EXPECT_EQ(miner.size(), 1u);
  EXPECT_EQ(miner.add("five 5").id, 5);
  EXPECT_EQ(miner.add("new"), (Mined{.id = 10, .created = true}));
}

TEST(Miner, IsDeterministic) {
  Miner one;
  Miner other;
  for (const auto& line : lines_of(3, 2000)) ASSERT_EQ(one.add(line), other.add(line));
  EXPECT_EQ(one.take_aliases(), other.take_aliases());
}

TEST(Miner, KeepsItsLimit) {
  Miner miner({.templates_max = 100});
  EXPECT_EQ(miner.add("known since 1 day").id, 1);
  std::minstd_rand random(1);
  const auto word = [&] {
    std::string text;
    for (int i = 0; i < 7; ++i) text.push_back(static_cast<char>('a' + random() % 26));
    return text;
  };
  std::size_t beyond = 0;
  for (int i = 0; i < 5000; ++i) {
    const Mined mined = miner.add(word() + " " + word() + " " + word() + " " + word());
    if (mined.id == 0) ++beyond;
    ASSERT_LE(miner.size(), 100u);
  }
  EXPECT_EQ(beyond, 5000u - 99u);
  EXPECT_EQ(miner.add("known since 7 days"), Mined{.id = 1});
}

TEST(Miner, AFullTableStillFindsThatTemplatesAreOne) {
  Miner miner({.templates_max = 3});
  for (const std::string_view name : {"alpha", "beta", "gamma"}) miner.add("good morning to you " + std::string(name));
  EXPECT_EQ(miner.size(), 3u);
  for (int i = 0; i < 1000; ++i)
    miner.add("good morning to you " + std::string(static_cast<std::size_t>(3 + i % 50), 'x'));
  EXPECT_EQ(miner.size(), 1u);
  EXPECT_EQ(miner.text_of(1), "good morning to you <word>");
}

TEST(Miner, AMillionWordsAreOneTemplate) {
  Miner miner;
  for (const std::string_view form : {"*", "welcome *", "*, welcome back", "we sent a letter to *"}) {
    const std::size_t before = miner.size();
    for (int i = 0; i < 2000; ++i) {
      std::string word;
      for (int n = i + 1; n > 0; n /= 12)
        word.append(std::array{"ba", "be", "bi", "bo", "bu", "ka", "ke", "ki", "ko", "ku", "na",
                               "ni"}[static_cast<std::size_t>(n % 12)]);
      std::string line(form);
      miner.add(line.replace(line.find('*'), 1, word + "x"));
    }
    EXPECT_LE(miner.size(), before + 2) << form;
  }
}

TEST(Miner, TakesAnyInput) {
  std::minstd_rand random(11);
  const auto repeated = [](std::string_view text) {
    std::string all;
    while (all.size() < 65536) all += text;
    return all;
  };
  Miner miner;
  Lines lines;
  for (const std::string_view part :
       {"x", "x ", "1 ", "1,a ", "'\"`", "a={", "<*>", "<word> ", "中", "中a", "\xff", "=", ". ", "/", ":", "true "})
    lines.push_back(repeated(part));
  for (int i = 0; i < 500; ++i) {
    std::string bytes;
    for (std::size_t size = random() % 3000; bytes.size() < size;) bytes.push_back(static_cast<char>(random()));
    lines.push_back(std::move(bytes));
    std::string marks;
    for (std::size_t size = random() % 300; marks.size() < size;)
      marks.push_back("ab1 <*>=\"'{}[]().,:/-_|\\@"[random() % 24]);
    lines.push_back(std::move(marks));
  }
  const Book book = mine(miner, lines);
  for (const auto& [id, text] : book.texts) {
    EXPECT_TRUE(valid_utf8(text)) << id;
    EXPECT_LE(text.size(), 3 * MinerOptions{}.bytes_max + 16);
  }
  for (const auto& line : lines) EXPECT_FALSE(miner.add(line).created);
}

}  // namespace
}  // namespace miniops::logs::miner_test
