#pragma once

// Strict decoding of what comes in a URL or a form: percent escapes, paths, queries. Malformed input is
// refused, never guessed at, so that two readers of one request cannot see two things. Pure functions, any
// thread.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::server::http {

// Decoded name/value pairs in the order they came, repeated names kept.
class parameters {
  public:
    using value_type = std::pair<std::string, std::string>;

    // The first value of that name. Valid until the parameters change.
    std::optional<std::string_view> find(std::string_view name) const noexcept;
    std::vector<std::string_view> all(std::string_view name) const;
    bool contains(std::string_view name) const noexcept { return find(name).has_value(); }
    // Whether the name comes more than once, which most users of a single value want to refuse.
    bool repeated(std::string_view name) const noexcept;

    void add(std::string name, std::string value) { items_.emplace_back(std::move(name), std::move(value)); }
    std::size_t size() const noexcept { return items_.size(); }
    bool empty() const noexcept { return items_.empty(); }
    auto begin() const noexcept { return items_.begin(); }
    auto end() const noexcept { return items_.end(); }

  private:
    std::vector<value_type> items_;
};

// Decodes %XX. Nothing for an incomplete or non-hex escape, a control character, or text that is not UTF-8.
std::optional<std::string> percent_decode(std::string_view text);

// Decodes `a=b&c=d` as in a query or an application/x-www-form-urlencoded body: '+' is a space. Empty pieces
// (`a=1&&b=2`) are skipped, a piece without '=' has an empty value. Nothing where percent_decode gives
// nothing (line breaks and tabs are allowed here), for an empty name, or for more than `limit` pairs.
std::optional<parameters> parse_parameters(std::string_view text, std::size_t limit = 1000);

// The other way round, for links: everything but unreserved characters is escaped.
std::string percent_encode(std::string_view text);

// Whether the text is well-formed UTF-8 (no overlong forms, no surrogates).
bool valid_utf8(std::string_view text) noexcept;

} // namespace connectd::server::http
