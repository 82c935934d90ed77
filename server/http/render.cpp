#include "server/http/render.hpp"

#include "server/runtime/time_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

namespace connectd::server::http {

std::string render_time(runtime::sys_ms when) {
    return runtime::time_text(when);
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

} // namespace connectd::server::http
