#include "records/export_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "base/log.hpp"

namespace miniops::records {

namespace fs = std::filesystem;

namespace {

std::unexpected<Error> failed(int problem) {
  log::error("records.export_file", {{"errno", problem}});
  if (problem == ENOSPC || problem == EDQUOT)
    return fail(ErrorKind::unavailable, "storage.full", "the disk is full: the export was not stored; make room");
  return fail(ErrorKind::unavailable, "storage.unavailable", "the file of the export could not be stored or read");
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// errno, or 0.
int write_durably(const fs::path& path, std::string_view bytes) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return errno;
  const bool ok = write_all(descriptor, bytes) && ::fsync(descriptor) == 0;
  const int problem = ok ? 0 : errno;
  ::close(descriptor);
  return problem;
}

}  // namespace

Result<void> ExportFiles::write(ExportId id, std::int64_t part, std::string_view bytes) const {
  std::error_code problem;
  fs::create_directories(folder_, problem);
  if (problem) return failed(problem.value());
  const fs::path path = path_of(id, part);
  if (const int code = write_durably(path, bytes); code != 0) {
    fs::remove(path, problem);
    return failed(code);
  }
  return {};
}

Result<std::string> ExportFiles::read(ExportId id, std::int64_t part) const {
  std::ifstream in(path_of(id, part), std::ios::binary);
  if (!in) return fail(ErrorKind::not_found, "storage.blob_missing", "there is no such file");
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (in.bad()) return failed(EIO);
  return bytes;
}

Result<void> ExportFiles::remove(ExportId id) const {
  return remove_if([id](const std::optional<ExportId>& of) { return of == id; });
}

Result<void> ExportFiles::keep_only(const std::set<ExportId>& ids) const {
  return remove_if([&](const std::optional<ExportId>& of) { return !of || !ids.contains(*of); });
}

template <class Unwanted>
Result<void> ExportFiles::remove_if(Unwanted unwanted) const {
  std::error_code problem;
  if (!fs::exists(folder_, problem)) return {};
  for (const auto& entry : fs::directory_iterator(folder_, problem)) {
    const std::string name = entry.path().filename().string();
    if (!unwanted(parse_as<ExportId>(name.substr(0, name.find('.'))))) continue;
    fs::remove(entry.path(), problem);
    if (problem) return failed(problem.value());
  }
  if (problem) return failed(problem.value());
  return {};
}

fs::path ExportFiles::path_of(ExportId id, std::int64_t part) const {
  return folder_ / fmt::format("{}.{}", id.str(), part);
}

}  // namespace miniops::records
