// A database whose closures wait until the test lets them go, all at once: what is under way together is then decided
// by the seed, not by threads.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "storage/sql/database.hpp"

namespace miniops::app {

// Closures may come from any thread; release() is called by one. `inner` must outlive it.
class HeldDatabase final : public sql::Database {
 public:
  explicit HeldDatabase(sql::Database& inner) : inner_(inner) {}

  sql::Engine engine() const override { return inner_.engine(); }
  void stop() override { inner_.stop(); }
  void notify(std::string topic, std::string payload) override { inner_.notify(std::move(topic), std::move(payload)); }
  void listen(std::string topic, Listener listener) override { inner_.listen(std::move(topic), std::move(listener)); }
  Health health() const override { return inner_.health(); }

  // Hands what waits to the engine, reads first, then all writes as one batch, and returns when all are answered.
  // False: nothing waited.
  bool release() {
    std::vector<Job> reads, writes;
    {
      const std::scoped_lock lock(mutex_);
      reads.swap(reads_);
      writes.swap(writes_);
    }
    const bool any = !reads.empty() || !writes.empty();
    run(std::move(reads), &Inner::submit_read);
    if (writes.size() > 1) {
      run_as_batch(std::move(writes));
    } else {
      run(std::move(writes), &Inner::submit_write);
    }
    return any;
  }

 protected:
  void submit_write(Job job) override {
    const std::scoped_lock lock(mutex_);
    writes_.push_back(std::move(job));
  }
  void submit_read(Job job) override {
    const std::scoped_lock lock(mutex_);
    reads_.push_back(std::move(job));
  }

 private:
  // Opens the protected half of another database.
  struct Inner : sql::Database {
    using sql::Database::submit_read;
    using sql::Database::submit_write;
  };
  using Submit = void (sql::Database::*)(Job);

  struct Countdown {
    std::mutex mutex;
    std::condition_variable zero;
    std::size_t left;
    explicit Countdown(std::size_t count) : left(count) {}
    void down() {
      const std::scoped_lock lock(mutex);
      --left;
      zero.notify_all();
    }
    void wait() {
      std::unique_lock lock(mutex);
      zero.wait(lock, [this] { return left == 0; });
    }
  };

  void submit(std::vector<Job> jobs, Submit submit, const std::shared_ptr<Countdown>& answered) {
    for (Job& job : jobs) {
      job.done = [done = std::move(job.done), answered](Result<void> result) mutable {
        done(std::move(result));
        answered->down();
      };
      (inner_.*submit)(std::move(job));
    }
  }

  void run(std::vector<Job> jobs, Submit how) {
    auto answered = std::make_shared<Countdown>(jobs.size());
    submit(std::move(jobs), how, answered);
    answered->wait();
  }

  // A first closure holds the writer until all the others wait behind it.
  void run_as_batch(std::vector<Job> jobs) {
    auto complete = std::make_shared<Countdown>(1);
    auto answered = std::make_shared<Countdown>(jobs.size() + 1);
    Job first;
    first.options.urgent = true;
    first.body = [complete](sql::Transaction&) -> Result<void> {
      complete->wait();
      return {};
    };
    first.done = [answered](Result<void>) { answered->down(); };
    (inner_.*Submit(&Inner::submit_write))(std::move(first));
    submit(std::move(jobs), &Inner::submit_write, answered);
    complete->down();
    answered->wait();
  }

  sql::Database& inner_;
  std::mutex mutex_;
  std::vector<Job> reads_, writes_;
};

}  // namespace miniops::app
