#pragma once

// The forms in which settings are written: durations, sizes, addresses, URLs, key sources. Pure functions,
// any thread. What cannot be read comes back with a sentence for the one who wrote it.

#include "server/config.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::server {

// A value, or why there is none.
template <class T>
class parsed {
  public:
    parsed(T value) : value_{std::move(value)} {}
    static parsed problem(std::string text) {
        parsed bad;
        bad.problem_ = std::move(text);
        return bad;
    }

    explicit operator bool() const noexcept { return value_.has_value(); }
    // Requires: there is one.
    T const& operator*() const { return *value_; }
    T const* operator->() const { return &*value_; }
    std::string const& problem() const noexcept { return problem_; }

  private:
    parsed() = default;

    std::optional<T> value_{};
    std::string problem_{};
};

// "500ms", "30s", "15m", "12h", "7d": one whole number and its unit.
parsed<std::chrono::milliseconds> parse_duration(std::string_view text);

// "512B", "16KiB", "1MiB", "2GiB".
parsed<std::size_t> parse_size(std::string_view text);

// "127.0.0.1:8080" or "[::1]:8080". Port 0 lets the system choose.
parsed<boost::asio::ip::tcp::endpoint> parse_listen_address(std::string_view text);

// "https://connect.example.com": no path, query or user; http on a loopback host only. Comes back in lower
// case and without the port that the scheme implies.
parsed<std::string> parse_public_url(std::string_view text);

// "api.example.com" or "api.example.com:8443", as browsers send it. Comes back in lower case.
parsed<std::string> parse_host(std::string_view text);

// An absolute https URL without user and fragment; http on a loopback host, or anywhere when `allow_http`.
parsed<std::string> parse_endpoint_url(std::string_view text, bool allow_http);

// An origin as browsers send it in `Origin`, with nothing behind the host and port; or "*".
parsed<std::string> parse_origin(std::string_view text);

// 1 to 512 visible characters without spaces.
parsed<std::string> parse_client_id(std::string_view text);

// "file:PATH", "env:NAME", "credential:NAME". The sentence never repeats the text, which may be a key pasted
// by mistake.
parsed<secret_source> parse_key_source(std::string_view text);

// The place of that kind and name; nothing when it can be none.
std::optional<secret_source> make_secret_source(secret_source::kind from, std::string_view name);

// A URL scheme of an app of its own: "com.example.app". The web's own and script-like schemes are refused.
parsed<std::string> parse_return_scheme(std::string_view text);

// The candidate that `word` was probably meant to be; nothing when none is near.
std::optional<std::string> nearest(std::string_view word, std::vector<std::string> const& candidates);

// `seconds{90}` -> "90s", in the largest unit that is exact; the same for sizes. What the parsers above read.
std::string duration_text(std::chrono::milliseconds span);
std::string size_text(std::size_t bytes);

} // namespace connectd::server
