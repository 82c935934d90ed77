#include "tools/sandbox/time_text.hpp"

#include <array>
#include <cstdio>

namespace connectd::sandbox {
namespace {

// Reads a text from left to right; the first thing that does not fit spoils the whole.
class time_reader {
  public:
    explicit time_reader(std::string_view text) : rest_{text} {}

    bool good() const { return good_; }
    bool at_end() const { return rest_.empty(); }
    bool next_is(char c) const { return !rest_.empty() && rest_.front() == c; }
    bool next_is_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }

    int number(int digits, int least, int most) {
        int value = 0;
        for (int i = 0; i < digits; ++i) {
            if (!next_is_digit()) {
                good_ = false;
                return least;
            }
            value = value * 10 + (rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        good_ = good_ && value >= least && value <= most;
        return value;
    }

    char one_of(std::string_view allowed) {
        if (rest_.empty() || allowed.find(rest_.front()) == std::string_view::npos) {
            good_ = false;
            return '\0';
        }
        char const c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

  private:
    std::string_view rest_;
    bool good_ = true;
};

std::chrono::milliseconds read_fraction(time_reader& reader) {
    int milliseconds = 0;
    int scale = 100;
    reader.one_of(".");
    do {
        milliseconds += reader.number(1, 0, 9) * scale;
        scale /= 10;
    } while (reader.good() && reader.next_is_digit());
    return std::chrono::milliseconds{milliseconds};
}

std::chrono::minutes read_zone(time_reader& reader) {
    char const sign = reader.one_of("Z+-");
    if (sign == 'Z' || !reader.good())
        return std::chrono::minutes{0};
    auto const hours = reader.number(2, 0, 23);
    reader.one_of(":");
    auto const minutes = reader.number(2, 0, 59);
    auto const offset = std::chrono::hours{hours} + std::chrono::minutes{minutes};
    return sign == '+' ? offset : -offset;
}

} // namespace

std::string format_time(sys_ms time) {
    auto const day = std::chrono::floor<std::chrono::days>(time);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const clock{time - day};
    std::array<char, 40> text{};
    auto const size = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return {text.data(), static_cast<std::size_t>(size)};
}

std::optional<sys_ms> parse_time(std::string_view text) {
    using namespace std::chrono;
    time_reader reader{text};
    auto const y = reader.number(4, 0, 9999);
    reader.one_of("-");
    auto const m = reader.number(2, 1, 12);
    reader.one_of("-");
    auto const d = reader.number(2, 1, 31);
    reader.one_of("T");
    auto const h = reader.number(2, 0, 23);
    reader.one_of(":");
    auto const min = reader.number(2, 0, 59);
    reader.one_of(":");
    auto const s = reader.number(2, 0, 59);
    auto const fraction = reader.next_is('.') ? read_fraction(reader) : milliseconds{0};
    auto const zone = read_zone(reader);
    year_month_day const date{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
    if (!reader.good() || !reader.at_end() || !date.ok())
        return std::nullopt;
    return sys_ms{sys_days{date} + hours{h} + minutes{min} + seconds{s} + fraction - zone};
}

std::int64_t unix_seconds(sys_ms time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

} // namespace connectd::sandbox
