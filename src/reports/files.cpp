#include "reports/files.hpp"

#include "reports/sheet.hpp"

namespace miniops::reports {

namespace {

using Cells = std::vector<Cell>;

template <class Id>
std::string name_of(const std::map<Id, std::string>& names, Id id) {
  const auto known = names.find(id);
  return known == names.end() ? std::string() : known->second;
}

// Ids have more digits than a spreadsheet's numbers keep.
template <class Id>
std::string id_of(Id id) {
  return id.empty() ? std::string() : id.str();
}

template <class Kind>
Cell cell_of(const std::optional<double>& value) {
  return value ? Cell(Kind{*value}) : Cell();
}

void add_columns(std::vector<Column>& columns, Metric metric) {
  const auto add = [&](std::string_view part, bool spells = false) {
    columns.push_back({fmt::format("{}_{}", word(metric), part), spells});
  };
  switch (form_of(metric)) {
    case Form::duration:
      add("count");
      for (const std::string_view part : {"mean", "median", "p90"}) add(part, true);
      break;
    case Form::share:
      for (const std::string_view part : {"hits", "of", "share"}) add(part);
      if (metric == Metric::satisfaction)
        for (const std::string_view part : {"answer_rate", "mean"}) add(part);
      break;
    case Form::count:
      columns.push_back({std::string(word(metric))});
      return;
  }
  add("missed");
  add("open");
}

void add_cells(Cells& cells, Metric metric, const Figure& figure) {
  const auto measured = [&](std::int64_t ms) {
    return figure.count > 0 ? Cell(Spell{static_cast<double>(ms)}) : Cell();
  };
  switch (form_of(metric)) {
    case Form::duration:
      cells.insert(cells.end(), {figure.count, cell_of<Spell>(figure.mean()), measured(figure.median),
                                 measured(figure.p90), figure.missed, figure.open});
      return;
    case Form::share:
      cells.insert(cells.end(), {figure.hits, figure.count, cell_of<Share>(figure.share())});
      if (metric == Metric::satisfaction)
        cells.insert(cells.end(), {cell_of<Share>(figure.answer_rate()), cell_of<double>(figure.mean())});
      cells.insert(cells.end(), {figure.missed, figure.open});
      return;
    case Form::count:
      cells.push_back(figure.count);
  }
}

std::vector<Column> columns_of(std::vector<Column> first) {
  for (std::size_t i = 0; i < metrics; ++i) add_columns(first, static_cast<Metric>(i));
  return first;
}

void add_line(Sheet& sheet, Cells first, const Figures& figures) {
  for (std::size_t i = 0; i < metrics; ++i) add_cells(first, static_cast<Metric>(i), figures[i]);
  sheet.line(first);
}

std::string key_text(const Row& row, const Names& names, By by) {
  switch (by) {
    case By::agent:
      return name_of(names.agents, AccountId(row.number));
    case By::group:
      return name_of(names.groups, GroupId(row.number));
    case By::hour:
      return fmt::format("{:02}:00", row.number);
    case By::reason:
      return name_of(names.reasons, ReasonId(row.number));
    case By::source:
    case By::tag:
      return row.others ? "(其他)" : row.text;
    case By::none:
      break;
  }
  return "";
}

}  // namespace

void fill(Sheet& sheet, const Report& report, Interval interval, By by) {
  sheet.head(columns_of({{"from"}, {"id"}, {std::string(word(by))}}));
  for (const Row& row : report.answer.rows) {
    const bool has_id = (by == By::agent || by == By::group || by == By::reason) && row.number != 0;
    const Cell from = interval == Interval::none ? Cell(std::string()) : Cell(Moment{row.from});
    add_line(sheet, {from, has_id ? std::to_string(row.number) : std::string(), key_text(row, report.names, by)},
             row.figures);
  }
  add_line(sheet, {std::string("total"), std::string(), std::string()}, report.answer.totals);
}

void fill(Sheet& sheet, const Listing& listing) {
  const std::vector<Column> columns{{"conversation_id"}, {"opened_at"}, {"metric"},   {"state"}, {"value"}, {"at"},
                                    {"agent_id"},        {"agent"},     {"group_id"}, {"group"}};
  sheet.head(columns);
  std::size_t lines = 0;
  for (const Listed& one : listing.items) {
    lines += one.samples.size();
    if (lines > lines_max) return;
    for (const Sample& sample : one.samples) {
      Cell value;
      if (sample.state == State::counted)
        value = form_of(sample.metric) == Form::duration ? Cell(Spell{static_cast<double>(sample.value)})
                                                         : Cell(sample.value);
      const Cells cells{one.id.str(),
                        Moment{one.opened_at},
                        std::string(word(sample.metric)),
                        std::string(word(sample.state)),
                        value,
                        Moment{sample.at},
                        id_of(sample.agent),
                        name_of(listing.names.agents, sample.agent),
                        id_of(sample.group),
                        name_of(listing.names.groups, sample.group)};
      sheet.line(cells);
    }
  }
}

void fill(Sheet& sheet, const AgentReport& report) {
  sheet.head(columns_of({{"agent_id"}, {"agent"}, {"online", true}, {"busy", true}, {"away", true}, {"load"}}));
  for (const AgentWork& one : report.agents) {
    const auto there = [](TimeMs ms) { return Spell{static_cast<double>(ms)}; };
    const std::optional<double> load = one.load();
    add_line(sheet,
             {one.time.agent.str(), name_of(report.names.agents, one.time.agent), there(one.time.online_ms),
              there(one.time.busy_ms), there(one.time.away_ms), load ? Cell(*load) : Cell()},
             one.figures);
  }
}

void fill(Sheet& sheet, const std::vector<ProgramReport>& programs) {
  sheet.head(columns_of({{"appid"}, {"mini_program"}, {"time_zone"}}));
  for (const ProgramReport& one : programs) add_line(sheet, {one.appid.str(), one.name, one.time_zone}, one.totals);
}

}  // namespace miniops::reports
