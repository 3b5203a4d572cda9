#include "reports/views.hpp"

namespace miniops::reports {

namespace {

json::value number(const std::optional<double>& value) { return value ? json::value(*value) : json::value(nullptr); }

json::object duration_json(const Figure& figure) {
  const bool any = figure.count > 0;
  return {{"count", figure.count},
          {"mean_ms", number(figure.mean())},
          {"median_ms", any ? json::value(figure.median) : json::value(nullptr)},
          {"p90_ms", any ? json::value(figure.p90) : json::value(nullptr)},
          {"missed", figure.missed},
          {"open", figure.open}};
}

json::object share_json(Metric metric, const Figure& figure) {
  json::object out{
      {"count", figure.count}, {"hits", figure.hits}, {"share", number(figure.share())}, {"open", figure.open}};
  if (metric == Metric::satisfaction) {
    out["mean"] = number(figure.mean());
    out["missed"] = figure.missed;
    out["answer_rate"] = number(figure.answer_rate());
  }
  return out;
}

json::object to_json(Metric metric, const Figure& figure) {
  switch (form_of(metric)) {
    case Form::duration:
      return duration_json(figure);
    case Form::share:
      return share_json(metric, figure);
    case Form::count:
      break;
  }
  return {{"count", figure.count}};
}

json::object to_json(const Figures& figures) {
  json::object out;
  for (std::size_t i = 0; i < metrics; ++i) {
    const auto metric = static_cast<Metric>(i);
    out[word(metric)] = to_json(metric, figures[i]);
  }
  return out;
}

template <class Id>
json::value id_json(Id id) {
  return id.empty() ? json::value(nullptr) : json::value(id.str());
}

template <class Id>
std::string name_of(const std::map<Id, std::string>& names, Id id) {
  const auto known = names.find(id);
  return known == names.end() ? std::string() : known->second;
}

json::object to_json(const Row& row, const Names& names, Interval interval, By by) {
  json::object out;
  if (interval != Interval::none) {
    out["from"] = row.from;
    out["to"] = row.to;
  }
  if (by == By::agent) {
    out["agent_id"] = id_json(AccountId(row.number));
    out["name"] = name_of(names.agents, AccountId(row.number));
  } else if (by == By::group) {
    out["group_id"] = id_json(GroupId(row.number));
    out["name"] = name_of(names.groups, GroupId(row.number));
  } else if (by == By::hour) {
    out["hour"] = row.number;
  } else if (by == By::reason) {
    out["reason_id"] = id_json(ReasonId(row.number));
    out["name"] = name_of(names.reasons, ReasonId(row.number));
  } else if (by == By::source || by == By::tag) {
    out[word(by)] = row.text;
    out["others"] = row.others;
  }
  out["figures"] = to_json(row.figures);
  return out;
}

json::object sample_json(const Sample& sample) {
  return {{"state", word(sample.state)},
          {"value", sample.state == State::counted ? json::value(sample.value) : json::value(nullptr)},
          {"at", sample.at},
          {"agent_id", id_json(sample.agent)},
          {"group_id", id_json(sample.group)}};
}

}  // namespace

json::object to_json(const Report& report, Interval interval, By by) {
  json::array rows;
  for (const Row& row : report.answer.rows) rows.push_back(to_json(row, report.names, interval, by));
  return {{"time_zone", report.filter.time_zone},
          {"from", report.filter.from},
          {"to", report.filter.to},
          {"pending", report.lag.pending},
          {"rebuilding", report.lag.rebuilding},
          {"totals", to_json(report.answer.totals)},
          {"rows", std::move(rows)}};
}

json::object to_json(const Listing& listing) {
  json::array items;
  for (const Listed& one : listing.items) {
    json::array samples;
    for (const Sample& sample : one.samples) samples.push_back(sample_json(sample));
    items.push_back(
        json::object{{"conversation_id", one.id.str()}, {"opened_at", one.opened_at}, {"samples", std::move(samples)}});
  }
  return {{"items", std::move(items)}};
}

json::object to_json(const AgentReport& report) {
  json::array items;
  for (const AgentWork& one : report.agents)
    items.push_back(json::object{{"agent_id", one.time.agent.str()},
                                 {"name", name_of(report.names.agents, one.time.agent)},
                                 {"online_ms", one.time.online_ms},
                                 {"busy_ms", one.time.busy_ms},
                                 {"away_ms", one.time.away_ms},
                                 {"load", number(one.load())},
                                 {"figures", to_json(one.figures)}});
  return {{"time_zone", report.filter.time_zone},
          {"from", report.filter.from},
          {"to", report.filter.to},
          {"items", std::move(items)}};
}

json::object to_json(const Wallboard& board) {
  std::int64_t waiting = 0, open = 0;
  TimeMs since = 0;
  json::array groups;
  for (const GroupNow& one : board.desk.groups) {
    waiting += one.waiting;
    open += one.open;
    if (one.waiting_since != 0 && (since == 0 || one.waiting_since < since)) since = one.waiting_since;
    groups.push_back(json::object{{"group_id", one.group.str()},
                                  {"name", name_of(board.names.groups, one.group)},
                                  {"waiting", one.waiting},
                                  {"longest_wait_ms", one.waiting_since == 0 ? 0 : board.at - one.waiting_since},
                                  {"open", one.open}});
  }
  const ServiceNow& service = board.service;
  return {{"at", board.at},
          {"waiting", waiting},
          {"longest_wait_ms", since == 0 ? 0 : board.at - since},
          {"open", open},
          {"agents", {{"online", board.desk.online}, {"busy", board.desk.busy}, {"away", board.desk.away}}},
          {"groups", std::move(groups)},
          {"today", {{"opened", service.opened_today}, {"answered", service.answered_today}}},
          {"last_hour",
           {{"first_answer", duration_json(service.first_answer)},
            {"response", duration_json(service.response)},
            {"wait", duration_json(service.wait)}}}};
}

json::object to_json(const std::vector<ProgramReport>& programs) {
  json::array items;
  for (const ProgramReport& one : programs)
    items.push_back(json::object{
        {"appid", one.appid.str()}, {"name", one.name}, {"time_zone", one.time_zone}, {"totals", to_json(one.totals)}});
  return {{"items", std::move(items)}};
}

}  // namespace miniops::reports
