#include "resolver.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

namespace rest_client {
namespace {

constexpr std::chrono::seconds keep_addresses{60};

}  // namespace

Resolver::Resolver(boost::asio::io_context& context) : context_(context), resolver_(context) {}

void Resolver::resolve(const std::string& host, std::uint16_t port, Resolved resolved) {
  boost::system::error_code not_literal;
  const auto address = boost::asio::ip::make_address(host, not_literal);
  if (!not_literal) {
    Endpoints one{{address, port}};
    boost::asio::post(context_,
                      [resolved = std::move(resolved), one = std::move(one)] { resolved({}, one); });
    return;
  }
  const Name name{host, port};
  Entry& entry = entries_[name];
  if (!entry.endpoints.empty() && std::chrono::steady_clock::now() < entry.good_until) {
    boost::asio::post(context_,
                      [resolved = std::move(resolved), known = entry.endpoints] { resolved({}, known); });
    return;
  }
  entry.asking.push_back(std::move(resolved));
  if (entry.asking.size() > 1) return;
  resolver_.async_resolve(
      host, std::to_string(port),
      [self = shared_from_this(), name](const boost::system::error_code& error, const auto& results) {
        self->found(name, error, results);
      });
}

void Resolver::forget(const std::string& host, std::uint16_t port) {
  const auto entry = entries_.find({host, port});
  if (entry != entries_.end()) entry->second.endpoints.clear();
}

void Resolver::found(const Name& name, const boost::system::error_code& error,
                     const boost::asio::ip::tcp::resolver::results_type& results) {
  Entry& entry = entries_[name];
  entry.endpoints.clear();
  for (const auto& result : results) entry.endpoints.push_back(result.endpoint());
  entry.good_until = std::chrono::steady_clock::now() + keep_addresses;
  const std::vector<Resolved> asking = std::exchange(entry.asking, {});
  const Endpoints endpoints = entry.endpoints;  // a callback may forget the entry's
  for (const Resolved& one : asking) one(error, endpoints);
}

}  // namespace rest_client
