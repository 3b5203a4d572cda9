// What the desk does with a customer's score: it stands among the conversation's events, and other programs are told.
#pragma once

#include "desk/recorder.hpp"

namespace miniops::desk {

// Safe from any thread.
class Scores final : public satisfaction::ScoreListener {
 public:
  explicit Scores(const Common& common) : common_(common) {}

  void on_score(sql::Transaction& tx, const satisfaction::Scored& scored, TimeMs now) override;

 private:
  const Common& common_;
};

}  // namespace miniops::desk
