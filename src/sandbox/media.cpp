#include "sandbox/media.hpp"

namespace miniops::sandbox {

namespace {
constexpr std::size_t shelf_bytes_max = 128 << 20;
constexpr std::size_t megabyte = 1 << 20;

bool starts(std::string_view bytes, std::string_view with) { return bytes.starts_with(with); }
}  // namespace

std::optional<std::string_view> picture_type(std::string_view bytes) {
  if (starts(bytes, "\x89PNG\r\n\x1a\n")) return "image/png";
  if (starts(bytes, "\xff\xd8\xff")) return "image/jpeg";
  if (starts(bytes, "GIF87a") || starts(bytes, "GIF89a")) return "image/gif";
  return std::nullopt;
}

int upload_verdict(std::string_view type, std::string_view bytes) {
  std::size_t size_max = 0;
  if (type == "image" || type == "voice") size_max = 2 * megabyte;
  if (type == "video") size_max = 10 * megabyte;
  if (type == "thumb") size_max = 64 * 1024;
  if (size_max == 0) return 40004;
  if (bytes.empty()) return 41005;
  if (bytes.size() > size_max) return 40006;
  if ((type == "image" || type == "thumb") && !picture_type(bytes)) return 40005;
  if (type == "voice" && !starts(bytes, "#!AMR") && !starts(bytes, "ID3") && !starts(bytes, "\xff")) return 40005;
  if (type == "video" && (bytes.size() < 12 || bytes.substr(4, 4) != "ftyp")) return 40005;
  return 0;
}

std::string MediaShelf::add(Medium medium, Random& random) {
  std::string id = random.alphanumeric(64);
  bytes_ += medium.bytes.size();
  media_.insert_or_assign(id, std::move(medium));
  order_.push_back(id);
  while (bytes_ > shelf_bytes_max && order_.size() > 1) {
    const auto oldest = media_.find(order_.front());
    bytes_ -= oldest->second.bytes.size();
    media_.erase(oldest);
    order_.pop_front();
  }
  return id;
}

const Medium* MediaShelf::find(std::string_view media_id, TimeMs now) const {
  const auto found = media_.find(media_id);
  if (found == media_.end() || now - found->second.created_at >= media_life_ms) return nullptr;
  return &found->second;
}

}  // namespace miniops::sandbox
