// A vendor's client against a whole server, and what it expects to read: transcripts are tables of requests
// and the answers that the vendor documents.
#pragma once

#include "tests/server/whole_server.hpp"
#include "tests/support/client.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace connectd::tests {

struct vendor_client {
    whole_server& at;
    std::string base; // what the client was told to put before its paths
    std::string key_header;
    std::string key_prefix;
    std::string key{at.home.key};
    std::string host{}; // sent in place of the server's address

    answer ask(std::string_view method, std::string_view path, std::string_view body = {}) const;
    // As a browser: without the key.
    answer visit(std::string_view path) const;
    // The same client with another key ("" sends none).
    vendor_client with_key(std::string other) const;

  private:
    answer send(std::string_view method, std::string_view path, std::string_view body, bool keyed) const;
};

// One line of a transcript. In the expected answer "<any>" stands for any text that is not empty, "<time>"
// for one of RFC 3339, "<list>" for any list that is not empty, "<id>" for a request id that the header
// repeats; "" is an answer without a body.
struct exchange_line {
    std::string_view method;
    std::string_view path;
    std::string_view body;
    unsigned status;
    std::string_view answer;
};

// What is different from what the line says; empty when nothing is.
std::string difference(exchange_line const& line, answer const& got);

// Plays all lines, each as a test of its own name.
void play(vendor_client const& as, std::vector<exchange_line> const& lines);

} // namespace connectd::tests
