#include "sandbox/simulator.hpp"

#include <atomic>
#include <cmath>
#include <deque>

#include "base/log.hpp"
#include "sandbox/stories.hpp"
#include "sandbox/wait.hpp"

namespace miniops::sandbox {

namespace {

constexpr std::size_t present_max = 200;
constexpr std::size_t remembered_max = 300;  // earlier customers who may come again
constexpr TimeMs step_ms = 500;

struct Customer {
  std::string openid;
  const Story* story = nullptr;
  enum class Mood { entering, opening, waiting, answering, leaving } mood = Mood::entering;
  std::size_t line = 0;  // next of opening or follow_ups
  int asked_again = 0;
  std::uint64_t heard = 0;  // number of the last bubble read
  TimeMs due_at = 0;
};

}  // namespace

struct Simulator::State {
  State(net::IoThreads& io_threads, Sandbox& platform, Random& source, SimulatorSettings wanted)
      : io(io_threads), sandbox(platform), random(source), settings(std::move(wanted)) {}

  net::IoThreads& io;
  Sandbox& sandbox;
  Random& random;
  const SimulatorSettings settings;
  std::atomic<double> rate{0};
  std::atomic<bool> stopped{false};
  std::atomic<std::size_t> present{0};
  std::vector<Customer> customers;
  std::deque<std::string> known;
  TimeMs next_arrival = 0;

  TimeMs now() const { return sandbox.world().clock.now(); }
  TimeMs between(TimeMs from, TimeMs to) {
    return from + static_cast<TimeMs>(random.below(static_cast<std::uint64_t>(to - from)));
  }
  int step();
  bool arrive();
  bool act(Customer& customer);  // false: the customer is gone
  void listen(Customer& customer);
  bool speak(const Customer& customer, Saying saying);
  static Task<void> run(std::shared_ptr<State> state);
};

Simulator::Simulator(net::IoThreads& io, Sandbox& sandbox, Random& random, SimulatorSettings settings)
    : state_(std::make_shared<State>(io, sandbox, random, std::move(settings))) {
  state_->rate = state_->settings.customers_per_minute;
}

Simulator::~Simulator() { stop(); }

void Simulator::start() { state_->io.spawn("sandbox.simulator", State::run(state_)); }
void Simulator::stop() { state_->stopped = true; }
void Simulator::set_rate(double customers_per_minute) { state_->rate = customers_per_minute; }
int Simulator::step() { return state_->step(); }
std::size_t Simulator::present() const { return state_->present; }

Task<void> Simulator::State::run(std::shared_ptr<State> state) {
  while (!state->stopped) {
    state->step();
    co_await wait_ms(step_ms);
  }
}

int Simulator::State::step() {
  int acted = 0;
  const TimeMs at = now();
  if (rate > 0 && at >= next_arrival) {
    // The first comes at once, then as people come: at random, so many a minute.
    const double uniform = (static_cast<double>(random.below(1'000'000)) + 1) / 1'000'001;
    next_arrival = at + static_cast<TimeMs>(-std::log(uniform) * static_cast<double>(minute_ms) / rate);
    if (customers.size() < present_max && arrive()) ++acted;
  }
  std::erase_if(customers, [&](Customer& customer) {
    if (customer.mood == Customer::Mood::waiting) listen(customer);
    if (customer.due_at > at) return false;
    ++acted;
    return !act(customer);
  });
  present = customers.size();
  return acted;
}

bool Simulator::State::arrive() {
  Customer customer;
  customer.story = &stories()[random.below(stories().size())];
  constexpr std::uint64_t returning_percent = 30;
  if (!known.empty() && random.below(100) < returning_percent) {
    customer.openid = known[random.below(known.size())];
    const bool here = std::ranges::count(customers, customer.openid, &Customer::openid) > 0;
    if (here) return false;
  } else {
    const auto user = sandbox.phones().add_user(settings.appid, "", "");
    if (!user) return false;
    customer.openid = user->at("openid").as_string();
    known.push_back(customer.openid);
    if (known.size() > remembered_max) known.pop_front();
  }
  customer.due_at = now();
  if (settings.on_arrival) settings.on_arrival(customer.openid);
  customers.push_back(std::move(customer));
  return true;
}

bool Simulator::State::act(Customer& customer) {
  using enum Customer::Mood;
  const Story& story = *customer.story;
  switch (customer.mood) {
    case entering: {
      Saying enter;
      enter.event = "user_enter_tempsession";
      enter.session_from = story.session_from;
      customer.mood = opening;
      customer.due_at = now() + between(2'000, 9'000);
      return speak(customer, std::move(enter));
    }
    case opening: {
      const bool said = speak(customer, saying_of(story.opening[customer.line++], random));
      const bool more = customer.line < story.opening.size();
      customer.due_at = now() + (more ? between(3'000, 10'000) : between(60'000, 180'000));
      if (!more) {
        customer.mood = waiting;
        customer.line = 0;
      }
      return said;
    }
    case waiting: {  // nobody has answered
      constexpr int asked_again_max = 2;
      if (customer.asked_again++ >= asked_again_max) return false;
      customer.due_at = now() + between(90'000, 240'000);
      return speak(customer, saying_of(impatient_line(), random));
    }
    case answering: {
      const bool last = customer.line >= story.follow_ups.size();
      customer.mood = last ? leaving : waiting;
      customer.due_at = now() + between(90'000, 240'000);
      return speak(customer, saying_of(last ? thanks_line() : story.follow_ups[customer.line++], random));
    }
    case leaving:
      return false;
  }
  return false;
}

// An answer is read, thought about, and answered; several at once are one.
void Simulator::State::listen(Customer& customer) {
  const auto bubbles = sandbox.phones().read(settings.appid, customer.openid, customer.heard);
  if (!bubbles || bubbles->empty()) return;
  customer.heard = bubbles->back().seq;
  const bool answered = std::ranges::count(*bubbles, Direction::out, &Bubble::direction) > 0;
  if (!answered) return;
  constexpr std::uint64_t silent_percent = 10;
  customer.mood = random.below(100) < silent_percent ? Customer::Mood::leaving : Customer::Mood::answering;
  customer.due_at = now() + between(4'000, 20'000);
}

bool Simulator::State::speak(const Customer& customer, Saying saying) {
  auto said = sandbox.phones().say(settings.appid, customer.openid, std::move(saying));
  if (!said) {
    log::warn("sandbox.simulated_customer_failed", {{"code", said.error().code}});
    return false;
  }
  sandbox.push_later(std::move(said->push));
  return true;
}

}  // namespace miniops::sandbox
