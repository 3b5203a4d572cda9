// How well templates are mined: the grouping accuracy on labelled logs, as logpai/logparser defines it, and the speed
// on one core. For each set one line of JSON.
//
//   eval_templates [--wrong] <set>_structured.csv…
//
// The files are loghub's: the message is in the column Content, its true template in EventId. Each set is mined line by
// line by a miner of its own, all with the same options; a line belongs to what its id is an alias of in the end.
// --wrong tells instead which groups differ.
#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "logs/templates/miner.hpp"

namespace {

using miniops::logs::Miner;

struct Labelled {
  std::string message;
  std::string event;
};

// One record of a CSV file, from `at` on: quotes are doubled, fields may hold line breaks.
std::vector<std::string> next_record(std::string_view text, std::size_t& at) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      if (quoted && text.substr(at + 1).starts_with('"'))
        fields.back().push_back(text[++at]);
      else
        quoted = !quoted;
    } else if (quoted || (c != ',' && c != '\n' && c != '\r')) {
      fields.back().push_back(c);
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      ++at;
      break;
    }
  }
  return fields;
}

std::vector<Labelled> read_set(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  std::size_t at = 0;
  const auto head = next_record(text, at);
  const auto column = [&](std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(head, name) - head.begin());
  };
  const std::size_t message = column("Content");
  const std::size_t event = column("EventId");
  std::vector<Labelled> lines;
  while (at < text.size()) {
    auto fields = next_record(text, at);
    if (std::max(message, event) < fields.size())
      lines.push_back({std::move(fields[message]), std::move(fields[event])});
  }
  return lines;
}

struct Grouped {
  Miner miner;
  std::vector<std::int32_t> ids;  // of the lines
};

Grouped group(const std::vector<Labelled>& lines) {
  Grouped grouped;
  std::unordered_map<std::int32_t, std::int32_t> aliases;
  for (const Labelled& line : lines) {
    grouped.ids.push_back(grouped.miner.add(line.message).id);
    for (const auto& alias : grouped.miner.take_aliases()) aliases[alias.from] = alias.to;
  }
  for (std::int32_t& id : grouped.ids)
    for (auto next = aliases.find(id); next != aliases.end(); next = aliases.find(id)) id = next->second;
  return grouped;
}

struct Counts {
  std::map<std::int32_t, std::size_t> found;
  std::map<std::string_view, std::size_t> truth;
  std::map<std::pair<std::string_view, std::int32_t>, std::size_t> both;
};

Counts count(const std::vector<Labelled>& lines, const std::vector<std::int32_t>& ids) {
  Counts counts;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    ++counts.found[ids[i]];
    ++counts.truth[lines[i].event];
    ++counts.both[{lines[i].event, ids[i]}];
  }
  return counts;
}

bool same(const Counts& counts, const std::pair<std::string_view, std::int32_t>& pair, std::size_t lines) {
  return counts.truth.at(pair.first) == lines && counts.found.at(pair.second) == lines;
}

// With a new miner each time, so that learning is in it: the median of some rounds, by the processor's time.
double lines_per_second(const std::vector<Labelled>& lines) {
  constexpr std::size_t rounds = 5;
  constexpr std::size_t repeats = 40;
  std::vector<double> speeds;
  for (std::size_t round = 0; round < rounds; ++round) {
    const std::clock_t begin = std::clock();
    for (std::size_t repeat = 0; repeat < repeats; ++repeat) {
      Miner miner;
      for (const Labelled& line : lines) miner.add(line.message);
    }
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    speeds.push_back(static_cast<double>(repeats * lines.size()) / std::max(seconds, 1e-6));
  }
  std::ranges::sort(speeds);
  return speeds[rounds / 2];
}

void print_wrong(const std::string& name, const Grouped& grouped, const Counts& counts) {
  std::printf("%s\n", name.c_str());
  for (const auto& [pair, lines] : counts.both) {
    if (same(counts, pair, lines)) continue;
    std::printf("  %zu lines of event %s (%zu) are in template %d (%zu): %s\n", lines, std::string(pair.first).c_str(),
                counts.truth.at(pair.first), pair.second, counts.found.at(pair.second),
                grouped.miner.text_of(pair.second).c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> files(argv + 1, argv + argc);
  const bool wrong = std::erase(files, "--wrong") > 0;
  for (const std::filesystem::path path : files) {
    const std::string name = path.filename().string().substr(0, path.filename().string().find('_'));
    const auto lines = read_set(path);
    if (lines.empty()) {
      std::fprintf(stderr, "%s has no lines with Content and EventId\n", path.c_str());
      return 1;
    }
    const Grouped grouped = group(lines);
    const Counts counts = count(lines, grouped.ids);
    if (wrong) {
      print_wrong(name, grouped, counts);
      continue;
    }
    std::size_t right = 0;
    for (const auto& [pair, both] : counts.both)
      if (same(counts, pair, both)) right += both;
    const boost::json::object row{{"set", name},
                                  {"lines", lines.size()},
                                  {"events", counts.truth.size()},
                                  {"templates", counts.found.size()},
                                  {"accuracy", static_cast<double>(right) / static_cast<double>(lines.size())},
                                  {"lines_per_second", lines_per_second(lines)}};
    std::printf("%s\n", boost::json::serialize(row).c_str());
  }
}
