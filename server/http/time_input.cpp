#include "server/http/time_input.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>

namespace connectd::server::http {
namespace {

// As many as nanoseconds have.
constexpr std::size_t most_digits = 9;

class scanner {
  public:
    explicit scanner(std::string_view text) : rest_{text} {}

    int number(std::size_t digits) {
        int value = 0;
        auto const part = rest_.substr(0, digits);
        auto const [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        good_ = good_ && part.size() == digits && error == std::errc{} && end == part.data() + digits &&
                value >= 0;
        rest_.remove_prefix(part.size());
        return value;
    }

    void expect(char wanted) { good_ = take(wanted) && good_; }

    // Milliseconds of ".5", ".50" or ".500"; of more digits the first three.
    int fraction() {
        constexpr std::size_t milli = 3;
        auto const digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
        good_ = good_ && digits > 0 && digits <= most_digits;
        int value = number(std::min(digits, milli));
        for (auto count = digits; count < milli; ++count) {
            value *= 10;
        }
        rest_.remove_prefix(digits - std::min(digits, milli));
        return value;
    }

    // How far ahead of UTC the time was written: "Z", "+02:00" or "-07:30".
    std::chrono::minutes offset() {
        if (take('Z')) {
            return std::chrono::minutes{0};
        }
        bool const behind = take('-');
        good_ = (behind || take('+')) && good_;
        auto const hours = number(2);
        expect(':');
        auto const minutes = number(2);
        good_ = good_ && hours < 24 && minutes < 60;
        auto const ahead = std::chrono::hours{hours} + std::chrono::minutes{minutes};
        return behind ? -ahead : ahead;
    }

    bool take(char wanted) {
        bool const there = !rest_.empty() && rest_.front() == wanted;
        rest_.remove_prefix(there ? 1 : 0);
        return there;
    }

    bool done() const { return good_ && rest_.empty(); }

  private:
    std::string_view rest_;
    bool good_ = true;
};

} // namespace

std::optional<runtime::sys_ms> read_time(std::string_view text) {
    scanner input{text};
    auto const year = input.number(4);
    input.expect('-');
    auto const month = static_cast<unsigned>(input.number(2));
    input.expect('-');
    auto const day = static_cast<unsigned>(input.number(2));
    input.expect('T');
    auto const hour = input.number(2);
    input.expect(':');
    auto const minute = input.number(2);
    input.expect(':');
    auto const second = input.number(2);
    auto const fraction = input.take('.') ? input.fraction() : 0;
    auto const ahead = input.offset();
    std::chrono::year_month_day const date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{day}};
    if (!input.done() || !date.ok() || hour > 23 || minute > 59 || second > 59) {
        return std::nullopt;
    }
    return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second} + std::chrono::milliseconds{fraction} - ahead;
}

} // namespace connectd::server::http
