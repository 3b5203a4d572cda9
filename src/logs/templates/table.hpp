// The living templates, and where to find them by the words of a message. For one thread at a time.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <unordered_map>

#include "logs/templates/words.hpp"

namespace miniops::logs::mining {

struct Template {
  std::int32_t id = 0;
  std::string text;
  Words words;
};

// Places in a message, by the number of the word; ascending.
using Places = std::vector<std::uint8_t>;

// Templates that are one, and where they differ.
struct Family {
  std::vector<std::int32_t> members;
  Places places;
};

class Table {
 public:
  const Template* find(std::int32_t id) const;
  const Template* find(std::string_view text) const;
  // The template that takes any word where `words` differs from it. Truth values are not just any word.
  const Template* find(std::string_view message, const Words& words) const;

  // The templates that are one with this, which is not in the table itself.
  std::optional<Family> family_of(const Template& one) const;

  void insert(Template one);
  void erase(std::int32_t id);
  std::size_t size() const { return templates_.size(); }

 private:
  // Templates of one shape. Their words lie in one array, row by row, because all are looked at for a new message.
  struct Shape {
    std::vector<std::int32_t> ids;  // ascending
    std::vector<std::uint64_t> hashes;
    std::vector<Places> open;  // where templates take any word; in order, without doubles
  };
  struct Neighbour {
    const Template* one;
    Places places;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  std::vector<Neighbour> neighbours_of(const Template& one, const Shape& shape) const;

  std::unordered_map<std::int32_t, Template> templates_;
  boost::unordered_flat_map<std::string, std::int32_t, TextHash, std::equal_to<>> by_text_;
  boost::unordered_flat_map<std::uint64_t, std::int32_t> by_open_words_;
  boost::unordered_flat_map<std::uint64_t, Shape> shapes_;
};

}  // namespace miniops::logs::mining
