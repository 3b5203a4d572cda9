#include "alerts/silence.hpp"

namespace miniops::alerts {

bool silences(const Silence& silence, const Alert& alert, TimeMs at) {
  if (at < silence.starts_at || at >= silence.ends_at) return false;
  if (!silence.rule.empty() && silence.rule != alert.rule) return false;
  if (silence.kind && *silence.kind != alert.kind) return false;
  if (silence.severity_max && alert.severity > *silence.severity_max) return false;
  if (!silence.group.empty() && silence.group != alert.group) return false;
  return alert.page.starts_with(silence.page_prefix);
}

}  // namespace miniops::alerts
