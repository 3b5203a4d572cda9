#include "webhooks/views.hpp"

namespace miniops::webhooks {

namespace {

json::value or_null(std::int64_t number) { return number == 0 ? json::value(nullptr) : json::value(number); }
json::value or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::array to_json(const Kinds& kinds) {
  json::array words;
  for (std::size_t i = 0; i < kind_count; ++i)
    if (kinds.test(i)) words.emplace_back(kind_words[i]);
  return words;
}

json::object to_json(const Health& health, std::int64_t waiting) {
  return {{"last_success_at", or_null(health.last_success_at)},
          {"last_failure_at", or_null(health.last_failure_at)},
          {"failing_since", or_null(health.failing_since)},
          {"reason", or_null(health.reason)},
          {"detail", or_null(health.detail)},
          {"off_reason", or_null(health.off_reason)},
          {"off_at", or_null(health.off_at)},
          {"waiting", waiting}};
}

}  // namespace

json::object to_json(const View& view) {
  const Subscription& one = view.subscription;
  return {{"id", one.id.str()},
          {"version", one.version},
          {"address", one.address},
          {"description", one.description},
          {"kinds", to_json(one.kinds)},
          {"enabled", one.enabled},
          {"previous_secret_until", or_null(one.previous_until)},
          {"created_by", one.created_by},
          {"created_at", one.created_at},
          {"updated_at", one.updated_at},
          {"health", to_json(view.health, view.waiting)}};
}

json::object to_json(const Delivery& delivery) {
  const bool pending = delivery.state == State::pending;
  return {{"event_id", delivery.event.str()},
          {"kind", delivery.kind},
          {"at", delivery.at},
          {"state", word(delivery.state)},
          {"attempts", delivery.attempts},
          {"queued_at", delivery.queued_at},
          {"next_at", pending ? json::value(delivery.next_at) : json::value(nullptr)},
          {"last_at", or_null(delivery.last_at)},
          {"finished_at", or_null(delivery.finished_at)},
          {"status", or_null(delivery.status)},
          {"reason", or_null(delivery.reason)},
          {"detail", or_null(delivery.detail)},
          {"duration_ms", delivery.duration_ms},
          {"answer", delivery.answer}};
}

json::object to_json(const DeliveryDetail& detail) {
  return {{"delivery", to_json(detail.delivery)}, {"body", or_null(detail.body)}};
}

json::object to_json(const TestReport& report) {
  const Outcome& outcome = report.outcome;
  return {{"event_id", report.event.str()},    {"delivered", outcome.delivered},
          {"status", or_null(outcome.status)}, {"reason", or_null(outcome.reason)},
          {"detail", or_null(outcome.detail)}, {"duration_ms", outcome.duration_ms},
          {"answer", outcome.answer}};
}

json::object to_json(const Notice& notice) {
  return {{"id", std::to_string(notice.id)},
          {"webhook_id", notice.subscription.str()},
          {"at", notice.at},
          {"reason", notice.reason},
          {"detail", notice.detail}};
}

}  // namespace miniops::webhooks
