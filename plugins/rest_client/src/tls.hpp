// What makes a TLS connection trustworthy. Thread: the client's.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <string>

#include "rest_client/options.hpp"

namespace rest_client {

// TLS 1.2 or later, the server always verified. Throws InvalidOptions if a file cannot be used.
boost::asio::ssl::context make_tls_context(const TlsFiles& files);

// Name sent (SNI) and name the certificate must have; for an IP address only the latter. False: OpenSSL
// refused.
bool expect_host(SSL* session, const std::string& host);

// Why a handshake failed, for a person.
std::string words_for_handshake(SSL* session, const boost::system::error_code& error);

}  // namespace rest_client
