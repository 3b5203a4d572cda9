// From WeChat's merged file to the source, in two layers.
#include "issues/sourcemaps/layers.hpp"

#include "base/random.hpp"
#include "issues/message.hpp"
#include "issues/sourcemaps/doctor.hpp"
#include "issues/tests/maps.hpp"

namespace miniops::issues {
namespace {

using made::map_of;
using made::parsed;

// src/pages/index/index.vue ─build→ pages/index/index.js ─WeChat→ app-service.js. The merged file has the page's line 3
// at its line 1, column 120000; the build tool made line 3 of the source's line 42.
made::Release two_layers() {
  made::Release release;
  release.add(
      Layer::wechat, "app-service.js",
      map_of({"app.js", "pages/index/index.js"}, {{0, 0, 0, 0, 0}, {0, 120000, 1, 2, 8}, {0, 120400, 1, 6, 0}}));
  json::object page = map_of({"webpack://shop/./src/pages/index/index.vue?6a1b"},
                             {{2, 8, 0, 41, 4, 0}, {6, 0, 0, 50, 2, 1}}, {"price", "buy"});
  std::string text;
  for (int line = 1; line <= 60; ++line) text += fmt::format("line {}\n", line);
  page["sourcesContent"] = json::array{text};
  release.add(Layer::build, "pages/index/index.js", page);
  return release;
}

std::string words(const std::optional<SourcePosition>& at) {
  return at ? fmt::format("{}:{}:{}", at->file, at->line, at->column) : "-";
}

TEST(Layers, APositionGoesThroughBothLayers) {
  const auto release = two_layers();
  const Traced traced = trace(release.set(), release.open(), "app-service.js", 1, 120010);
  EXPECT_EQ(words(traced.source), "src/pages/index/index.vue:42:5");
  EXPECT_EQ(words(traced.between), "pages/index/index.js:3:9");
  EXPECT_EQ(traced.name, "price");
  ASSERT_TRUE(traced.map);
  EXPECT_EQ(lines_around(*traced.map->content(traced.source_number), 42, 0).lines.front(), "line 42");
}

TEST(Layers, OneLayerAloneLeadsAsFarAsItGoes) {
  const auto release = two_layers();
  // A phone that does not merge names the page's own file.
  const Traced page = trace(release.set(), release.open(), "pages/index/index.js", 3, 9);
  EXPECT_EQ(words(page.source), "src/pages/index/index.vue:42:5");
  EXPECT_EQ(words(page.between), "-");
  // app.js was merged, and has no map of the build tool.
  const Traced app = trace(release.set(), release.open(), "app-service.js", 1, 17);
  EXPECT_EQ(words(app.source), "app.js:1:1");
  EXPECT_EQ(words(app.between), "-");
  EXPECT_EQ(words(trace(release.set(), release.open(), "other.js", 1, 1).source), "-");
  EXPECT_EQ(words(trace(release.set(), release.open(), "app-service.js", 9, 1).source), "-");
}

TEST(Layers, AFileFindsItsMapByPathThenByItsEndThenByItsName) {
  std::vector<MapEntry> entries(5);
  const char* files[] = {"dist/pages/a/index.js", "dist/pages/b/index.js", "dist/common/vendors.js", "app.js",
                         "sub/app.js"};
  for (std::size_t i = 0; i < entries.size(); ++i) entries[i].file = files[i];
  const MapSet maps(entries);
  const auto found = [&](std::string_view file) {
    const MapEntry* entry = maps.find(file, Layer::build);
    return entry == nullptr ? std::string("-") : entry->file;
  };
  EXPECT_EQ(found("pages/a/index.js"), "dist/pages/a/index.js");
  EXPECT_EQ(found("pages/b/index.js"), "dist/pages/b/index.js");
  EXPECT_EQ(found("s/a/index.js"), "-") << "ends of names are no paths, and two have this name";
  EXPECT_EQ(found("elsewhere/vendors.js"), "dist/common/vendors.js");
  EXPECT_EQ(found("app.js"), "app.js");
  EXPECT_EQ(found("pkg/sub/app.js"), "-") << "both are ends of it";
  EXPECT_EQ(maps.find("app.js", Layer::wechat), nullptr);
}

TEST(Layers, FramesGetTheNamesThatAMinifierTook) {
  const auto release = two_layers();
  const std::vector<Frame> frames{
      {"t", "app-service.js", 1, 120010}, {"", "app-service.js", 1, 120401}, {"callback", "WAService.js", 1, 5, false}};
  const auto read = in_source(release.set(), release.open(), frames);
  ASSERT_EQ(read.size(), 3u);
  EXPECT_EQ(read[0].frame.file, "src/pages/index/index.vue");
  EXPECT_EQ(read[0].frame.function, "buy") << "as the frame that called it says";
  EXPECT_EQ(read[1].frame.function, "");
  EXPECT_EQ(read[1].frame.code, "line 51");
  EXPECT_EQ(read[2].frame, frames[2]) << "no map is of it";
}

// A random map whose mappings lead into `sources` files of so many lines.
json::object random_map(Random& random, const std::vector<std::string>& sources, int lines) {
  const auto below = [&](int bound) { return static_cast<int>(random.below(static_cast<std::uint64_t>(bound))); };
  std::vector<made::Mapping> mappings;
  for (int line = 0; line < lines; ++line) {
    int column = 0;
    for (int i = below(6); i > 0; --i) {
      column += 1 + below(30);
      const bool nothing = below(8) == 0;
      mappings.push_back({line, column, nothing ? -1 : below(static_cast<int>(sources.size())), below(lines + 2),
                          below(120), below(3) == 0 ? below(2) : -1});
    }
  }
  return map_of(sources, mappings, {"first", "second"});
}

// What the composition of two maps is by its definition: each mapping of the outer one, looked up in the inner one of
// its source, begins a stretch.
using Composed = std::map<std::pair<int, int>, std::string>;
Composed compose(const SourceMap& outer, const std::map<std::string, SourceMap>& inner) {
  Composed out;
  for (std::int32_t line = 0; line < outer.lines(); ++line) {
    for (const auto& segment : std::ranges::subrange(outer.line(line).begin, outer.line(line).end)) {
      std::string& to = out[{line, segment.column}];
      to = "-";
      if (segment.to.source < 0) continue;
      const std::string& file = outer.sources()[static_cast<std::size_t>(segment.to.source)];
      const SourcePosition middle{file, segment.to.line + 1, segment.to.column + 1};
      to = words(middle);
      const auto below = inner.find(file);
      const auto place =
          below == inner.end() ? std::nullopt : below->second.look_up(segment.to.line, segment.to.column);
      if (place)
        to = words(SourcePosition{below->second.sources()[static_cast<std::size_t>(place->source)], place->line + 1,
                                  place->column + 1});
    }
  }
  return out;
}

TEST(Layers, LookingUpTwiceIsLookingUpTheComposition) {
  SeededRandom random(7);
  for (int round = 0; round < 40; ++round) {
    made::Release release;
    const json::object outer = random_map(random, {"a.js", "b.js", "native.js"}, 12);
    const json::object a = random_map(random, {"src/a.ts", "src/lib.ts"}, 12);
    const json::object b = random_map(random, {"src/b.ts"}, 12);
    release.add(Layer::wechat, "app-service.js", outer);
    release.add(Layer::build, "a.js", a);
    release.add(Layer::build, "b.js", b);
    std::map<std::string, SourceMap> inner;
    inner.emplace("a.js", parsed(a));
    inner.emplace("b.js", parsed(b));
    const Composed composed = compose(parsed(outer), inner);
    for (int line = 0; line < 13; ++line) {
      for (int column = 0; column < 160; ++column) {
        const auto behind = composed.upper_bound({line, column});
        const bool found = behind != composed.begin() && std::prev(behind)->first.first == line;
        const Traced traced = trace(release.set(), release.open(), "app-service.js", line + 1, column + 1);
        ASSERT_EQ(words(traced.source), found ? std::prev(behind)->second : "-")
            << round << ' ' << line << ' ' << column;
      }
    }
  }
}

// ---- the doctor ----

std::map<std::string, Finding> findings(const made::Release& release, const std::set<SeenPosition>& seen) {
  std::map<std::string, Finding> out;
  for (const Finding& finding : examine(release.set(), release.open(), seen).findings) {
    EXPECT_FALSE(finding.text.empty());
    out.emplace(finding.code, finding);
  }
  return out;
}

TEST(Doctor, SaysWhatFits) {
  const auto release = two_layers();
  const Report report =
      examine(release.set(), release.open(), {{"app-service.js", 1, 120010}, {"app-service.js", 1, 120400}});
  EXPECT_EQ(report.positions, 2);
  EXPECT_EQ(report.mapped, 2);
  const auto found = findings(release, {{"app-service.js", 1, 120010}});
  EXPECT_EQ(found.at("fits").file, "app-service.js");
  EXPECT_EQ(found.at("fits").layer, Layer::wechat);
  EXPECT_EQ(found.at("sources_missing").example, "app.js");
  EXPECT_EQ(found.at("sources_missing").level, Finding::Level::warning);
  EXPECT_FALSE(found.contains("no_content"));
  EXPECT_FALSE(found.contains("layers_apart"));
}

TEST(Doctor, SaysWhatIsMissing) {
  const made::Release none;
  EXPECT_EQ(findings(none, {}).at("no_maps").level, Finding::Level::problem);
  EXPECT_TRUE(findings(none, {}).contains("no_errors"));

  auto release = two_layers();
  const auto found = findings(release, {{"game.js", 1, 5}, {"game.js", 2, 5}});
  EXPECT_EQ(found.at("no_map").file, "game.js");
  EXPECT_EQ(found.at("no_map").count, 2);
  release.lose(1);
  EXPECT_EQ(findings(release, {}).at("unreadable").file, "pages/index/index.js");

  made::Release bare;
  bare.add(Layer::build, "a.js", map_of({"a.ts"}, {{0, 0, 0, 0, 0}}));
  EXPECT_EQ(findings(bare, {}).at("no_content").count, 1);
  made::Release empty;
  empty.add(Layer::build, "a.js", map_of({}, {}));
  EXPECT_TRUE(findings(empty, {}).contains("no_sources"));
}

TEST(Doctor, SaysWhatDoesNotLineUp) {
  const auto release = two_layers();
  const auto beyond = findings(release, {{"app-service.js", 7, 1}});
  EXPECT_EQ(beyond.at("out_of_range").example, "app-service.js:7:1");
  made::Release late;
  late.add(Layer::wechat, "app-service.js", map_of({"a.js"}, {{0, 50, 0, 0, 0}}));
  EXPECT_EQ(findings(late, {{"app-service.js", 1, 3}}).at("not_mapped").level, Finding::Level::problem);

  // The merged file was made of another build: its places lie behind the end of the build tool's output.
  made::Release apart;
  apart.add(Layer::wechat, "app-service.js", map_of({"a.js"}, {{0, 0, 0, 0, 0}, {0, 9, 0, 400, 0}}));
  apart.add(Layer::build, "a.js", map_of({"a.ts"}, {{0, 0, 0, 0, 0}}));
  apart.add(Layer::build, "b.js", map_of({"b.ts"}, {{0, 0, 0, 0, 0}}));
  const auto found = findings(apart, {});
  EXPECT_EQ(found.at("layers_apart").count, 1);
  EXPECT_EQ(found.at("layers_apart").of, 2);
  EXPECT_EQ(found.at("layers_apart").example, "a.js:401:1");
  EXPECT_EQ(found.at("unused").file, "b.js");

  made::Release twins;
  twins.add(Layer::build, "x/index.js", map_of({"a.ts"}, {{0, 0, 0, 0, 0}}));
  twins.add(Layer::build, "y/index.js", map_of({"b.ts"}, {{0, 0, 0, 0, 0}}));
  EXPECT_EQ(findings(twins, {{"index.js", 1, 1}}).at("ambiguous").count, 2);
}

TEST(Doctor, TheWorstComesFirst) {
  const auto release = two_layers();
  const auto report = examine(release.set(), release.open(), {{"app-service.js", 1, 120010}, {"app-service.js", 7, 1}});
  for (std::size_t i = 1; i < report.findings.size(); ++i)
    EXPECT_LE(report.findings[i - 1].level, report.findings[i].level);
  EXPECT_EQ(report.findings.front().code, "out_of_range");
}

}  // namespace
}  // namespace miniops::issues
