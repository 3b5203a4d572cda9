// The module's part of the console API, and the pages that customers rate on.
#pragma once

#include "identity/guard.hpp"
#include "satisfaction/views.hpp"
#include "satisfaction/visitors.hpp"

namespace miniops::satisfaction {

void mount(identity::Guard& guard, Service& service);

// The rating page, and the same as JSON for a page of the mini program. Nobody is signed in: the link's token, good for
// one score, says which conversation it is about, and nothing about it is shown.
struct RatingPage {
  sql::Database& database;
  const Surveys& surveys;
  const Clock& clock;
  Visitors& visitors;
};
// `page` must outlive the router's use.
void mount_rating(net::Router& router, const RatingPage& page);

}  // namespace miniops::satisfaction
