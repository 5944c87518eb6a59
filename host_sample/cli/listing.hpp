// The rows of a list on stdout, page by page: as a table, JSON, CSV or JSON Lines.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cli/commands.hpp"
#include "cli/table.hpp"
#include "views/description.hpp"

namespace host::cli {

// I/O thread. What was written is not kept; a table is, up to its limit, as it is aligned over all its rows.
class Listing {
 public:
  static constexpr std::size_t most_table_rows = 10'000;

  // `mixed`: the rows are of several engines.
  Listing(std::shared_ptr<const views::Description> description, const std::string& at, bool mixed, Form form,
          Style style);
  ~Listing();
  Listing(const Listing&) = delete;
  Listing& operator=(const Listing&) = delete;

  // False: nothing more is taken; the table is full, or the output takes no more.
  bool page(const nlohmann::json& answer);
  void end();
  // Instead of end(): the rows are not all, which the output says as far as its form can, and standard error.
  void broke_off(const std::string& why);
  std::uint64_t rows() const { return rows_; }

 private:
  void begin();

  std::shared_ptr<const views::Description> description_;
  std::unique_ptr<const nlohmann::json> columns_;
  Form form_;
  Style style_;
  Table table_;
  std::uint64_t rows_ = 0;
  bool begun_ = false;
  std::string tail_;  // what follows the rows: how many there are
};

// The rows of an answer as lines of JSON, and one object on one line.
std::string json_line(const nlohmann::json& object);

}  // namespace host::cli
