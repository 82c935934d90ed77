#pragma once

// What an event of the log is made of: a level, a message and named values. Included by way of `log.hpp`.

#include <chrono>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace connectd::crypto {
class secret;
}

namespace connectd::server::runtime::log {

enum class level { debug, info, warning, error, off };

std::string_view to_string(level value) noexcept;

// A value of a field. Strings are viewed, not copied: fields live in the call that logs them.
class value {
  public:
    value(std::string_view text) noexcept : data_{text} {}
    value(std::string const& text) noexcept : data_{std::string_view{text}} {}
    value(char const* text) noexcept : data_{std::string_view{text}} {}
    value(bool flag) noexcept : data_{flag} {}
    value(std::floating_point auto number) noexcept : data_{static_cast<double>(number)} {}
    value(std::signed_integral auto number) noexcept : data_{static_cast<std::int64_t>(number)} {}
    value(std::unsigned_integral auto number) noexcept : data_{static_cast<std::uint64_t>(number)} {}
    // In seconds with fractions.
    template <class Rep, class Period>
    value(std::chrono::duration<Rep, Period> span) noexcept
        : data_{std::chrono::duration<double>(span).count()} {}
    value(crypto::secret const&) = delete;
    value(void const*) = delete;

    using data = std::variant<std::string_view, bool, double, std::int64_t, std::uint64_t>;
    data const& get() const noexcept { return data_; }

  private:
    data data_;
};

struct field {
    std::string_view key; // a literal in snake_case, not one of time, level, message
    value content;
};

using fields = std::initializer_list<field>;

} // namespace connectd::server::runtime::log
