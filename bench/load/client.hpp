// A kept connection that sends prepared requests and reads the answers. One thread.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>

namespace connectd::bench {

using executor = boost::asio::io_context::executor_type;
template <class T>
using task = boost::asio::awaitable<T, executor>;
constexpr boost::asio::as_tuple_t<boost::asio::use_awaitable_t<executor>> quietly{
    boost::asio::use_awaitable_t<executor>{}};

// "http://127.0.0.1:8080/any/path" -> its endpoint and "/any/path".
struct address {
    boost::asio::ip::tcp::endpoint endpoint;
    std::string target;
};

inline address parse_address(std::string_view url) {
    constexpr std::string_view scheme = "http://";
    if (!url.starts_with(scheme)) {
        throw std::invalid_argument("not an http URL: " + std::string{url});
    }
    url.remove_prefix(scheme.size());
    auto const slash = std::min(url.find('/'), url.size());
    auto const authority = url.substr(0, slash);
    auto const colon = authority.rfind(':');
    unsigned short port = 80;
    if (colon != std::string_view::npos) {
        std::from_chars(authority.data() + colon + 1, authority.data() + authority.size(), port);
    }
    auto host = std::string{authority.substr(0, colon)};
    if (host == "localhost") {
        host = "127.0.0.1";
    }
    return {{boost::asio::ip::make_address(host), port},
            slash < url.size() ? std::string{url.substr(slash)} : "/"};
}

struct answer {
    unsigned status = 0; // 0: the connection failed
    std::string location;
    std::string body;
};

class client {
  public:
    client(boost::asio::io_context& context, boost::asio::ip::tcp::endpoint where)
        : stream_{context}, where_{where} {}

    task<answer> send(std::string request) {
        namespace http = boost::beast::http;
        if (!stream_.is_open()) {
            auto const [refused] = co_await stream_.async_connect(where_, quietly);
            if (refused) {
                co_return closed();
            }
            stream_.set_option(boost::asio::ip::tcp::no_delay{true});
        }
        auto const [unsent, sent] =
            co_await boost::asio::async_write(stream_, boost::asio::buffer(request), quietly);
        if (unsent) {
            co_return closed();
        }
        http::response<http::string_body> response;
        auto const [unread, read] = co_await http::async_read(stream_, buffer_, response, quietly);
        if (unread) {
            co_return closed();
        }
        answer given{response.result_int(), std::string{response[http::field::location]},
                     std::move(response.body())};
        if (!response.keep_alive()) {
            closed();
        }
        co_return given;
    }

  private:
    answer closed() {
        boost::system::error_code ignored;
        stream_.close(ignored);
        buffer_.clear();
        return {};
    }

    boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor> stream_;
    boost::asio::ip::tcp::endpoint where_;
    boost::beast::flat_buffer buffer_;
};

} // namespace connectd::bench
