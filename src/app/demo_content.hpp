// What the demo's mini program looks like at first start, entered through the console API as a person would.
#pragma once

#include <string>

#include "base/error.hpp"
#include "sandbox/world.hpp"

namespace miniops::app {

// Adds the mini program with its credentials, automatic replies, quick replies and sensitive words.
Result<void> fill_demo(const std::string& url, const std::string& api_key, const sandbox::AppConfig& app);

// A group robot in the sandbox, which is WeCom, too.
Result<void> make_demo_group(const std::string& sandbox_url);
// The channel to that group, and that alerts go there.
Result<void> fill_alerts(const std::string& url, const std::string& api_key, const std::string& appid);

// The address to which the demo's phones send, with a project key: the first of the mini program, made when it has
// none.
struct DemoKey {
  std::string batch_url;
  bool made = false;
};
Result<DemoKey> demo_project_key(const std::string& url, const std::string& api_key, const std::string& appid);

}  // namespace miniops::app
