// Exports: a ticket good for one download within a minute, and the download itself, page by page with bounded
// memory. I/O thread; owner: the Api.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "http/server.hpp"
#include "views/service.hpp"

namespace host::http {

class Downloads {
 public:
  static constexpr std::size_t tickets_a_person = 16;  // the oldest gives way
  static constexpr std::size_t most_tickets = 256;
  static constexpr auto good_for = std::chrono::seconds{60};

  explicit Downloads(views::Service& service) : service_(service) {}

  // The ticket, or why there is none: only what can be downloaded gets one.
  struct Issued {
    std::string name;
    cockpit_status status = COCKPIT_OK;
    std::string reason;
    explicit operator bool() const { return status == COCKPIT_OK; }
  };
  Issued ticket(views::Question question, bool csv, const std::string& person);
  // Answers GET download/{ticket}. No other credential is asked: the ticket is one.
  void serve(Exchange& exchange, const std::string& ticket);

 private:
  struct Ticket {
    views::Question question;
    bool csv = true;
    std::string person;
    std::uint64_t number = 0;  // in the order they were given out
    std::chrono::steady_clock::time_point until;
  };
  views::Service& service_;
  std::map<std::string, Ticket> tickets_;
  std::uint64_t given_out_ = 0;
};

}  // namespace host::http
