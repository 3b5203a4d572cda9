#include "storage/testing/memory_disk.hpp"

namespace miniops::sql {

namespace {

constexpr std::size_t sector = 512;

void put(std::string& content, std::size_t offset, std::string_view bytes) {
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size(), '\0');
  content.replace(offset, bytes.size(), bytes);
}

}  // namespace

void MemoryFile::write(std::int64_t offset, std::string_view bytes) {
  const auto at = static_cast<std::size_t>(offset);
  put(content_, at, bytes);
  unsynced_.emplace_back(Write{at, std::string(bytes)});
}

void MemoryFile::truncate(std::int64_t size) {
  content_.resize(static_cast<std::size_t>(size), '\0');
  unsynced_.emplace_back(Truncation{static_cast<std::size_t>(size)});
}

void MemoryFile::sync() {
  for (const auto& change : unsynced_) {
    if (const auto* write = std::get_if<Write>(&change)) {
      put(durable_, write->offset, write->bytes);
    } else {
      durable_.resize(std::get<Truncation>(change).size, '\0');
    }
  }
  unsynced_.clear();
}

std::optional<std::string> MemoryFile::after_power_cut(Random& random) const {
  if (!name_durable_ && random.below(2) == 0) return std::nullopt;
  // Sometimes all of it has reached the platter, sometimes nothing, mostly some.
  const std::uint64_t kept_of_four = random.below(5);
  const auto kept = [&] { return random.below(4) < kept_of_four; };
  std::string content = durable_;
  for (const auto& change : unsynced_) {
    if (const auto* cut = std::get_if<Truncation>(&change)) {
      if (kept()) content.resize(cut->size, '\0');
      continue;
    }
    const auto& write = std::get<Write>(change);
    for (std::size_t at = 0; at < write.bytes.size();) {
      const std::size_t end = std::min(write.bytes.size(), ((write.offset + at) / sector + 1) * sector - write.offset);
      if (kept()) put(content, write.offset + at, std::string_view(write.bytes).substr(at, end - at));
      at = end;
    }
  }
  return content;
}

std::shared_ptr<MemoryFile> MemoryFile::on_platter(std::string content) {
  auto file = std::make_shared<MemoryFile>();
  file->content_ = content;
  file->durable_ = std::move(content);
  file->name_durable_ = true;
  return file;
}

std::shared_ptr<MemoryFile> MemoryDisk::find(const std::string& name) const {
  const auto found = files_.find(name);
  return found == files_.end() ? nullptr : found->second;
}

std::shared_ptr<MemoryFile> MemoryDisk::create(const std::string& name) {
  return files_[name] = std::make_shared<MemoryFile>();
}

void MemoryDisk::remove(const std::string& name, bool durably) {
  const auto found = files_.find(name);
  if (found == files_.end()) return;
  if (!durably) removed_[name] = found->second;
  files_.erase(found);
  if (durably) sync_folder();
}

void MemoryDisk::sync(MemoryFile& file) {
  file.sync();
  if (!file.name_durable()) sync_folder();
}

void MemoryDisk::sync_folder() {
  removed_.clear();
  for (const auto& [name, file] : files_) file->keep_name();
}

std::int64_t MemoryDisk::bytes_used() const {
  std::size_t bytes = 0;
  for (const auto& [name, file] : files_) bytes += file->content().size();
  return static_cast<std::int64_t>(bytes);
}

void MemoryDisk::lose_power() {
  for (const auto& [name, file] : removed_) {
    if (!files_.contains(name) && random_.below(2) == 0) files_[name] = file;
  }
  removed_.clear();
  std::map<std::string, std::shared_ptr<MemoryFile>> left;
  for (const auto& [name, file] : files_) {
    if (auto content = file->after_power_cut(random_)) left[name] = MemoryFile::on_platter(std::move(*content));
  }
  files_ = std::move(left);
}

}  // namespace miniops::sql
