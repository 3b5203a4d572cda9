// Search over many messages, by the code that the records' search runs: 500 agents' conversations of 20 messages, words
// by Zipf's law, four fifths of them in the mini program that is asked. Each question is the newest 50, page after page
// until there are so many or no more; with and without an agent, who has one conversation in 500.
//
//   search --database sqlite:/tmp/search.db --messages 10000000
#include "desk/search.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/json.hpp"
#include "base/random.hpp"
#include "desk/records_store.hpp"
#include "desk/store.hpp"
#include "desk_schema.hpp"
#include "storage/sql/open.hpp"

namespace {

using namespace miniops;
using bench::must;

const AppId shop("wxshop"), other("wxother");
constexpr TimeMs first_day = 1'763'701'200'000;
constexpr int agents = 500, messages_each = 20;
constexpr int conversations_at_once = 2000;  // in one transaction
constexpr int shown = 50;

double ms_since(std::chrono::steady_clock::time_point from) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - from).count();
}

std::string utf8(std::uint64_t code) {
  return {static_cast<char>(0xE0 | (code >> 12)), static_cast<char>(0x80 | ((code >> 6) & 0x3F)),
          static_cast<char>(0x80 | (code & 0x3F))};
}

// Draws 1, 2, 3 … `count`, the first most often: the n-th with a share of 1/n.
class Zipf {
 public:
  explicit Zipf(std::size_t count) {
    double sum = 0;
    for (std::size_t n = 1; n <= count; ++n) up_to_.push_back(sum += 1.0 / static_cast<double>(n));
  }
  std::size_t draw(SeededRandom& random) const {
    const double at = static_cast<double>(random.below(1'000'000'007)) / 1'000'000'007.0 * up_to_.back();
    return static_cast<std::size_t>(std::ranges::upper_bound(up_to_, at) - up_to_.begin());
  }

 private:
  std::vector<double> up_to_;
};

// 50,000 words of two or three Chinese characters, themselves drawn by Zipf's law from 3,000.
class Vocabulary {
 public:
  static constexpr std::size_t words_count = 50'000, characters = 3'000;

  explicit Vocabulary(SeededRandom& random) {
    const Zipf character(characters);
    while (words_.size() < words_count) {
      std::string word;
      for (std::uint64_t left = 2 + random.below(3) / 2; left > 0; --left)
        word += utf8(0x4E00 + (character.draw(random) * 7) % 20'000);
      words_.push_back(std::move(word));
    }
  }
  const std::string& word(std::size_t rank) const { return words_[rank]; }
  std::string text(SeededRandom& random) const {
    std::string out;
    for (std::uint64_t left = 3 + random.below(8); left > 0; --left) {
      out += words_[by_rank_.draw(random)];
      if (random.below(4) == 0) out += "，";
    }
    return out;
  }

 private:
  std::vector<std::string> words_;
  Zipf by_rank_{words_count};
};

// ---- what was said ----

struct Contact {
  desk::Thread thread;
  desk::Conversation conversation;
  std::vector<desk::Message> messages;
};

class Past {
 public:
  explicit Past(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

  Contact contact() {
    const auto number = ++contacts_;
    Contact out;
    out.thread.id = ids_.next_as<desk::ThreadId>();
    out.thread.appid = number % 5 == 0 ? other : shop;
    out.thread.openid = OpenId(fmt::format("oBENCH{:022}", number));
    out.thread.first_seen_at = out.thread.last_seen_at = clock_.now();
    desk::Conversation& in = out.conversation;
    in.id = ids_.next_as<desk::ConversationId>();
    in.appid = out.thread.appid;
    in.thread_id = out.thread.id;
    in.openid = out.thread.openid;
    desk::open(in, clock_.now());
    const auto agent = static_cast<std::int64_t>(1 + random_.below(agents));
    desk::assign(in, desk::AccountId(agent), fmt::format("客服{}", agent), "assigned", {}, "", clock_.now());
    for (int i = 0; i < messages_each; ++i) out.messages.push_back(message(out, i % 2 == 0));
    desk::close(in, {}, "", "resolved", clock_.now());
    out.thread.conversation_id = in.id;
    out.thread.conversations = 1;
    return out;
  }

 private:
  desk::Message message(Contact& to, bool of_customer) {
    clock_.advance(4);
    desk::Message out;
    out.id = ids_.next_as<desk::MessageId>();
    out.direction = of_customer ? desk::Direction::in : desk::Direction::out;
    out.sender_kind = of_customer ? desk::SenderKind::customer : desk::SenderKind::agent;
    out.sender_id = of_customer ? to.thread.openid.str() : to.conversation.assignee.str();
    out.msgtype = "text";
    out.body = json::serialize(json::object{{"content", vocabulary_.text(random_)}});
    out.created_at = clock_.now();
    if (!of_customer) out.state = "sent";
    desk::add_message(to.thread, to.conversation, out, "");
    return out;
  }

  const Vocabulary& vocabulary_;
  SeededRandom random_{23};
  ManualClock clock_{first_day};
  IdSource ids_{clock_, 1};
  std::int64_t contacts_ = 0;
};

// Through the desk's tables and its index, in transactions that are larger than those of a server that also serves.
void load(sql::Database& database, Past& past, std::int64_t messages) {
  for (std::int64_t done = 0; done < messages;) {
    std::vector<Contact> contacts;
    for (int i = 0; i < conversations_at_once && done < messages; ++i, done += messages_each)
      contacts.push_back(past.contact());
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      for (const Contact& one : contacts) {
        desk::store::insert_thread(tx, one.thread);
        desk::store::insert_conversation(tx, one.conversation);
        for (const desk::Message& message : one.messages) desk::store::insert_message(tx, message);
      }
      desk::store::index_messages(tx, conversations_at_once * messages_each);
      return {};
    };
    must(database.write_blocking(write));
  }
}

// ---- what is asked ----

struct Asked {
  std::vector<double> ms;
  std::size_t found = 0;
};

std::size_t ask(sql::Database& database, const records::Question& question) {
  const records::Reader reader{.everything = true, .personal_data = true};
  const auto no_scores = [](const std::vector<desk::ConversationId>&) { return std::map<desk::ConversationId, int>(); };
  std::size_t found = 0;
  records::Before before;
  do {
    auto read = [&](sql::Transaction& tx) -> Result<records::PageOf<records::Hit>> {
      return desk::store::find_records(tx, shop, reader, question, before, shown - static_cast<int>(found), no_scores,
                                       "");
    };
    const auto page = must(database.read_blocking(read));
    found += page.items.size();
    before = page.next;
  } while (found < shown && before);
  return found;
}

Asked ask_all(sql::Database& database, const std::vector<std::string>& words, bool with_agent, int times) {
  Asked out;
  for (int i = 0; i < times; ++i) {
    records::Question question;
    question.text = words[static_cast<std::size_t>(i) % words.size()];
    if (with_agent) question.agent = desk::AccountId(1 + i * 7 % agents);
    const auto started = std::chrono::steady_clock::now();
    out.found += ask(database, question);
    out.ms.push_back(ms_since(started));
  }
  std::ranges::sort(out.ms);
  return out;
}

std::vector<std::string> words_at(const Vocabulary& vocabulary, std::size_t from, std::size_t count, std::size_t step) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(vocabulary.word(from + i * step));
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"search over many messages"};
  std::string address;
  std::int64_t messages = 10'000'000;
  int times = 100;
  app.add_option("--database", address)->required();
  app.add_option("--messages", messages)->check(CLI::Range(std::int64_t{1000}, std::int64_t{1'000'000'000}));
  app.add_option("--times", times)->check(CLI::Range(1, 100'000));
  CLI11_PARSE(app, argc, argv);

  SystemClock clock;
  const auto database = must(sql::open(address, clock, {.readers = 2}));
  bench::make_tables(*database);
  SeededRandom random(5);
  const Vocabulary vocabulary(random);
  Past past(vocabulary);
  const auto started = std::chrono::steady_clock::now();
  load(*database, past, messages);
  const double seconds = ms_since(started) / 1000;

  const std::vector<std::pair<std::string, std::vector<std::string>>> classes{
      {"commonest", words_at(vocabulary, 0, 5, 1)},
      {"middle", words_at(vocabulary, 1000, 20, 25)},
      {"rare", words_at(vocabulary, 30'000, 50, 300)}};
  json::array rows;
  for (const auto& [name, words] : classes) {
    for (const bool with_agent : {false, true}) {
      const Asked asked = ask_all(*database, words, with_agent, times);
      const auto at = [&](double share) { return asked.ms[static_cast<std::size_t>(share * (times - 1))]; };
      rows.push_back(json::object{{"words", name},
                                  {"agent", with_agent},
                                  {"found", static_cast<double>(asked.found) / times},
                                  {"p50_ms", at(0.5)},
                                  {"p95_ms", at(0.95)},
                                  {"max_ms", asked.ms.back()}});
    }
  }
  fmt::print("{}\n", json::serialize(
                         json::object{{"messages", messages}, {"load_seconds", seconds}, {"rows", std::move(rows)}}));
  return 0;
}
