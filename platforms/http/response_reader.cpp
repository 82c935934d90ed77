#include "platforms/http/response_reader.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace connectd::platforms::http {
namespace {

namespace beast = boost::beast;

using beast::error_code;
using view = beast::string_view;

// More 1xx answers before the real one than any server has reason to send.
constexpr unsigned max_interim = 16;
// What a Content-Length makes us set aside before the bytes are there.
constexpr std::size_t max_reserve = 64 * 1024;
// Per field, for what it costs to keep beyond its bytes: a header of nothing but tiny fields.
constexpr std::size_t field_overhead = 8;

std::string_view to_std(view text) noexcept {
    return {text.data(), text.size()};
}

// "timeout=5, max=100" (RFC 2068 section 19.7.1.1, still what servers send).
std::optional<std::chrono::seconds> parse_keep_alive(std::string_view value) noexcept {
    constexpr std::string_view key = "timeout=";
    auto const at = std::ranges::search(value, key, [](char a, char b) { return (a | 0x20) == b || a == b; });
    unsigned seconds = 0;
    char const* const end = value.data() + value.size();
    if (at.empty() || std::from_chars(&*at.end(), end, seconds).ec != std::errc{}) {
        return std::nullopt;
    }
    return std::chrono::seconds(seconds);
}

} // namespace

// Writes straight into the response: a Beast message would hold a second copy of every field.
class response_reader::parser final : public beast::http::basic_parser<false> {
  public:
    parser(response& into, bool head_request, response_limits limits) : into_(into), limit_(limits.header) {
        eager(true);
        skip(head_request);
        header_limit(limits.header);
        body_limit(limits.body);
    }

    std::optional<std::chrono::seconds> keep_alive_timeout() const noexcept { return keep_alive_timeout_; }

  private:
    void on_request_impl(beast::http::verb, view, view, int, error_code&) override {}

    void on_response_impl(int code, view reason, int, error_code& error) override {
        into_.status = static_cast<unsigned>(code);
        used_ = reason.size();
        if (code < 100 || code > 599) {
            error = beast::http::error::bad_status;
        }
    }

    void on_field_impl(beast::http::field name, view text, view value, error_code& error) override {
        // Beast's own limit starts anew with every packet; this one counts the whole header and the trailer.
        used_ += text.size() + value.size() + field_overhead;
        if (used_ > limit_) {
            error = beast::http::error::header_limit;
            return;
        }
        if (in_body_) {
            return;
        }
        if (name == beast::http::field::keep_alive) {
            keep_alive_timeout_ = parse_keep_alive(to_std(value));
        }
        into_.headers.emplace_back(to_std(text), to_std(value));
    }

    void on_header_impl(error_code&) override { in_body_ = true; }

    void on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code&) override {
        if (length) {
            into_.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, max_reserve)));
        }
    }

    std::size_t on_body_impl(view bytes, error_code&) override {
        into_.body.append(bytes.data(), bytes.size());
        return bytes.size();
    }

    void on_chunk_header_impl(std::uint64_t, view, error_code&) override {}

    std::size_t on_chunk_body_impl(std::uint64_t, view bytes, error_code&) override {
        into_.body.append(bytes.data(), bytes.size());
        return bytes.size();
    }

    void on_finish_impl(error_code&) override {}

    response& into_;
    std::size_t limit_;
    std::size_t used_ = 0;
    bool in_body_ = false;
    std::optional<std::chrono::seconds> keep_alive_timeout_;
};

struct response_reader::state {
    response answer;
    response_limits limits;
    bool head_request = false;
    unsigned interim = 0;
    std::size_t body_taken = 0; // of answer.body
    bool failed = false;
    std::optional<parser> current;

    void restart() {
        answer = {};
        body_taken = 0;
        failed = false;
        current.emplace(answer, head_request, limits);
    }
};

response_reader::response_reader() : state_(std::make_unique<state>()) {}
response_reader::~response_reader() = default;

void response_reader::start(bool head_request, response_limits limits) {
    state_->head_request = head_request;
    state_->limits = limits;
    state_->interim = 0;
    state_->restart();
}

result<std::size_t> response_reader::feed(std::string_view bytes) {
    std::size_t consumed = 0;
    while (consumed < bytes.size() && !done()) {
        error_code error;
        auto const rest = bytes.substr(consumed);
        std::size_t const used = state_->current->put({rest.data(), rest.size()}, error);
        consumed += used;
        if (error == beast::http::error::need_more) {
            break;
        }
        if (error == beast::http::error::header_limit || error == beast::http::error::body_limit) {
            state_->failed = true;
            return errc::response_too_large;
        }
        bool const interim = state_->current->is_done() && state_->answer.status < 200;
        if (error || (interim && (state_->answer.status == 101 || ++state_->interim > max_interim))) {
            state_->failed = true;
            return errc::malformed_response;
        }
        if (interim) {
            state_->restart();
        }
    }
    return consumed;
}

result<void> response_reader::end_of_stream() {
    if (!state_->current->is_header_done()) {
        return errc::connection_lost;
    }
    error_code error;
    state_->current->put_eof(error);
    if (error) {
        return errc::connection_lost;
    }
    return {};
}

bool response_reader::done() const noexcept {
    return !state_->failed && state_->current->is_done();
}

bool response_reader::keeps_connection() const noexcept {
    return state_->current->keep_alive();
}

std::optional<std::chrono::seconds> response_reader::keep_alive_timeout() const noexcept {
    return state_->current->keep_alive_timeout();
}

response response_reader::take() noexcept {
    return std::exchange(state_->answer, {});
}

bool response_reader::has_header() const noexcept {
    return !state_->failed && state_->current->is_header_done() && state_->answer.status >= 200;
}

response response_reader::take_header() noexcept {
    return {.status = state_->answer.status, .headers = std::exchange(state_->answer.headers, {})};
}

std::optional<std::uint64_t> response_reader::length() const {
    auto const announced = state_->current->content_length();
    return announced ? std::optional<std::uint64_t>(*announced) : std::nullopt;
}

std::size_t response_reader::take_body(std::span<char> into) noexcept {
    auto& body = state_->answer.body;
    std::size_t const size = std::min(into.size(), body.size() - state_->body_taken);
    std::copy_n(body.data() + state_->body_taken, size, into.data());
    state_->body_taken += size;
    if (state_->body_taken == body.size()) {
        state_->body_taken = 0;
        body.clear();
    }
    return size;
}

bool response_reader::holds_body() const noexcept {
    return !state_->answer.body.empty();
}

} // namespace connectd::platforms::http
