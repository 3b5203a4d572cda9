// Writes the files of exports, a part at a time: gather, store the file, note it by compare-and-set. Whatever dies in
// between, the part is written again.
//
// One caller at a time: the module's loop. Collaborators must outlive it.
#pragma once

#include "net/workers.hpp"
#include "records/export_files.hpp"
#include "records/export_format.hpp"
#include "records/ports.hpp"

namespace miniops::records {

// Where the next part of an export of records begins.
struct ExportPlace {
  Before before{};       // all from here on upwards is written
  Before begun{};        // of this conversation after it, the messages …
  std::int64_t seq = 0;  // … up to this one
  bool operator==(const ExportPlace&) const = default;
};
std::string to_text(const ExportPlace& place);
ExportPlace export_place_in(std::string_view text);  // "": the beginning

// The rows that come next, not many more than `limit`, but all events of a conversation at once. With text: the
// messages that say it. Without: all messages of the conversations, and their events where they are wanted.
struct ExportRows {
  std::vector<ExportRow> rows{};
  ExportPlace next{};
  TimeMs reached_at = 0;
  bool end = false;
};
ExportRows rows_from(sql::Transaction& tx, Archive& archive, const Export& one, const ExportPlace& from, int limit);

class Exporter {
 public:
  struct Collaborators {
    sql::Database& database;
    Archive& archive;
    const Keepers& keepers;
    const ExportFiles& files;
    net::Workers& workers;
    const Clock& clock;
    Listener* listener = nullptr;  // none: nobody is told
  };
  struct Limits {
    std::size_t part_bytes = 1 << 20;
    int rows_at_once = 300;
  };
  Exporter(const Collaborators& with, Limits limits) : with_(with), limits_(limits) {}

  // Writes one part. True: there may be more.
  Task<Result<bool>> step();
  // Forgets exports whose time is over, and removes files that belong to none.
  Task<Result<void>> tidy();

 private:
  struct Part {
    std::string text{};
    std::int64_t rows = 0;
    std::string place{};
    TimeMs reached_at = 0;
    bool end = false;
  };
  Task<Result<std::optional<Export>>> claim();
  Task<Result<Part>> gather(Export one);
  Task<Result<Part>> gather_records(Export one);
  Task<Result<Part>> gather_person(Export one);
  Task<Result<bool>> settle(Export one, Result<Part> part);

  const Collaborators with_;
  const Limits limits_;
};

}  // namespace miniops::records
