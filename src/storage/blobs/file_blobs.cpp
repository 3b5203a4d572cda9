#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <thread>

#include "base/encoding.hpp"
#include "base/log.hpp"
#include "storage/blobs/blobs.hpp"

namespace miniops {

namespace {

namespace fs = std::filesystem;

// A file descriptor; closed with the object.
class File {
 public:
  File(const fs::path& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool is_open() const { return descriptor_ >= 0; }
  bool sync() const { return ::fsync(descriptor_) == 0; }
  bool write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }
  bool read_all(std::string& out) const {
    std::array<char, 65536> part{};
    for (;;) {
      const auto count = ::read(descriptor_, part.data(), part.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return count == 0;
      out.append(part.data(), static_cast<std::size_t>(count));
    }
  }

 private:
  int descriptor_;
};

bool sync_folder(const fs::path& folder) {
  const File file(folder, O_RDONLY | O_DIRECTORY);
  return file.is_open() && file.sync();
}

std::unexpected<Error> io_failed(const char* event, int problem) {
  log::error(event, {{"errno", problem}});
  if (problem == ENOSPC || problem == EDQUOT)
    return fail(ErrorKind::unavailable, "storage.full", "the disk is full: the file was not stored; make room");
  return fail(ErrorKind::unavailable, "storage.unavailable", "the file could not be stored or read");
}

std::unexpected<Error> missing() { return fail(ErrorKind::not_found, "storage.blob_missing", "there is no such file"); }

// What `put` gives: 64 lower-case hexadecimal digits. Nothing else ever becomes part of a path.
bool valid_name(std::string_view name) {
  return name.size() == 64 && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Threads that may block on the disk.
class FileWorkers {
 public:
  explicit FileWorkers(int threads) {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { loop(); });
  }
  ~FileWorkers() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    wake_.notify_all();
    for (auto& thread : threads_) thread.join();
  }
  FileWorkers(const FileWorkers&) = delete;
  FileWorkers& operator=(const FileWorkers&) = delete;

  void submit(std::move_only_function<void()> work) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(work));
    }
    wake_.notify_one();
  }

 private:
  void loop() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      auto work = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      work();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::move_only_function<void()>> waiting_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

// DATA/blobs/ab/abcdef…; what is being written lies in DATA/blobs/unfinished and is cleared at start.
class FileBlobs final : public Blobs {
 public:
  FileBlobs(fs::path folder, int threads, std::chrono::seconds lately)
      : folder_(std::move(folder)), lately_(lately), workers_(threads) {
    std::error_code ignored;  // a folder that cannot be made is told by the first put
    fs::remove_all(unfinished(), ignored);
    fs::create_directories(unfinished(), ignored);
  }

  Task<Result<std::string>> put(std::string bytes) override {
    auto work = [this, bytes = std::move(bytes)] { return store(bytes); };
    return on_worker(std::move(work));
  }

  Task<Result<std::string>> get(std::string name) override {
    auto work = [this, name = std::move(name)] { return load(name); };
    return on_worker(std::move(work));
  }

  Task<Result<bool>> remove(std::string name) override {
    auto work = [this, name = std::move(name)] { return unlink_old(name); };
    return on_worker(std::move(work));
  }

 private:
  fs::path unfinished() const { return folder_ / "unfinished"; }
  fs::path folder_of(const std::string& name) const { return folder_ / name.substr(0, 2); }

  Result<std::string> store(const std::string& bytes) {
    std::string name = hex(sha256(bytes));
    const fs::path folder = folder_of(name);
    std::error_code problem;
    if (touch(folder / name)) {
      // Perhaps another put has renamed it and not yet synced the folder: that is done before it counts as stored.
      if (!sync_folder(folder)) return io_failed("blob.sync_failed", errno);
      return name;
    }
    fs::create_directories(unfinished(), problem);
    const fs::path part = unfinished() / (name + "." + std::to_string(++parts_));
    const File file(part, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file.is_open() || !file.write(bytes) || !file.sync()) {
      const int code = errno;
      fs::remove(part, problem);
      return io_failed("blob.write_failed", code);
    }
    const bool new_folder = fs::create_directory(folder, problem);
    if (new_folder && !sync_folder(folder_)) return io_failed("blob.sync_failed", errno);
    fs::rename(part, folder / name, problem);
    if (problem) return io_failed("blob.rename_failed", problem.value());
    if (!sync_folder(folder)) return io_failed("blob.sync_failed", errno);
    return name;
  }

  // Whether it is there; then it was put at this moment. Not in the middle of unlink_old().
  bool touch(const fs::path& file) {
    const std::lock_guard lock(removing_);
    return ::utimensat(AT_FDCWD, file.c_str(), nullptr, 0) == 0;
  }

  Result<bool> unlink_old(const std::string& name) {
    if (!valid_name(name)) return true;
    const std::lock_guard lock(removing_);
    const fs::path file = folder_of(name) / name;
    std::error_code problem;
    const auto put_at = fs::last_write_time(file, problem);
    if (problem == std::errc::no_such_file_or_directory) return true;
    if (!problem && fs::file_time_type::clock::now() - put_at < lately_) return false;
    if (!problem) fs::remove(file, problem);
    if (problem) return io_failed("blob.remove_failed", problem.value());
    return true;
  }

  Result<std::string> load(const std::string& name) {
    if (!valid_name(name)) return missing();
    const File file(folder_of(name) / name, O_RDONLY);
    if (!file.is_open()) return errno == ENOENT ? missing() : io_failed("blob.read_failed", errno);
    std::string bytes;
    if (!file.read_all(bytes)) return io_failed("blob.read_failed", errno);
    return bytes;
  }

  template <class Work>
  Task<std::invoke_result_t<Work&>> on_worker(Work work) {
    using Outcome = std::invoke_result_t<Work&>;
    auto shared = std::make_shared<Work>(std::move(work));
    auto initiate = [&](auto handler) {
      auto executor = boost::asio::get_associated_executor(handler);
      auto held = std::make_shared<decltype(handler)>(std::move(handler));
      auto guard = boost::asio::make_work_guard(executor);
      workers_.submit([shared, held, executor, guard = std::move(guard)]() mutable {
        auto kept = std::make_shared<Outcome>((*shared)());
        boost::asio::post(executor, [held, kept]() mutable { std::move (*held)(std::move(*kept)); });
        guard.reset();
      });
    };
    auto token = boost::asio::use_awaitable;
    auto answer = boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Outcome)>(initiate, token);
    co_return co_await std::move(answer);
  }

  const fs::path folder_;
  const std::chrono::seconds lately_;
  std::mutex removing_;
  std::atomic<std::uint64_t> parts_{0};
  FileWorkers workers_;
};

}  // namespace

std::unique_ptr<Blobs> open_file_blobs(std::filesystem::path folder, int threads, std::chrono::seconds lately) {
  return std::make_unique<FileBlobs>(std::move(folder), threads, lately);
}

}  // namespace miniops
