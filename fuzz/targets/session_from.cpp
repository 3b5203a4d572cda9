// A session-from as a phone may send it; the first line is a key, the rest the text. The same bytes serve as parameters
// to be signed.
#include "people/session_from.hpp"

#include "base/text.hpp"
#include "targets/fuzz.hpp"

namespace {

using namespace miniops;

constexpr TimeMs now = 1763701200000;

// What was signed comes back, whatever the phone adds behind it; with another key or for another customer nothing does.
void sign_and_read(std::string_view key, const people::Parameters& parameters, std::string_view rest) {
  const auto made = people::sign_session_from(key, parameters, "o1", now);
  if (!made) return;
  fuzz::require(made->size() <= people::session_from_bytes_max);
  const auto read = people::signed_parameters(key, *made, {"o1", now});
  fuzz::require(read.problem == people::SignatureProblem::none && read.trusted == parameters && read.untrusted.empty());
  fuzz::require(people::signed_parameters(key, *made, {"o2", now}).trusted.empty());
  fuzz::require(people::signed_parameters(std::string(key) + "x", *made, {"o1", now}).trusted.empty());
  const std::string longer = *made + "&" + std::string(rest);
  if (longer.size() <= people::session_from_bytes_max && valid_utf8(longer))
    fuzz::require(people::signed_parameters(key, longer, {"o1", now}).trusted == parameters);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::string_view key = input.line();
  const auto read = people::signed_parameters(key, input.rest(), {"o1", now});
  fuzz::require(read.trusted.empty() || read.problem == people::SignatureProblem::none);
  for (const auto& all : {read.trusted, read.untrusted})
    for (const auto& [name, value] : all)
      fuzz::require(valid_utf8(name) && valid_utf8(value) && !name.starts_with('_'));
  people::Parameters parameters = read.untrusted;
  parameters.insert(read.trusted.begin(), read.trusted.end());
  sign_and_read(key, parameters, input.rest());
  return 0;
}
