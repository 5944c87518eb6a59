// Lists in as many calls as the engine's configuration makes necessary. For the sources of Engine only.
#pragma once

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <utility>

#include "engine/answer_text.hpp"
#include "engine/job_page.hpp"
#include "engine/query_string.hpp"

namespace batch_view {

template <class Row>
struct Engine::Listing {
  std::function<rest_client::Request(const Page&)> request;
  ReadRow<Row> (*read)(const nlohmann::json&);
  // Engines ignore a filter that they do not know: whether a row is one that was asked for.
  std::function<bool(const Row&)> fits;
  Page page;
  Then<RowsOf<Row>> then;
  RowsOf<Row> rows = {};
  std::uint64_t passed = 0;  // rows of the engine's answers so far
};

// An engine says how many rows it allows only when it is asked for more (queryMaxResultsLimit): then as many
// are asked for, again and again until the page is whole.
template <class Row>
void Engine::list_on(const std::shared_ptr<Listing<Row>>& listing) {
  Page part = listing->page;
  part.first += listing->passed;
  part.size = std::min(listing->page.size - listing->passed, most_rows_);
  auto request = listing->request(part);
  request.deadline = environment_.now() + read_deadline;
  ask(std::move(request), [this, listing, asked = part.size](Got<rest_client::Response> got) {
    if (auto* problem = std::get_if<Problem>(&got)) {
      const auto limit = allowed_rows(problem->detail);
      if (!limit || *limit >= asked) return listing->then(std::move(*problem));
      most_rows_ = *limit;
      return list_on(listing);
    }
    auto& response = std::get<rest_client::Response>(got);
    const auto body = read_json(std::move(response.body));
    if (!body) return listing->then(no_json(response.content_type));
    if (!body->is_array()) return listing->then(unexpected_json());
    for (const auto& one : *body) {
      auto read = listing->read(one);
      if (read.lost) ++listing->rows.unread;
      if (read.row && (!listing->fits || listing->fits(*read.row)))
        listing->rows.push_back(std::move(*read.row));
    }
    listing->passed += body->size();
    if (body->size() < asked || listing->passed >= listing->page.size)
      return listing->then(std::move(listing->rows));
    list_on(listing);
  });
}

}  // namespace batch_view
