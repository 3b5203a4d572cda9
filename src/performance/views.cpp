#include "performance/views.hpp"

#include "base/mask.hpp"
#include "net/http.hpp"

namespace miniops::performance {

namespace {

template <class Items, class Show>
json::array array_of(const Items& items, Show show) {
  json::array out;
  for (const auto& item : items) out.push_back(show(item));
  return out;
}

template <class Items, class Show>
json::object list_of(const Items& items, Show show) {
  return {{"items", array_of(items, show)}, {"next_cursor", nullptr}};
}

std::string name_of(Metric metric) { return std::string(info_of(metric).name); }

json::object shown(Limits limits) { return {{"good_ms", limits.good_ms}, {"poor_ms", limits.poor_ms}}; }

json::value shown_quantiles(const Spread& spread) {
  if (spread.empty()) return nullptr;
  const events::Quantiles q = spread.quantiles();
  return json::object{{"p50", q.p50}, {"p75", q.p75}, {"p90", q.p90}, {"p95", q.p95}, {"p99", q.p99}};
}

json::object summary_of(const Spread& spread) {
  return {{"count", spread.count()}, {"quantiles", shown_quantiles(spread)}};
}

json::object shown(const MetricSummary& one) {
  const Limits limits = limits_of(one.metric);
  json::object out = summary_of(one.now);
  out["metric"] = name_of(one.metric);
  out["before"] = summary_of(one.before);
  out["limits"] = shown(limits);
  out["shares"] = nullptr;
  out["trend"] = array_of(one.trend, [](const TrendPoint& point) {
    return json::object{{"at", point.at}, {"count", point.count}, {"p75", point.p75}};
  });
  if (one.now.empty()) return out;
  const Shares shares = shares_of(one.now, limits);
  out["shares"] = {{"good", shares.good}, {"fair", shares.fair}, {"poor", shares.poor}};
  return out;
}

json::value shown(const std::optional<RequestPhases>& phases) {
  if (!phases) return nullptr;
  json::object out;
  for (std::size_t i = 0; i < phase_names.size(); ++i)
    out[phase_names.at(i)] = phases->at(i) ? json::value(*phases->at(i)) : json::value(nullptr);
  return out;
}

json::object shown(const Phase& phase) {
  json::object out = summary_of(phase.spread);
  out["phase"] = phase.name;
  out["share"] = phase.share;
  return out;
}

json::value open_end(const Bar& bar) { return bar.to_ms == 0 ? json::value(nullptr) : json::value(bar.to_ms); }

// Behind the last that holds anything, bars are left out.
std::size_t last_of(const std::array<double, bar_limits.size()>& bars) {
  std::size_t count = bars.size();
  while (count > 0 && bars.at(count - 1) == 0) --count;
  return count;
}

double share_of(double count, const Spread& spread) { return spread.empty() ? 0 : count / spread.count(); }

json::object shown(const Side& side, const Spread& spread) {
  json::object out = summary_of(spread);
  out["from"] = side.from;
  out["to"] = side.to;
  out["release"] = side.release.empty() ? json::value(nullptr) : json::value(side.release);
  return out;
}

json::object shown(const Difference& one) {
  return {{"quantile", one.quantile},
          {"a_ms", one.a_ms},
          {"b_ms", one.b_ms},
          {"change_ms", one.change_ms()},
          {"low_ms", one.low_ms},
          {"high_ms", one.high_ms},
          {"change_share", one.a_ms > 0 ? json::value(one.change_ms() / one.a_ms) : json::value(nullptr)},
          {"verdict", to_string(one.verdict)}};
}

json::object shown(const Move& move) {
  return {{"by", to_string(move.by)},
          {"name", move.name},
          {"a", summary_of(move.a)},
          {"b", summary_of(move.b)},
          {"contribution_ms", move.contribution_ms()},
          {"from_speed_ms", move.from_speed_ms},
          {"from_share_ms", move.from_share_ms}};
}

json::array compared_bars(const Spread& a, const Spread& b) {
  const auto bars_a = bars_of(a);
  const auto bars_b = bars_of(b);
  json::array out;
  for (std::size_t i = 0; i < std::max(last_of(bars_a), last_of(bars_b)); ++i)
    out.push_back({{"from_ms", bar_at(i).from_ms},
                   {"to_ms", open_end(bar_at(i))},
                   {"a_count", bars_a.at(i)},
                   {"b_count", bars_b.at(i)},
                   {"a_share", share_of(bars_a.at(i), a)},
                   {"b_share", share_of(bars_b.at(i), b)}});
  return out;
}

json::object shown(const telemetry::Device& device) {
  return {{"brand", device.brand},
          {"model", device.model},
          {"level", device.level},
          {"os", device.os},
          {"os_version", device.os_version},
          {"wechat", device.wechat},
          {"base_library", device.base_library}};
}

json::object shown(const Load& load) {
  const telemetry::NamedRow& named = load.row;
  return {{"id", net::make_cursor(named.row.time, named.row.sequence)},
          {"at", named.row.time},
          {"page", named.page},
          {"release", named.release},
          {"reason", load.properties.reason},
          {"ms", named.row.value.value_or(0)},
          {"device", shown(named.device)},
          {"network", named.network},
          {"region", named.region},
          {"scene", named.row.scene}};
}

json::object shown(const LoadBar& bar, bool personal) {
  return {{"source", to_string(bar.source)},
          {"name", bar.name},
          {"type", bar.type},
          {"label", personal ? bar.label : mask_personal_data(bar.label)},
          {"start_ms", bar.start_ms},
          {"duration_ms", bar.duration_ms},
          {"bytes", bar.bytes ? json::value(*bar.bytes) : json::value(nullptr)},
          {"failed", bar.failed}};
}

json::object shown(const Change& change) {
  json::object parameters;
  for (const auto& [name, value] : change.parameters)
    std::visit([&](const auto& one) { parameters[name] = one; }, value);
  return {{"code", change.code}, {"parameters", std::move(parameters)}};
}

json::object shown(const Advice& advice) {
  json::object out{{"rule", advice.rule}, {"status", to_string(advice.status)}, {"gain", nullptr}};
  out["evidence"] = array_of(advice.evidence, [](const Fact& one) {
    return json::object{{"name", one.name}, {"value", one.value}, {"unit", to_string(one.unit)}};
  });
  out["where"] =
      array_of(advice.where, [](const Place& one) { return json::object{{"kind", one.kind}, {"name", one.name}}; });
  out["change"] = array_of(advice.changes, [](const Change& one) { return shown(one); });
  if (advice.gain)
    out["gain"] = {{"ms_low", advice.gain->ms_low},
                   {"ms", advice.gain->ms},
                   {"ms_high", advice.gain->ms_high},
                   {"metric", advice.gain->metric},
                   {"share_of_users", advice.gain->share_of_users}};
  return out;
}

}  // namespace

json::object shown(const Question& question, const Overview& overview) {
  return {{"from", question.from},
          {"to", question.to},
          {"before_from", question.before().from},
          {"metrics", array_of(overview.metrics, [](const MetricSummary& one) { return shown(one); })},
          {"startup_phases", array_of(overview.phases, [](const Phase& one) { return shown(one); })}};
}

json::object shown(Metric metric, std::optional<Dimension> by, const Series& series) {
  json::object out = list_of(series.points, [](const SeriesPoint& point) {
    json::object one = summary_of(point.spread);
    one["at"] = point.at;
    one["name"] = point.name;
    return one;
  });
  out["metric"] = name_of(metric);
  out["interval"] = to_string(series.interval);
  out["by"] = by ? json::value(to_string(*by)) : json::value(nullptr);
  out["limits"] = shown(limits_of(metric));
  return out;
}

json::object shown(Metric metric, Dimension by, const Breakdown& breakdown) {
  json::object out = list_of(breakdown.rows, [&](const BreakdownRow& row) {
    json::object one = summary_of(row.now);
    one["name"] = row.name;
    one["share"] = share_of(row.now.count(), breakdown.total);
    one["before"] = summary_of(row.before);
    one["impact"] = impact_of(row.now, limits_of(metric));
    one["phases"] = shown(row.phases);
    one["failure_share"] = row.failure_share ? json::value(*row.failure_share) : json::value(nullptr);
    return one;
  });
  out["metric"] = name_of(metric);
  out["by"] = to_string(by);
  out["limits"] = shown(limits_of(metric));
  out["total"] = summary_of(breakdown.total);
  return out;
}

json::object shown_distribution(Metric metric, const Spread& spread) {
  const auto counts = bars_of(spread);
  json::array bars;
  for (std::size_t i = 0; i < last_of(counts); ++i)
    bars.push_back({{"from_ms", bar_at(i).from_ms},
                    {"to_ms", open_end(bar_at(i))},
                    {"count", counts.at(i)},
                    {"share", share_of(counts.at(i), spread)}});
  json::object out = summary_of(spread);
  out["metric"] = name_of(metric);
  out["limits"] = shown(limits_of(metric));
  out["bars"] = std::move(bars);
  return out;
}

json::object shown(Metric metric, const Side& a, const Side& b, const Comparison& comparison) {
  return {{"metric", name_of(metric)},
          {"limits", shown(limits_of(metric))},
          {"a", shown(a, comparison.a)},
          {"b", shown(b, comparison.b)},
          {"differences", array_of(comparison.differences, [](const Difference& one) { return shown(one); })},
          {"bars", compared_bars(comparison.a, comparison.b)},
          {"mean_change_ms", comparison.b.mean() - comparison.a.mean()},
          {"moved", array_of(comparison.moved, [](const Move& one) { return shown(one); })}};
}

json::object shown(const HeatQuestion& question, std::string_view quantile, std::string_view columns,
                   const Heat& heat) {
  const bool of_metrics = question.columns == HeatColumns::metric;
  const auto itself = [](const std::string& name) { return json::value(name); };
  return {{"metric", of_metrics ? json::value(nullptr) : json::value(name_of(question.metric))},
          {"quantile", quantile},
          {"rows", to_string(question.rows)},
          {"columns", columns},
          {"row_names", array_of(heat.rows, itself)},
          {"column_names", array_of(heat.columns, itself)},
          {"cells", array_of(heat.cells, [](const HeatCell& cell) {
             return json::object{{"row", cell.row},
                                 {"column", cell.column},
                                 {"count", cell.count},
                                 {"value", cell.ms},
                                 {"grade", to_string(cell.grade)}};
           })}};
}

json::object shown(const std::vector<Load>& loads) {
  return list_of(loads, [](const Load& load) {
    json::object one = shown(load);
    one["entries"] = load.properties.entries;
    return one;
  });
}

json::object shown(const LoadDetail& detail, bool personal) {
  json::object out = shown(detail.load);
  out["session"] = detail.load.row.row.session;
  out["page_view"] = detail.load.row.row.page_view;
  out["entries"] = array_of(detail.waterfall.bars, [&](const LoadBar& bar) { return shown(bar, personal); });
  out["left_out"] = detail.waterfall.left_out;
  out["about"] = detail.waterfall.about;
  return out;
}

json::object shown(const std::vector<Advice>& advice) {
  return list_of(advice, [](const Advice& one) { return shown(one); });
}

}  // namespace miniops::performance
