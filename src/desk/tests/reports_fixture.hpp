// The desk with the facts that reports derive of its rows.
#pragma once

#include "desk/report_source.hpp"
#include "desk/tests/desk_fixture.hpp"
#include "reports/keeper.hpp"
#include "reports/service.hpp"

namespace miniops::desk {

class ReportedDeskTest : public DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    source_.emplace(ReportSource::Collaborators{desk_->configs(), *setups_, presence_log_, colleagues_, surveys_});
    keeper_.emplace(reports::Keeper::Collaborators{db(), clock_, *source_});
    reports_.emplace(reports::ReportService::Collaborators{db(), clock_, ids_, *source_, {}});
  }
  void TearDown() override {
    reports_.reset();
    keeper_.reset();
    source_.reset();
    DeskTest::TearDown();
  }

  void derive_pending() {
    while (must(sql::run(keeper_->derive_step()))) {
    }
  }
  void derive_all() {
    while (must(sql::run(keeper_->rebuild_step()))) {
    }
    derive_pending();
  }
  reports::Figures totals(TimeMs from, TimeMs to) {
    const reports::Filter filter{.from = from, .to = to};
    return must(sql::run(reports_->figures(admin(), filter, reports::Interval::none, reports::By::none))).answer.totals;
  }
  static const reports::Figure& of(const reports::Figures& figures, reports::Metric metric) {
    return figures[static_cast<std::size_t>(metric)];
  }

  std::optional<ReportSource> source_;
  std::optional<reports::Keeper> keeper_;
  std::optional<reports::ReportService> reports_;
};

}  // namespace miniops::desk
