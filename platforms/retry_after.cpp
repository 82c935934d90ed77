#include "platforms/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace connectd::platforms {
namespace {

constexpr std::chrono::seconds longest_wait = std::chrono::hours{24};

// Reads tokens off the front of an HTTP date. Every function returns nothing once something did not fit.
class date_scanner {
  public:
    explicit date_scanner(std::string_view text) : rest_(text) {}

    bool skip(std::string_view expected) {
        if (!rest_.starts_with(expected)) {
            return false;
        }
        rest_.remove_prefix(expected.size());
        return true;
    }

    void skip_weekday() {
        auto const end =
            std::find_if(rest_.begin(), rest_.end(), [](char c) { return c == ',' || c == ' '; });
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.begin()));
    }

    std::optional<int> number(std::size_t digits) {
        if (rest_.size() < digits) {
            return std::nullopt;
        }
        int value = 0;
        auto const* end = rest_.data() + digits;
        auto const [stopped, error] = std::from_chars(rest_.data(), end, value);
        if (error != std::errc{} || stopped != end || value < 0) {
            return std::nullopt;
        }
        rest_.remove_prefix(digits);
        return value;
    }

    std::optional<unsigned> month() {
        constexpr std::array<std::string_view, 12> names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        for (unsigned index = 0; index < names.size(); ++index) {
            if (skip(names[index])) {
                return index + 1;
            }
        }
        return std::nullopt;
    }

    std::optional<std::chrono::seconds> time_of_day() {
        auto const hour = number(2);
        if (!hour || !skip(":")) {
            return std::nullopt;
        }
        auto const minute = number(2);
        if (!minute || !skip(":")) {
            return std::nullopt;
        }
        auto const second = number(2);
        if (!second || *hour > 23 || *minute > 59 || *second > 60) {
            return std::nullopt;
        }
        return std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second};
    }

    bool done() const { return rest_.empty(); }

  private:
    std::string_view rest_;
};

std::optional<std::chrono::sys_seconds> to_time(int year, unsigned month, int day,
                                                std::chrono::seconds time) {
    auto const date =
        std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{static_cast<unsigned>(day)};
    if (!date.ok()) {
        return std::nullopt;
    }
    return std::chrono::sys_seconds{std::chrono::sys_days{date}} + time;
}

// Sun, 06 Nov 1994 08:49:37 GMT; or the obsolete Sunday, 06-Nov-94 08:49:37 GMT
std::optional<std::chrono::sys_seconds> parse_with_comma(date_scanner scanner) {
    auto const day = scanner.number(2);
    bool const dashes = scanner.skip("-");
    if (!day || (!dashes && !scanner.skip(" "))) {
        return std::nullopt;
    }
    auto const month = scanner.month();
    if (!month || !scanner.skip(dashes ? "-" : " ")) {
        return std::nullopt;
    }
    auto year = scanner.number(dashes ? 2 : 4);
    if (!year || !scanner.skip(" ")) {
        return std::nullopt;
    }
    if (dashes) {
        *year += *year < 70 ? 2000 : 1900;
    }
    auto const time = scanner.time_of_day();
    if (!time || !scanner.skip(" GMT") || !scanner.done()) {
        return std::nullopt;
    }
    return to_time(*year, *month, *day, *time);
}

// Sun Nov  6 08:49:37 1994
std::optional<std::chrono::sys_seconds> parse_asctime(date_scanner scanner) {
    auto const month = scanner.month();
    if (!month || !scanner.skip(" ")) {
        return std::nullopt;
    }
    auto const day = scanner.skip(" ") ? scanner.number(1) : scanner.number(2);
    if (!day || !scanner.skip(" ")) {
        return std::nullopt;
    }
    auto const time = scanner.time_of_day();
    if (!time || !scanner.skip(" ")) {
        return std::nullopt;
    }
    auto const year = scanner.number(4);
    if (!year || !scanner.done()) {
        return std::nullopt;
    }
    return to_time(*year, *month, *day, *time);
}

} // namespace

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
    date_scanner scanner(text);
    scanner.skip_weekday();
    if (scanner.skip(", ")) {
        return parse_with_comma(scanner);
    }
    if (scanner.skip(" ")) {
        return parse_asctime(scanner);
    }
    return std::nullopt;
}

std::optional<std::chrono::seconds> retry_after(http::response const& answer) {
    auto const text = answer.header("retry-after");
    if (text.empty()) {
        return std::nullopt;
    }
    if (std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
        std::int64_t seconds = 0;
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
        if (error != std::errc{}) {
            return longest_wait; // more digits than fit: a very long time
        }
        return std::min(std::chrono::seconds{seconds}, longest_wait);
    }
    auto const until = parse_http_date(text);
    auto const now = parse_http_date(answer.header("date"));
    if (!until || !now) {
        return std::nullopt;
    }
    return std::clamp(*until - *now, std::chrono::seconds{0}, longest_wait);
}

} // namespace connectd::platforms
