#include "server/api/render.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <array>
#include <cstdio>

namespace connectd::server::api {

std::string render_time(runtime::sys_ms when) {
    auto const day = std::chrono::floor<std::chrono::days>(when);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const time{when - day};
    std::array<char, 40> text{};
    auto const size = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
    return {text.data(), static_cast<std::size_t>(size)};
}

boost::json::value render_time(std::optional<runtime::sys_ms> const& when) {
    return when ? boost::json::value(render_time(*when)) : boost::json::value(nullptr);
}

boost::json::value render_text(std::string_view text) {
    return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}

boost::json::value render_seconds(std::optional<std::chrono::seconds> const& span) {
    return span ? boost::json::value(span->count()) : boost::json::value(nullptr);
}

boost::json::array render_list(std::vector<std::string> const& items) {
    boost::json::array list;
    for (auto const& item : items) {
        list.emplace_back(item);
    }
    return list;
}

boost::json::value render_metadata(std::string_view text) {
    boost::json::error_code error;
    auto value = text.empty() ? boost::json::value(boost::json::object{}) : boost::json::parse(text, error);
    return error ? boost::json::value(boost::json::object{}) : value;
}

std::string escape_html(std::string_view text) {
    std::string escaped;
    escaped.reserve(text.size() + text.size() / 8);
    for (char const c : text) {
        switch (c) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        case '\'':
            escaped += "&#39;";
            break;
        default:
            escaped += c;
        }
    }
    return escaped;
}

} // namespace connectd::server::api
