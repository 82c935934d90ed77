// The ceiling of one callback: the tightest program that does the same I/O as connectd's callback and nothing
// else. One inbound GET, a token POST and an identity GET on kept connections, one JSON parse of each answer,
// one AES-256-GCM seal, one group-committed and synced batch of as many rows and bytes, one 302. It checks
// nothing, so it shows what the machine could do, not what a product may.
//
// usage: bench_ceiling PLATFORM_PORT FOLDER ROWS BYTES BASIC_CREDENTIALS VERIFIER
// Listens on a free port of 127.0.0.1, prints it, and runs until it is killed. Two I/O threads.
#include "bench/ceiling/sealer.hpp"
#include "bench/ceiling/upstream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/json/parse.hpp>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include <sys/socket.h>

namespace {

using namespace connectd::bench;
namespace asio = boost::asio;
namespace http = boost::beast::http;
constexpr asio::as_tuple_t<asio::use_awaitable_t<executor>> quietly{use_task};
using acceptor = asio::basic_socket_acceptor<asio::ip::tcp, executor>;

struct settings {
    asio::ip::tcp::endpoint platform;
    std::string token_head; // request line and headers of the token call up to the length of its body
    std::string verifier;
    std::string redirect_uri; // percent-encoded
    std::size_t rows = 0;
    std::size_t bytes = 0;
};

// What belongs to one I/O thread.
struct lane {
    lane(settings const& chosen, committer& store)
        : how{chosen}, writer{store}, platform{context, chosen.platform} {}
    settings const& how;
    committer& writer;
    asio::io_context context{1};
    upstream platform;
    sealer cipher;
    std::uint64_t serial = 0;
};

std::string_view parameter(std::string_view target, std::string_view name) {
    auto start = target.find(name);
    if (start == std::string_view::npos) {
        return {};
    }
    start += name.size();
    return target.substr(start, target.find('&', start) - start);
}

std::string token_request(settings const& how, std::string_view code) {
    std::string body = "grant_type=authorization_code&code=";
    body.append(code)
        .append("&redirect_uri=")
        .append(how.redirect_uri)
        .append("&code_verifier=")
        .append(how.verifier);
    return how.token_head + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string identity_request(std::string_view token) {
    std::string request =
        "GET /2/users/me?user.fields=profile_image_url HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ";
    return request.append(token).append("\r\n\r\n");
}

// As many rows and bytes as connectd's batch has: the sealed token and the identity in the first, the rest
// filled up.
rows make_rows(lane& here, std::string sealed, std::string_view identity) {
    rows made;
    sealed.append(identity);
    auto const each = here.how.bytes / here.how.rows;
    for (std::size_t row = 0; row < here.how.rows; ++row) {
        std::string key(32, '\0');
        RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), 16);
        std::memcpy(key.data() + 16, &++here.serial, sizeof here.serial);
        std::string value = row == 0 ? std::move(sealed) : std::string{};
        value.resize(row == 0 ? std::max(value.size(), each) : each, 'x');
        made.emplace_back(std::move(key), std::move(value));
    }
    return made;
}

task<std::string> callback(lane& here, std::string target) {
    auto const token = co_await here.platform.call(token_request(here.how, parameter(target, "code=")));
    boost::system::error_code failed;
    auto const answer = boost::json::parse(token, failed);
    if (failed || !answer.is_object() || !answer.as_object().contains("access_token")) {
        co_return "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";
    }
    auto const& access = answer.at("access_token").as_string();
    auto const profile = co_await here.platform.call(identity_request({access.data(), access.size()}));
    auto const identity = boost::json::parse(profile, failed);
    if (failed || !identity.is_object() || !identity.as_object().contains("data")) {
        co_return "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";
    }
    auto const& id = identity.at("data").at("id").as_string();
    auto const stored =
        co_await here.writer.commit(here.context, make_rows(here, here.cipher.seal(token), profile));
    if (!stored) {
        co_return "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    }
    std::string reply =
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/done?status=success&account_id=acc_";
    co_return reply.append(id.data(), id.size()).append("&platform=x\r\nContent-Length: 0\r\n\r\n");
}

task<void> serve(lane& here, tcp_stream stream) {
    stream.set_option(asio::ip::tcp::no_delay{true});
    boost::beast::flat_buffer buffer;
    for (;;) {
        http::request<http::empty_body> request;
        auto const [not_read, read] = co_await http::async_read(stream, buffer, request, quietly);
        if (not_read) {
            co_return;
        }
        auto const reply = co_await callback(here, std::string{request.target()});
        auto const [not_written, written] = co_await asio::async_write(stream, asio::buffer(reply), quietly);
        if (not_written) {
            co_return;
        }
    }
}

task<void> accept_on(lane& here, acceptor listening) {
    for (;;) {
        auto stream = co_await listening.async_accept(use_task);
        asio::co_spawn(here.context, serve(here, std::move(stream)), [](std::exception_ptr const& thrown) {
            if (thrown) {
                std::fputs("a connection ended with an exception\n", stderr);
            }
        });
    }
}

acceptor listen_on(lane& here, unsigned short port) {
    acceptor listening{here.context};
    listening.open(asio::ip::tcp::v4());
    listening.set_option(acceptor::reuse_address{true});
    listening.set_option(asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>{true});
    listening.bind({asio::ip::address_v4::loopback(), port});
    listening.listen(4096);
    return listening;
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (char const each : text) {
        if (each == ':' || each == '/') {
            out += each == ':' ? "%3A" : "%2F";
        } else {
            out += each;
        }
    }
    return out;
}

} // namespace

int main(int count, char** words) {
    if (count != 7) {
        std::fputs("usage: bench_ceiling PLATFORM_PORT FOLDER ROWS BYTES BASIC_CREDENTIALS VERIFIER\n",
                   stderr);
        return 2;
    }
    settings how;
    how.platform = {asio::ip::address_v4::loopback(), static_cast<unsigned short>(std::atoi(words[1]))};
    how.rows = std::strtoul(words[3], nullptr, 10);
    how.bytes = std::strtoul(words[4], nullptr, 10);
    how.token_head = "POST /2/oauth2/token HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic ";
    how.token_head.append(words[5]);
    how.token_head +=
        "\r\nContent-Type: application/x-www-form-urlencoded\r\nAccept: application/json\r\nContent-Length: ";
    how.verifier = words[6];

    committer store{words[2]};
    lane first{how, store};
    lane second{how, store};
    auto listening = listen_on(first, 0);
    auto const port = listening.local_endpoint().port();
    how.redirect_uri = percent_encoded("http://127.0.0.1:" + std::to_string(port) + "/v1/connect/callback/x");
    auto const fatal = [](std::exception_ptr const&) { std::abort(); };
    asio::co_spawn(first.context, accept_on(first, std::move(listening)), fatal);
    asio::co_spawn(second.context, accept_on(second, listen_on(second, port)), fatal);

    asio::signal_set signals{first.context, SIGINT, SIGTERM};
    signals.async_wait([&](boost::system::error_code, int) {
        second.context.stop();
        first.context.stop();
    });
    std::printf("http://127.0.0.1:%d\n", port);
    std::fflush(stdout);
    std::thread other{[&second] { second.context.run(); }};
    first.context.run();
    other.join();
    std::fflush(nullptr);
    // Coroutines that still wait for the platform are the kernel's to clean up.
    std::_Exit(0);
}
