#include "server/http/serializer.hpp"

#include <array>
#include <charconv>
#include <chrono>

namespace connectd::server::http {

namespace {

// Room for the status line and the headers added here.
constexpr std::size_t usual_overhead = 256;

bool is_framing(std::string_view name) noexcept {
    switch (name.size()) {
    case 4:
        return equal_ignoring_case(name, "Date");
    case 10:
        return equal_ignoring_case(name, "Connection");
    case 12:
        return equal_ignoring_case(name, "X-Request-Id");
    case 14:
        return equal_ignoring_case(name, "Content-Length");
    case 17:
        return equal_ignoring_case(name, "Transfer-Encoding");
    default:
        return false;
    }
}

void append_number(std::string& to, std::size_t number) {
    std::array<char, 20> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    to.append(digits.data(), end);
}

void append_field(std::string& to, std::string_view name, std::string_view value) {
    to.append(name).append(": ").append(value).append("\r\n");
}

void append_two_digits(std::string& to, unsigned number) {
    to.push_back(static_cast<char>('0' + number / 10 % 10));
    to.push_back(static_cast<char>('0' + number % 10));
}

} // namespace

std::string_view date_cache::at(runtime::sys_ms now) {
    auto const seconds = std::chrono::floor<std::chrono::seconds>(now);
    if (seconds.time_since_epoch().count() == second_) {
        return text_;
    }
    second_ = seconds.time_since_epoch().count();
    static constexpr std::string_view days = "SunMonTueWedThuFriSat";
    static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    auto const day = std::chrono::floor<std::chrono::days>(seconds);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const time{seconds - day};
    text_ = days.substr(std::chrono::weekday{day}.c_encoding() * 3, 3);
    text_ += ", ";
    append_two_digits(text_, static_cast<unsigned>(date.day()));
    text_.append(" ").append(months.substr((static_cast<unsigned>(date.month()) - 1) * 3, 3)).append(" ");
    append_number(text_, static_cast<std::size_t>(static_cast<int>(date.year())));
    text_ += " ";
    append_two_digits(text_, static_cast<unsigned>(time.hours().count()));
    text_ += ":";
    append_two_digits(text_, static_cast<unsigned>(time.minutes().count()));
    text_ += ":";
    append_two_digits(text_, static_cast<unsigned>(time.seconds().count()));
    text_ += " GMT";
    return text_;
}

bool has_body(unsigned status) noexcept {
    return status >= 200 && status != 204 && status != 304;
}

std::string serialize(response const& answer, framing const& frame) {
    std::string out;
    std::size_t size = usual_overhead + (frame.head ? 0 : answer.body.size());
    for (auto const field : answer.headers) {
        size += field.name.size() + field.value.size() + 4;
    }
    out.reserve(size);
    out += "HTTP/1.1 ";
    append_number(out, answer.status);
    out.append(" ").append(reason_phrase(answer.status)).append("\r\n");
    for (auto const field : answer.headers) {
        if (!is_framing(field.name)) {
            append_field(out, field.name, field.value);
        }
    }
    append_field(out, "Date", frame.date);
    if (!frame.request_id.empty()) {
        append_field(out, "X-Request-Id", frame.request_id);
    }
    if (frame.close) {
        append_field(out, "Connection", "close");
    } else if (frame.keep_alive) {
        append_field(out, "Connection", "keep-alive");
    }
    auto const length = answer.stream ? answer.stream->length : answer.body.size();
    if (frame.chunked) {
        append_field(out, "Transfer-Encoding", "chunked");
    } else if (length && has_body(answer.status)) {
        out += "Content-Length: ";
        append_number(out, *length);
        out += "\r\n";
    }
    out += "\r\n";
    if (has_body(answer.status) && !frame.head && !answer.stream) {
        out += answer.body;
    }
    return out;
}

} // namespace connectd::server::http
