#include "tests/server/http/raw_client.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace connectd::tests {

namespace {

constexpr int patience_seconds = 60;

[[noreturn]] void fail(char const* what) {
    throw std::system_error{errno, std::generic_category(), what};
}

} // namespace

raw_client::raw_client() : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    if (socket_ < 0) {
        fail("socket");
    }
    timeval const limit{.tv_sec = patience_seconds, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

raw_client::raw_client(std::uint16_t port) : raw_client{} {
    connect(port);
}

raw_client::raw_client(raw_client&& other) noexcept
    : socket_{std::exchange(other.socket_, -1)}, received_{std::move(other.received_)} {}

raw_client::~raw_client() {
    close();
}

void raw_client::connect(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        fail("connect");
    }
}

bool raw_client::send(std::string_view bytes) {
    while (!bytes.empty()) {
        auto const sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno == EPIPE || errno == ECONNRESET) {
                return false;
            }
            fail("send");
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void raw_client::finish_sending() {
    ::shutdown(socket_, SHUT_WR);
}

void raw_client::close() {
    if (socket_ >= 0) {
        ::close(std::exchange(socket_, -1));
    }
}

bool raw_client::fill() {
    std::array<char, 16384> piece{};
    auto const size = ::recv(socket_, piece.data(), piece.size(), 0);
    if (size < 0 && errno != ECONNRESET) {
        fail("recv");
    }
    if (size <= 0) {
        return false;
    }
    received_.append(piece.data(), static_cast<std::size_t>(size));
    return true;
}

std::string raw_client::read_line() {
    std::size_t end = 0;
    while ((end = received_.find("\r\n")) == std::string::npos) {
        if (!fill()) {
            throw std::runtime_error{"the server closed in the middle of a line: " + received_};
        }
    }
    auto const line = received_.substr(0, end);
    received_.erase(0, end + 2);
    return line;
}

raw_response raw_client::read(bool to_head) {
    raw_response answer;
    auto const status = read_line();
    if (!status.starts_with("HTTP/1.1 ")) {
        throw std::runtime_error{"no status line: " + status};
    }
    answer.status = static_cast<unsigned>(std::stoul(status.substr(9, 3)));
    for (auto line = read_line(); !line.empty(); line = read_line()) {
        auto const middle = line.find(": ");
        auto name = line.substr(0, middle);
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        answer.headers[name] = line.substr(middle + 2);
    }
    if (auto const length = answer.headers.find("content-length");
        !to_head && length != answer.headers.end()) {
        auto const size = std::stoul(length->second);
        while (received_.size() < size) {
            if (!fill()) {
                throw std::runtime_error{"the server closed in the middle of a body"};
            }
        }
        answer.body = received_.substr(0, size);
        received_.erase(0, size);
    }
    return answer;
}

raw_response raw_client::ask(std::string_view bytes) {
    send(bytes);
    return read();
}

std::string raw_client::read_to_end() {
    while (fill()) {
    }
    return std::exchange(received_, {});
}

bool raw_client::closed() {
    return received_.empty() && !fill();
}

bool raw_client::readable_soon() {
    pollfd wait{.fd = socket_, .events = POLLIN, .revents = 0};
    return !received_.empty() || ::poll(&wait, 1, 5) > 0;
}

std::string get(std::string_view path, std::string_view more_headers) {
    return "GET " + std::string{path} + " HTTP/1.1\r\nHost: localhost\r\n" + std::string{more_headers} +
           "\r\n";
}

std::string post(std::string_view path, std::string_view body, std::string_view more_headers) {
    return "POST " + std::string{path} +
           " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           std::string{more_headers} + "\r\n" + std::string{body};
}

} // namespace connectd::tests
