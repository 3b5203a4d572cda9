#include "net/router.hpp"

#include <stdexcept>

#include "base/encoding.hpp"

namespace miniops::net {

namespace {

// "/a/b/" → a, b, "" — the empty last segment is a literal of its own.
std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  if (path.empty() || path.front() != '/') return segments;
  path.remove_prefix(1);
  for (;;) {
    const auto slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

// Decodes one segment; nothing that could climb out of a folder or hide a slash comes through.
std::optional<std::string> decoded_segment(std::string_view segment) {
  std::optional<std::string> text =
      segment.find('%') == std::string_view::npos ? std::string(segment) : url_decode(segment, false);
  if (!text || *text == "." || *text == "..") return std::nullopt;
  for (const char c : *text) {
    if (c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
  }
  return text;
}

constexpr Method all_methods[] = {Method::get,   Method::head, Method::post,   Method::put,
                                  Method::patch, Method::del,  Method::options};

}  // namespace

struct Router::Tree {
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> parameter;
    std::map<Method, const Route*> routes;  // of the path that ends here
    std::map<Method, const Route*> rest;    // of "{name*}" below here
  };

  Node root;
  std::vector<std::unique_ptr<Route>> routes;
  Handler fallback;

  void insert(std::unique_ptr<Route> route) {
    const std::string& pattern = route->info.pattern;
    if (pattern.empty() || pattern.front() != '/') throw std::invalid_argument("a route must begin with /: " + pattern);
    Node* node = &root;
    std::map<Method, const Route*>* leaf = nullptr;
    for (const std::string_view segment : segments_of(pattern)) {
      if (leaf) throw std::invalid_argument("{name*} must be the last segment: " + pattern);
      if (segment.ends_with("*}")) {
        leaf = &node->rest;
      } else if (segment.starts_with('{')) {
        if (!node->parameter) node->parameter = std::make_unique<Node>();
        node = node->parameter.get();
      } else {
        auto& child = node->literals[std::string(segment)];
        if (!child) child = std::make_unique<Node>();
        node = child.get();
      }
    }
    if (!leaf) leaf = &node->routes;
    if (!leaf->emplace(route->info.method, route.get()).second) {
      throw std::invalid_argument(fmt::format("route added twice: {} {}", to_string(route->info.method), pattern));
    }
    routes.push_back(std::move(route));
  }
};

namespace {

using Methods = std::map<Method, const Route*>;

// Looks for the path in the tree, the literal branch first; remembers which methods it would have had.
template <class Node>
struct Search {
  Method method{};
  std::span<const std::string_view> path;
  std::vector<const Methods*> seen{};
  const Route* found = nullptr;

  bool take(const Methods& methods) {
    if (methods.empty()) return false;
    auto route = methods.find(method);
    if (route == methods.end() && method == Method::head) route = methods.find(Method::get);
    if (route == methods.end()) {
      seen.push_back(&methods);
      return false;
    }
    found = route->second;
    return true;
  }

  bool walk(const Node& node, std::size_t depth) {
    if (depth == path.size()) return take(node.routes);
    const std::string_view segment = path[depth];
    const bool last = depth + 1 == path.size();
    if (const auto literal = node.literals.find(segment); literal != node.literals.end()) {
      if (walk(*literal->second, depth + 1)) return true;
    }
    if (node.parameter && !segment.empty() && walk(*node.parameter, depth + 1)) return true;
    // An empty segment stands only at the end: //x names nothing.
    if (segment.empty() && !last) return false;
    return take(node.rest);
  }
};

// The parameters of a pattern that the path is known to fit; nullopt when one does not decode.
std::optional<std::vector<std::pair<std::string, std::string>>> params_of(std::string_view pattern,
                                                                          std::span<const std::string_view> path) {
  std::vector<std::pair<std::string, std::string>> params;
  std::size_t depth = 0;
  for (const std::string_view segment : segments_of(pattern)) {
    if (segment.ends_with("*}")) {
      std::string rest;
      for (; depth < path.size(); ++depth) {
        const auto text = decoded_segment(path[depth]);
        if (!text || (text->empty() && depth + 1 < path.size())) return std::nullopt;
        if (!rest.empty()) rest += '/';
        rest += *text;
      }
      params.emplace_back(segment.substr(1, segment.size() - 3), std::move(rest));
    } else if (segment.starts_with('{')) {
      auto text = decoded_segment(path[depth++]);
      if (!text) return std::nullopt;
      params.emplace_back(segment.substr(1, segment.size() - 2), std::move(*text));
    } else {
      ++depth;
    }
  }
  return params;
}

}  // namespace

Router::Router() : tree_(std::make_unique<Tree>()) {}
Router::~Router() = default;

void Router::add(RouteInfo info, Handler handler) {
  auto route = std::make_unique<Route>();
  route->info = std::move(info);
  route->handler = std::move(handler);
  tree_->insert(std::move(route));
}

void Router::add_websocket(RouteInfo info, WebSocketCheck check, WebSocketHandler handler) {
  auto route = std::make_unique<Route>();
  route->info = std::move(info);
  route->websocket_check = std::move(check);
  route->websocket_handler = std::move(handler);
  tree_->insert(std::move(route));
}

void Router::set_fallback(Handler handler) { tree_->fallback = std::move(handler); }
const Handler& Router::fallback() const { return tree_->fallback; }

std::vector<RouteInfo> Router::routes() const {
  std::vector<RouteInfo> infos;
  for (const auto& route : tree_->routes) infos.push_back(route->info);
  return infos;
}

Router::Match Router::match(Method method, std::string_view path) const {
  Match match;
  const std::vector<std::string_view> segments = segments_of(path);
  if (segments.empty() || segments.size() > 64) return match;
  Search<Tree::Node> search{method, segments};
  if (search.walk(tree_->root, 0)) {
    if (auto params = params_of(search.found->info.pattern, segments)) {
      match.route = search.found;
      match.params = std::move(*params);
    }
    return match;
  }
  for (const Method candidate : all_methods) {
    for (const Methods* methods : search.seen) {
      const bool allowed =
          methods->contains(candidate) || (candidate == Method::head && methods->contains(Method::get));
      if (!allowed) continue;
      if (!match.allowed_methods.empty()) match.allowed_methods += ", ";
      match.allowed_methods += to_string(candidate);
      match.other = methods->begin()->second;
      break;
    }
  }
  return match;
}

}  // namespace miniops::net
