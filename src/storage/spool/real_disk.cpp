#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "storage/spool/disk.hpp"

namespace miniops::spool {

namespace {

namespace fs = std::filesystem;

std::unexpected<Error> failed(std::string_view what, const fs::path& path, int problem) {
  if (problem == ENOSPC || problem == EDQUOT)
    return fail(ErrorKind::unavailable, "storage.spool_full",
                fmt::format("{}: no room to {}: {}", path.string(), what, std::strerror(problem)));
  return fail(ErrorKind::unavailable, "storage.spool_unavailable",
              fmt::format("{}: cannot {}: {}", path.string(), what, std::strerror(problem)));
}

// A call that a signal interrupted is made again.
template <class Call>
auto again(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

class RealFile final : public File {
 public:
  RealFile(fs::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  ~RealFile() override { ::close(descriptor_); }
  RealFile(const RealFile&) = delete;
  RealFile& operator=(const RealFile&) = delete;

  Result<void> append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const auto written = again([&] { return ::write(descriptor_, bytes.data(), bytes.size()); });
      if (written < 0) return failed("write", path_, errno);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  Result<void> sync() override {
    if (again([&] { return ::fdatasync(descriptor_); }) != 0) return failed("sync", path_, errno);
    return {};
  }

  Result<std::string> read(std::int64_t offset, std::size_t size) override {
    std::string bytes;
    int problem = 0;
    bytes.resize_and_overwrite(size, [&](char* to, std::size_t) {
      std::size_t there = 0;
      while (there < size) {
        const auto at = static_cast<off_t>(offset) + static_cast<off_t>(there);
        const auto count = again([&] { return ::pread(descriptor_, to + there, size - there, at); });
        if (count < 0) problem = errno;
        if (count <= 0) break;
        there += static_cast<std::size_t>(count);
      }
      return there;
    });
    if (problem != 0) return failed("read", path_, problem);
    return bytes;
  }

  Result<std::int64_t> size() override {
    struct stat about{};
    if (::fstat(descriptor_, &about) != 0) return failed("look at", path_, errno);
    return about.st_size;
  }

 private:
  const fs::path path_;
  const int descriptor_;
};

class RealDisk final : public Disk {
 public:
  Result<void> make_folder(const fs::path& folder) override {
    std::error_code problem;
    if (fs::is_directory(folder, problem)) return {};
    const fs::path above = fs::absolute(folder).lexically_normal().parent_path();
    if (auto made = make_folder(above); !made) return made;
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return failed("make", folder, errno);
    if (!fs::is_directory(folder, problem)) return failed("make", folder, ENOTDIR);
    return sync_folder(above);
  }

  Result<std::vector<std::string>> list(const fs::path& folder) override {
    std::error_code problem;
    std::vector<std::string> names;
    for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end; entry.increment(problem))
      names.push_back(entry->path().filename().string());
    if (problem) return failed("list", folder, problem.value());
    return names;
  }

  Result<std::unique_ptr<File>> create(const fs::path& file) override {
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC;
    const int descriptor = again([&] { return ::open(file.c_str(), flags, 0600); });
    if (descriptor < 0) return failed("create", file, errno);
    auto created = std::make_unique<RealFile>(file, descriptor);
    if (auto synced = sync_folder(file.parent_path()); !synced) {
      ::unlink(file.c_str());
      return std::unexpected(synced.error());
    }
    return created;
  }

  Result<std::unique_ptr<File>> open(const fs::path& file) override {
    const int descriptor = again([&] { return ::open(file.c_str(), O_RDONLY | O_CLOEXEC); });
    if (descriptor < 0) return failed("open", file, errno);
    return std::make_unique<RealFile>(file, descriptor);
  }

  Result<void> remove(const fs::path& file) override {
    if (::unlink(file.c_str()) != 0 && errno != ENOENT) return failed("remove", file, errno);
    return sync_folder(file.parent_path());
  }

 private:
  static Result<void> sync_folder(const fs::path& folder) {
    const int descriptor = again([&] { return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
    if (descriptor < 0) return failed("open", folder, errno);
    const RealFile opened(folder, descriptor);
    if (again([&] { return ::fsync(descriptor); }) != 0) return failed("sync", folder, errno);
    return {};
  }
};

}  // namespace

std::unique_ptr<Disk> real_disk() { return std::make_unique<RealDisk>(); }

}  // namespace miniops::spool
