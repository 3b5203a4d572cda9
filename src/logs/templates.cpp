#include "logs/templates.hpp"

#include <algorithm>

namespace miniops::logs {

bool is_new_since(const Template& one, const std::string& release, const std::vector<Release>& releases) {
  const auto seen = [&](const std::string& name) {
    const auto found = std::ranges::find(releases, name, &Release::name);
    return found == releases.end() ? TimeMs{0} : found->first_seen_at;
  };
  return one.first_release == release || (seen(release) > 0 && seen(one.first_release) > seen(release));
}

}  // namespace miniops::logs
