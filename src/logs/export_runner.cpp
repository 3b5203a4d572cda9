// The files of exports, written page by page: at most a few megabytes are in memory. The second part of exports.hpp.
#include <boost/asio/steady_timer.hpp>

#include "base/log.hpp"
#include "logs/errors.hpp"
#include "logs/export_format.hpp"
#include "logs/exports.hpp"
#include "logs/store.hpp"

namespace miniops::logs {

namespace {

using telemetry::NamedRow;

constexpr int runners = 2;
constexpr double lines_of_a_span = 20'000;
constexpr int rows_at_first = 100;  // of one question
constexpr int rows_min = 10;
constexpr int rows_max = 1000;
constexpr std::size_t page_bytes_wanted = 4 << 20;
constexpr int busy_tries = 120;  // while others ask much
constexpr std::chrono::milliseconds busy_pause{500};
constexpr std::chrono::milliseconds idle_pause{200};
constexpr std::chrono::seconds housekeeping_pause{60};
constexpr std::chrono::seconds question_time{11};  // no question takes longer

Task<void> pause(std::chrono::milliseconds time) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  timer.expires_after(time);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

bool is_busy(const Error& error) { return error.kind == ErrorKind::too_many || error.code == "net.overloaded"; }

}  // namespace

void Exports::start(net::IoThreads& io) {
  for (int i = 0; i < runners; ++i) io.spawn("logs.exports", work());
  io.spawn("logs.housekeeping", housekeeping());
}

class Exports::Busy {
 public:
  explicit Busy(Exports& exports) : exports_(exports) {
    const std::scoped_lock lock(exports_.mutex_);
    ++exports_.busy_;
  }
  ~Busy() {
    const std::scoped_lock lock(exports_.mutex_);
    --exports_.busy_;
    exports_.idle_.notify_all();
  }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  Exports& exports_;
};

void Exports::stop() {
  stopping_ = true;
  std::unique_lock lock(mutex_);
  idle_.wait_for(lock, question_time, [this] { return busy_ == 0; });
}

Task<void> Exports::work() {
  for (;;) {
    bool worked = false;
    {
      const Busy busy(*this);
      if (stopping_) co_return;
      worked = co_await step();
    }
    if (!worked) co_await pause(idle_pause);
  }
}

Task<void> Exports::housekeeping() {
  for (;;) {
    {
      const Busy busy(*this);
      if (stopping_) co_return;
      co_await forget_old();
    }
    co_await pause(housekeeping_pause);
  }
}

Task<bool> Exports::step() {
  std::shared_ptr<Job> job;
  {
    const std::scoped_lock lock(mutex_);
    if (waiting_.empty()) co_return false;
    job = std::move(waiting_.front());
    waiting_.pop_front();
  }
  Result<void> done = fail(ErrorKind::internal, "storage.internal", "the export failed");
  try {
    done = co_await write(job);
  } catch (const std::exception& problem) {
    log::error("logs.export_failed", {{"id", job->one.id}, {"what", problem.what()}});
  }
  if (!stopping_) co_await end(job, std::move(done));
  co_return true;
}

Task<void> Exports::end(std::shared_ptr<Job> job, Result<void> done) {
  Export ended = job->one;
  ended.state = done ? ExportState::done : ExportState::failed;
  if (!done) ended.problem = done.error().code;
  ended.ended_at = with_.clock.now();
  ended.expires_at = ended.ended_at + export_kept_ms;
  {
    const std::scoped_lock lock(job->mutex);
    if (done) job->progress.lines_expected = job->progress.lines;
    ended.progress = job->progress;
  }
  auto move = [ended](sql::Transaction& tx) -> Result<bool> { return store::move_export(tx, ended); };
  const auto moved = co_await with_.database.write(std::move(move));
  // Cancelled or deleted meanwhile: nobody will ask for its file. (When the database fails, a restart sees to it.)
  if (moved && !*moved) {
    auto unlink = [this, id = ended.id] {
      files_.remove(id);
      return true;
    };
    co_await workers_.run(std::move(unlink));
  }
  const std::scoped_lock lock(mutex_);
  jobs_.erase(ended.id);
}

Task<void> Exports::note_progress(std::shared_ptr<Job> job, ExportState state) {
  Export now = job->one;
  now.state = state;
  {
    const std::scoped_lock lock(job->mutex);
    now.progress = job->progress;
  }
  auto move = [now](sql::Transaction& tx) -> Result<bool> { return store::move_export(tx, now); };
  const auto moved = co_await with_.database.write(std::move(move));
  if (moved && !*moved) job->cancelled = true;  // by another node, or deleted
}

Task<Result<void>> Exports::write(std::shared_ptr<Job> job) {
  if (is_over(*job)) co_return Result<void>{};
  co_await note_progress(job, ExportState::running);
  auto create = [this, id = job->one.id, gzip = job->one.wish.gzip] { return files_.create(id, gzip); };
  auto created = co_await workers_.run(std::move(create));
  if (!created) co_return std::unexpected(created.error());
  if (!*created) co_return std::unexpected(created->error());
  const Writer writer(std::move(**created));
  if (auto ok = co_await append(writer, export_head(job->one.wish)); !ok) co_return ok;
  if (auto ok = co_await write_lines(job, writer); !ok) co_return ok;
  if (is_over(*job)) co_return Result<void>{};
  auto finish = [writer] { return writer->finish(); };
  auto finished = co_await workers_.run(std::move(finish));
  if (!finished) co_return std::unexpected(finished.error());
  const std::scoped_lock lock(job->mutex);
  job->progress.bytes = writer->bytes();
  co_return *finished;
}

Task<Result<void>> Exports::write_lines(std::shared_ptr<Job> job, Writer writer) {
  const ExportWish& wish = job->one.wish;
  auto query = read_query(wish.query);
  if (!query) co_return std::unexpected(query.error());
  Question question{wish.source, wish.level, std::move(*query), wish.from, wish.to};
  auto asked = co_await with_.lines.asked(job->one.appid, std::move(question));
  if (!asked) co_return std::unexpected(asked.error());
  const auto spans = co_await plan(job, *asked);
  if (!spans) co_return std::unexpected(spans.error());
  for (const Span& span : *spans) {
    asked->from = span.from;
    asked->to = span.to;
    const auto goes_on = co_await write_span(job, writer, *asked);
    if (!goes_on) co_return std::unexpected(goes_on.error());
    if (!*goes_on) break;
    co_await note_progress(job, ExportState::running);
  }
  co_return Result<void>{};
}

Task<Result<std::vector<Span>>> Exports::plan(std::shared_ptr<Job> job, const telemetry::Asked& asked) {
  const Span range{asked.from, asked.to};
  const TimeMs interval = plan_interval(range);
  const events::SeriesQuestion series{{}, events::Measure::count, interval, 0, std::nullopt, 1};
  for (int tries = 0;; ++tries) {
    const auto points = co_await with_.records.series(job->access, asked, series);
    if (points) {
      std::vector<events::Point> counts;
      double sum = 0;
      for (const telemetry::NamedPoint& named : *points) {
        counts.push_back(named.point);
        sum += named.point.count;
      }
      const std::scoped_lock lock(job->mutex);
      job->progress.lines_expected = std::min<std::int64_t>(static_cast<std::int64_t>(sum), export_lines_max);
      co_return plan_spans(range, interval, counts, lines_of_a_span);
    }
    // What cannot be counted at once can still be read hour by hour.
    if (points.error().code == "storage.question_too_slow") co_return plan_spans(range, hour_ms);
    if (!is_busy(points.error()) || tries >= busy_tries || is_over(*job)) co_return std::unexpected(points.error());
    co_await pause(busy_pause);
  }
}

Task<Result<bool>> Exports::write_span(std::shared_ptr<Job> job, Writer writer, telemetry::Asked asked) {
  events::RowsQuestion rows{{}, rows_at_first, {}, {}};
  for (;;) {
    if (is_over(*job)) co_return false;
    auto found = co_await page(job, asked, rows);
    if (!found) co_return std::unexpected(found.error());
    std::string text;
    std::int64_t lines = 0;
    for (NamedRow& row : *found) {
      const Line line = with_.lines.line(job->access, asked.kind, std::move(row));
      rows.before = id_of(line).place();
      text += export_line(job->one.wish, line);
      ++lines;
    }
    const bool last = found->size() < static_cast<std::size_t>(rows.limit);
    // Large lines are asked for in smaller pages.
    rows.limit =
        text.size() > page_bytes_wanted ? std::max(rows.limit / 2, rows_min) : std::min(rows.limit * 2, rows_max);
    if (auto ok = co_await append(writer, std::move(text)); !ok) co_return std::unexpected(ok.error());
    const std::scoped_lock lock(job->mutex);
    job->progress.lines += lines;
    job->progress.bytes = writer->bytes();
    job->progress.cut = job->progress.lines >= export_lines_max || job->progress.bytes >= export_bytes_max;
    if (job->progress.cut) co_return false;
    if (last) co_return true;
  }
}

Task<Result<std::vector<NamedRow>>> Exports::page(std::shared_ptr<Job> job, const telemetry::Asked& asked,
                                                  events::RowsQuestion rows) {
  for (int tries = 0;; ++tries) {
    auto found = co_await with_.records.rows(job->access, asked, rows);
    if (found || !is_busy(found.error()) || tries >= busy_tries || is_over(*job)) co_return found;
    co_await pause(busy_pause);
  }
}

Task<Result<void>> Exports::append(Writer writer, std::string text) {
  if (text.empty()) co_return Result<void>{};
  auto write = [writer, text = std::move(text)] { return writer->write(text); };
  auto written = co_await workers_.run(std::move(write));
  if (!written) co_return std::unexpected(written.error());
  co_return *written;
}

}  // namespace miniops::logs
