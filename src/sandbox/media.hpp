// Temporary media (临时素材): pictures that users sent and files that mini programs uploaded. They live 3 days.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace miniops::sandbox {

inline constexpr TimeMs media_life_ms = 3 * day_ms;

struct Medium {
  std::string type;  // image, voice, video, thumb
  std::string content_type;
  std::string filename;
  std::string bytes;
  TimeMs created_at = 0;
};

// image/png, image/jpeg or image/gif by its first bytes; nothing else is a picture.
std::optional<std::string_view> picture_type(std::string_view bytes);

// 0, or why WeChat would not take it: 40004 type, 40005 file type, 40006 size, 41005 empty.
int upload_verdict(std::string_view type, std::string_view bytes);

class MediaShelf {
 public:
  // The media_id. The oldest go when there are too many bytes.
  std::string add(Medium medium, Random& random);
  const Medium* find(std::string_view media_id, TimeMs now) const;  // nullptr: unknown or older than 3 days

 private:
  std::map<std::string, Medium, std::less<>> media_;
  std::deque<std::string> order_;
  std::size_t bytes_ = 0;
};

}  // namespace miniops::sandbox
