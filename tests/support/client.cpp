#include "tests/support/client.hpp"

#include "tools/sandbox/message.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>

#include <cerrno>
#include <charconv>

#include <sys/socket.h>
#include <sys/time.h>

namespace connectd::tests {

std::ostream& operator<<(std::ostream& out, ending how) {
    constexpr std::string_view names[] = {"complete", "closed", "reset", "silent"};
    return out << names[static_cast<std::size_t>(how)];
}

std::string answer::header(std::string_view name) const {
    for (auto const& [key, value] : headers) {
        if (sandbox::equal_ignoring_case(key, name))
            return value;
    }
    return {};
}

boost::json::value answer::json() const {
    boost::system::error_code error;
    auto value = boost::json::parse(body, error);
    return error ? boost::json::value{} : value;
}

std::string answer::text(std::string_view pointer) const {
    auto const value = json();
    boost::system::error_code error;
    auto const* const found = value.find_pointer(pointer, error);
    return found != nullptr && found->is_string() ? std::string{found->get_string()} : std::string{};
}

client::client(std::string_view url) {
    auto const origin = url.substr(url.find("://") + 3);
    auto const colon = origin.rfind(':');
    unsigned short port = 0;
    std::from_chars(origin.data() + colon + 1, origin.data() + origin.size(), port);
    endpoint_ = {boost::asio::ip::make_address(std::string{origin.substr(0, colon)}), port};
    host_ = origin;
    connect();
}

void client::connect() {
    socket_.emplace(context_);
    socket_->connect(endpoint_);
    timeval const patience{30, 0};
    ::setsockopt(socket_->native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

void client::leave() {
    socket_.reset();
}

void client::write(std::string_view text) {
    boost::system::error_code error; // a server that has reset shows itself in the reading
    boost::asio::write(*socket_, boost::asio::buffer(text), error);
}

void client::write_request(std::string_view method, std::string_view target, header_list const& headers,
                           std::string_view body) {
    std::string text;
    text.append(method).append(" ").append(target).append(" HTTP/1.1\r\n");
    bool host_given = false;
    for (auto const& [name, value] : headers) {
        text.append(name).append(": ").append(value).append("\r\n");
        host_given = host_given || sandbox::equal_ignoring_case(name, "host");
    }
    if (!host_given)
        text.append("Host: ").append(host_).append("\r\n");
    if (!body.empty() || method == "POST")
        text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    text.append("\r\n").append(body);
    write(text);
}

bool client::fill(ending& ended) {
    char block[65536];
    auto const size = ::recv(socket_->native_handle(), block, sizeof block, 0);
    if (size > 0) {
        buffer_.append(block, static_cast<std::size_t>(size));
        return true;
    }
    ended = size == 0 ? ending::closed : errno == ECONNRESET ? ending::reset : ending::silent;
    return false;
}

answer client::read() {
    answer got;
    std::size_t head_end = 0;
    while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill(got.ended))
            return got;
    }
    std::string_view head{buffer_.data(), head_end};
    std::from_chars(head.data() + 9, head.data() + 12, got.status);
    std::uint64_t length = 0;
    for (auto end = head.find("\r\n"); end != std::string_view::npos;) {
        head.remove_prefix(end + 2);
        end = head.find("\r\n");
        auto const line = head.substr(0, end);
        auto const colon = line.find(": ");
        got.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    auto const length_text = got.header("content-length");
    std::from_chars(length_text.data(), length_text.data() + length_text.size(), length);
    buffer_.erase(0, head_end + 4);
    bool open = true;
    while (open && buffer_.size() < length)
        open = fill(got.ended);
    got.body = buffer_.substr(0, static_cast<std::size_t>(length));
    buffer_.erase(0, got.body.size());
    return got;
}

std::string client::read_to_end() {
    ending ended = ending::complete;
    while (fill(ended)) {
    }
    return std::exchange(buffer_, {});
}

answer client::send(std::string_view method, std::string_view target, header_list const& headers,
                    std::string_view body) {
    if (!socket_)
        connect();
    write_request(method, target, headers, body);
    auto got = read();
    if (got.ended != ending::complete || got.header("connection") == "close") {
        leave();
        buffer_.clear();
    }
    return got;
}

answer client::post_form(std::string_view target, std::string_view body, header_list headers) {
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    return send("POST", target, headers, body);
}

answer client::post_json(std::string_view target, std::string_view body, header_list headers) {
    headers.emplace_back("Content-Type", "application/json");
    return send("POST", target, headers, body);
}

answer fetch(std::string_view url, std::string_view method, std::string_view target,
             header_list const& headers, std::string_view body) {
    client one{url};
    return one.send(method, target, headers, body);
}

} // namespace connectd::tests
