#include "server/http/time_input.hpp"

#include <charconv>

namespace connectd::server::http {
namespace {

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

    // Milliseconds of ".5", ".50" or ".500".
    int fraction() {
        auto const digits = rest_.find('Z');
        if (digits == std::string_view::npos || digits == 0 || digits > 3) {
            good_ = false;
            return 0;
        }
        int value = number(digits);
        for (auto count = digits; count < 3; ++count) {
            value *= 10;
        }
        return value;
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
    input.expect('Z');
    std::chrono::year_month_day const date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{day}};
    if (!input.done() || !date.ok() || hour > 23 || minute > 59 || second > 59) {
        return std::nullopt;
    }
    return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second} + std::chrono::milliseconds{fraction};
}

} // namespace connectd::server::http
