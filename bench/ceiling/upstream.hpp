// Calls to one origin over kept connections, as few instructions as Beast allows: no deadlines, no limits, no
// retries. Belongs to one I/O thread.
#pragma once

#include "bench/ceiling/committer.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::bench {

using tcp_stream = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor>;

class upstream {
  public:
    upstream(boost::asio::io_context& context, boost::asio::ip::tcp::endpoint where)
        : context_{context}, where_{where} {}

    // The body of the answer; empty when it is not a 200.
    task<std::string> call(std::string request) {
        auto connection = take();
        if (!connection) {
            connection.emplace(tcp_stream{context_});
            co_await connection->stream.async_connect(where_, use_task);
            connection->stream.set_option(boost::asio::ip::tcp::no_delay{true});
        }
        co_await boost::asio::async_write(connection->stream, boost::asio::buffer(request), use_task);
        boost::beast::http::response<boost::beast::http::string_body> answer;
        co_await boost::beast::http::async_read(connection->stream, connection->buffer, answer, use_task);
        if (answer.keep_alive()) {
            idle_.push_back(std::move(*connection));
        }
        co_return answer.result_int() == 200 ? std::move(answer.body()) : std::string{};
    }

  private:
    struct link {
        explicit link(tcp_stream opened) : stream{std::move(opened)} {}
        tcp_stream stream;
        boost::beast::flat_buffer buffer;
    };

    std::optional<link> take() {
        if (idle_.empty()) {
            return std::nullopt;
        }
        std::optional<link> taken{std::move(idle_.back())};
        idle_.pop_back();
        return taken;
    }

    boost::asio::io_context& context_;
    boost::asio::ip::tcp::endpoint where_;
    std::vector<link> idle_;
};

} // namespace connectd::bench
