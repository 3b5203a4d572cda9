#include "logs/export_files.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cerrno>

#include "base/ids.hpp"
#include "base/log.hpp"

namespace miniops::logs {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view unfinished = ".part";
constexpr int gzip_window_bits = 15 + 16;
constexpr int gzip_level = 6;

std::unexpected<Error> failed(int problem) {
  log::error("logs.export_file", {{"errno", problem}});
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

// A gzip stream that grows.
class Gzip {
 public:
  Gzip() { ok_ = ::deflateInit2(&stream_, gzip_level, Z_DEFLATED, gzip_window_bits, 8, Z_DEFAULT_STRATEGY) == Z_OK; }
  ~Gzip() { ::deflateEnd(&stream_); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  bool ok() const { return ok_; }
  std::string add(std::string_view bytes, bool last) {
    std::string out;
    std::array<Bytef, 64 << 10> part{};
    // zlib reads only, though its type does not say so.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = part.data();
      stream_.avail_out = static_cast<uInt>(part.size());
      ::deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH);
      out.append(reinterpret_cast<const char*>(part.data()), part.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
    return out;
  }

 private:
  z_stream stream_{};
  bool ok_ = false;
};

}  // namespace

struct ExportWriter::State {
  fs::path path;
  int descriptor = -1;
  std::unique_ptr<Gzip> gzip;
  std::int64_t bytes = 0;
  bool finished = false;

  Result<void> put(std::string_view part) {
    if (!write_all(descriptor, part)) return failed(errno);
    bytes += static_cast<std::int64_t>(part.size());
    return {};
  }
};

ExportWriter::ExportWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}

ExportWriter::~ExportWriter() {
  if (state_->descriptor >= 0) ::close(state_->descriptor);
  std::error_code ignored;
  if (!state_->finished) fs::remove(state_->path.string() + std::string(unfinished), ignored);
}

Result<void> ExportWriter::write(std::string_view bytes) {
  return state_->put(state_->gzip ? state_->gzip->add(bytes, false) : std::string(bytes));
}

Result<void> ExportWriter::finish() {
  if (state_->gzip)
    if (auto ok = state_->put(state_->gzip->add("", true)); !ok) return ok;
  const std::string temporary = state_->path.string() + std::string(unfinished);
  if (::fsync(state_->descriptor) != 0 || ::rename(temporary.c_str(), state_->path.c_str()) != 0) return failed(errno);
  state_->finished = true;
  return {};
}

std::int64_t ExportWriter::bytes() const { return state_->bytes; }

Result<std::unique_ptr<ExportWriter>> ExportFiles::create(std::int64_t id, bool gzip) {
  std::error_code problem;
  fs::create_directories(folder_, problem);
  if (problem) return failed(problem.value());
  auto state = std::make_unique<ExportWriter::State>();
  state->path = path_of(id);
  const std::string temporary = state->path.string() + std::string(unfinished);
  state->descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (state->descriptor < 0) return failed(errno);
  if (gzip) state->gzip = std::make_unique<Gzip>();
  std::unique_ptr<ExportWriter> writer(new ExportWriter(std::move(state)));
  if (gzip && !writer->state_->gzip->ok()) return failed(ENOMEM);
  return writer;
}

Result<std::string> ExportFiles::read_part(std::int64_t id, std::size_t part) const {
  const int descriptor = ::open(path_of(id).c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return fail(ErrorKind::not_found, "storage.blob_missing", "there is no such file");
  std::string out(export_part_bytes, '\0');
  std::size_t done = 0;
  ssize_t count = 1;
  while (done < out.size() && count > 0) {
    const auto at = static_cast<off_t>(part * export_part_bytes + done);
    count = ::pread(descriptor, out.data() + done, out.size() - done, at);
    if (count < 0 && errno == EINTR)
      count = 1;
    else if (count > 0)
      done += static_cast<std::size_t>(count);
  }
  const int problem = count < 0 ? errno : 0;
  ::close(descriptor);
  if (problem != 0) return failed(problem);
  out.resize(done);
  return out;
}

void ExportFiles::remove(std::int64_t id) const {
  std::error_code ignored;
  fs::remove(path_of(id), ignored);
}

void ExportFiles::keep_only(const std::vector<std::int64_t>& ids) const {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    const auto id = parse_id(entry.path().filename().string());
    const bool kept = id && std::ranges::find(ids, *id) != ids.end();
    if (!kept) fs::remove(entry.path(), ignored);
  }
}

fs::path ExportFiles::path_of(std::int64_t id) const { return folder_ / std::to_string(id); }

}  // namespace miniops::logs
