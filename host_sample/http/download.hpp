// Exports: a ticket good for one download within a minute, and the download itself, page by page with bounded
// memory. I/O thread; owner: the Api.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "http/server.hpp"
#include "views/service.hpp"

namespace host::http {

class Downloads {
 public:
  static constexpr std::size_t most_tickets = 64;
  static constexpr auto good_for = std::chrono::seconds{60};

  explicit Downloads(views::Service& service) : service_(service) {}

  // The ticket, or empty when too many are out.
  std::string ticket(views::Question question, bool csv);
  // Answers GET download/{ticket}. No other credential is asked: the ticket is one.
  void serve(Exchange& exchange, const std::string& ticket);

 private:
  struct Ticket {
    views::Question question;
    bool csv = true;
    std::chrono::steady_clock::time_point until;
  };
  views::Service& service_;
  std::map<std::string, Ticket> tickets_;
};

}  // namespace host::http
