#include "alerts/plan.hpp"

#include "alerts/errors.hpp"

namespace miniops::alerts {

namespace {

using events::Field;
using events::Predicate;
using telemetry::Kind;

constexpr double failed_status = 500;

// What RE2 reads as this text and nothing else.
std::string literally(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
    if (!plain) out += '\\';
    out += c;
  }
  return out;
}

Predicate property(Predicate::Op op, std::string name, std::string text) {
  Predicate leaf{op};
  leaf.on = Predicate::On::property;
  leaf.property = std::move(name);
  leaf.text = std::move(text);
  return leaf;
}

Predicate page_begins_with(const std::string& prefix) {
  Predicate leaf{Predicate::Op::regex};
  leaf.on = Predicate::On::field;
  leaf.field = Field::page;
  leaf.text = "^" + literally(prefix);
  return leaf;
}

// A request that got no answer, or one of the server's own failures.
Predicate failed_request() {
  Predicate status = property(Predicate::Op::compare, "status", "");
  status.relation = Predicate::Relation::at_least;
  status.number = failed_status;
  return {Predicate::Op::any, {property(Predicate::Op::equals, "failed", "true"), std::move(status)}};
}

events::Matching all_of(std::vector<Predicate> conditions) {
  if (conditions.empty()) return nullptr;
  if (conditions.size() == 1) return std::make_shared<const Predicate>(std::move(conditions.front()));
  return std::make_shared<const Predicate>(Predicate{Predicate::Op::all, std::move(conditions)});
}

// Grows into a selection.
struct Draft {
  explicit Draft(Kind kind_given, const RecordScope& scope) : kind(kind_given) {
    among(Field::release, scope.releases);
    among(Field::region, scope.regions);
    among(Field::network, scope.networks);
    if (scope.builds.empty()) {
      filters.push_back({Field::build, {"develop", "trial"}, true});
    } else {
      among(Field::build, scope.builds);
    }
    Predicate pages{Predicate::Op::any};
    for (const std::string& prefix : scope.page_prefixes) pages.of.push_back(page_begins_with(prefix));
    if (!pages.of.empty()) conditions.push_back(std::move(pages));
  }
  Draft& among(Field field, const std::vector<std::string>& words) {
    if (!words.empty()) filters.push_back({field, words});
    return *this;
  }
  Draft& that(Predicate condition) {
    conditions.push_back(std::move(condition));
    return *this;
  }
  std::shared_ptr<const Selection> done() {
    return std::make_shared<const Selection>(Selection{kind, std::move(filters), all_of(std::move(conditions))});
  }

  Kind kind;
  std::vector<telemetry::Filter> filters;
  std::vector<Predicate> conditions;
};

Statistic statistic_of(Per per) {
  if (per == Per::requests) return Statistic::count;
  return per == Per::people ? Statistic::people : Statistic::sessions;
}

std::shared_ptr<const Selection> errors_of(const Watch& watch) {
  return Draft(Kind::error, watch.scope).among(Field::level, {"error", "fatal"}).among(Field::name, watch.names).done();
}

void plan_performance(const Watch& watch, double slow_above, Plan& plan) {
  plan.records = values_of(watch);
  if (watch.statistic != Statistic::slow) return;
  Predicate slow{Predicate::Op::compare};
  slow.on = Predicate::On::value;
  slow.relation = Predicate::Relation::more;
  slow.number = slow_above;
  plan.trials = std::exchange(
      plan.records,
      Draft(Kind::performance, watch.scope).among(Field::name, {watch.metric}).that(std::move(slow)).done());
  plan.statistic = Statistic::sessions;
}

void plan_requests(const Watch& watch, Plan& plan) {
  const auto draft = [&] {
    Draft requests(Kind::performance, watch.scope);
    requests.among(Field::name, {"request"});
    // What the person or the page broke off itself is no failure.
    requests.that({Predicate::Op::none, {property(Predicate::Op::equals, "aborted", "true")}});
    if (!watch.url_contains.empty()) requests.that(property(Predicate::Op::contains, "url", watch.url_contains));
    return requests;
  };
  plan.trials = draft().done();
  plan.records = draft().that(failed_request()).done();
  plan.statistic = statistic_of(watch.per);
}

void plan_business(const Watch& watch, Plan& plan) {
  Draft events(Kind::event, watch.scope);
  plan.statistic = watch.statistic;
  if (watch.of != BusinessFigure::people) events.among(Field::name, {watch.event});
  plan.records = events.done();
  if (watch.of == BusinessFigure::event_ratio)
    plan.trials = Draft(Kind::event, watch.scope).among(Field::name, {watch.per_event}).done();
}

}  // namespace

std::shared_ptr<const Selection> values_of(const Watch& watch) {
  return Draft(Kind::performance, watch.scope).among(Field::name, {watch.metric}).done();
}

Task<Result<Plan>> plan_of(Rule rule, QueryParser& queries, double slow_above) {
  const Watch& watch = rule.watch;
  Plan plan{shape_of(rule), watch.statistic, nullptr, nullptr, rule.group_by};
  switch (rule.kind) {
    case RuleKind::performance:
      plan_performance(watch, slow_above, plan);
      break;
    case RuleKind::error_rate:
      plan.statistic = statistic_of(watch.per);
      plan.records = errors_of(watch);
      plan.trials = Draft(Kind::event, watch.scope).done();
      break;
    case RuleKind::error_count:
      plan.records = errors_of(watch);
      break;
    case RuleKind::traffic:
      plan.records = Draft(Kind::event, watch.scope).done();
      break;
    case RuleKind::request_failure_rate:
      plan_requests(watch, plan);
      break;
    case RuleKind::business:
      plan_business(watch, plan);
      break;
    case RuleKind::log_match:
    case RuleKind::saved_query: {
      std::string text = watch.query;
      if (rule.kind == RuleKind::saved_query) {
        auto saved = co_await queries.saved(rule.appid, watch.query_id);
        if (!saved) co_return std::unexpected(saved.error());
        text = std::move(*saved);
      }
      const auto matching = queries.parse(text);
      if (!matching) co_return fail(errors::invalid_query(matching.error().message));
      Draft lines(Kind::log, watch.scope);
      if (*matching) lines.that(**matching);
      plan.records = lines.done();
      break;
    }
    case RuleKind::new_issue:
    case RuleKind::regressed_issue:
    case RuleKind::health:
      std::unreachable();
  }
  co_return plan;
}

bool concerns(const Rule& rule, const IssueNews& news) {
  if (!rule.enabled || rule.kind != (news.regressed ? RuleKind::regressed_issue : RuleKind::new_issue)) return false;
  const auto among = [](const std::vector<std::string>& all, const std::string& one) {
    return all.empty() || std::ranges::find(all, one) != all.end();
  };
  const RecordScope& scope = rule.watch.scope;
  const auto begins = [&](const std::string& prefix) { return news.page.starts_with(prefix); };
  return among(rule.watch.names, news.error_name) && among(scope.releases, news.release) &&
         (scope.page_prefixes.empty() || std::ranges::any_of(scope.page_prefixes, begins));
}

}  // namespace miniops::alerts
