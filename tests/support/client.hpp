// A plain blocking HTTP client for tests of what listens, the server and the sandbox. It sees what happens on
// the wire: how an exchange ended matters as much as what was answered. Nothing of it is shared with the
// parsers under test. A socket that stays silent for half a minute fails the test instead of holding it up.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::tests {

// How the reading of an answer ended.
enum class ending { complete, closed, reset, silent };
std::ostream& operator<<(std::ostream& out, ending how);

struct answer {
    ending ended = ending::complete;
    unsigned status = 0; // 0: no head arrived
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body; // what arrived of it

    std::string header(std::string_view name) const;  // empty when absent
    boost::json::value json() const;                  // null when the body is none
    std::string text(std::string_view pointer) const; // of the JSON body; empty when absent or no text
};

using header_list = std::vector<std::pair<std::string, std::string>>;

class client {
  public:
    // `url` is an origin such as http://127.0.0.1:8080.
    explicit client(std::string_view url);

    answer send(std::string_view method, std::string_view target, header_list const& headers = {},
                std::string_view body = {});
    answer get(std::string_view target, header_list const& headers = {}) {
        return send("GET", target, headers);
    }
    answer post_form(std::string_view target, std::string_view body, header_list headers = {});
    answer post_json(std::string_view target, std::string_view body, header_list headers = {});

    // The parts of `send`, for tests that do something between them.
    void write(std::string_view text);
    void write_request(std::string_view method, std::string_view target, header_list const& headers = {},
                       std::string_view body = {});
    answer read();
    void leave();
    // What is left until the other side closes.
    std::string read_to_end();

  private:
    void connect();
    bool fill(ending& ended); // reads more into buffer_; false at the end

    boost::asio::io_context context_;
    boost::asio::ip::tcp::endpoint endpoint_;
    std::string host_;
    std::optional<boost::asio::ip::tcp::socket> socket_;
    std::string buffer_;
};

// One request on a connection of its own.
answer fetch(std::string_view url, std::string_view method, std::string_view target,
             header_list const& headers = {}, std::string_view body = {});

} // namespace connectd::tests
