#include "cli/listing.hpp"

#include <iostream>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json_text.hpp"
#include "cli/answer_text.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "views/csv.hpp"

namespace host::cli {

using nlohmann::json;

std::string json_line(const json& object) {
  auto shown = object;
  shown.erase("_actions");
  return json_text(shown);
}

Listing::Listing(std::shared_ptr<const views::Description> description, const std::string& at, bool mixed,
                 Form form, Style style)
    : description_(std::move(description)),
      columns_(
          std::make_unique<const json>(views::columns_of_rows(columns_of(*description_->node(at)), mixed))),
      form_(form),
      style_(style),
      table_(table_for(*description_, *columns_)) {}

Listing::~Listing() = default;

void Listing::begin() {
  if (std::exchange(begun_, true)) return;
  if (form_ == Form::csv) std::cout << views::csv_titles(*columns_);
  if (form_ == Form::json) std::cout << "{\"rows\": [";
}

bool Listing::page(const json& answer) {
  begin();
  const auto rows = answer.value("rows", json::array());
  if (rows_ == 0 && (form_ == Form::table || is_incomplete(answer)))
    std::cerr << warnings_text(answer, {takes_colour(2), 0});
  if (form_ == Form::table) {
    add_rows(table_, *description_, *columns_, answer);
  }
  for (const auto& row : rows) {
    if (form_ == Form::csv) std::cout << views::csv_row(*columns_, row);
    if (form_ == Form::jsonl) std::cout << json_line(row) << '\n';
    if (form_ == Form::json) std::cout << (rows_ == 0 ? "\n" : ",\n") << json_line(row);
    ++rows_;
  }
  if (!written()) return false;
  tail_ = form_ == Form::json ? json_text(answer.value("total", json{})) : count_text(rows_, answer);
  return form_ != Form::table || rows_ < most_table_rows;
}

void Listing::end() {
  if (form_ == Form::json) std::cout << "\n], \"total\": " << (tail_.empty() ? "null" : tail_) << "}\n";
  if (form_ == Form::table) std::cout << table_.text(style_) << tail_;
}

void Listing::broke_off(const std::string& why) {
  if (form_ == Form::csv) std::cout << views::csv_cell("The export broke off: " + why) << "\r\n";
  if (form_ == Form::table) std::cout << table_.text(style_);
  // JSON stays without its end; of JSON Lines each line is whole, so the exit code alone tells.
  std::cerr << "Not all: the list broke off after " << rows_ << (rows_ == 1 ? " row.\n" : " rows.\n");
}

}  // namespace host::cli
