#include "tools/sandbox/message.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace connectd::sandbox {
namespace {

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
    return std::ranges::equal(left, right, [](char a, char b) { return lower(a) == lower(b); });
}

std::string lower_case(std::string_view text) {
    std::string lowered{text};
    std::ranges::transform(lowered, lowered.begin(), lower);
    return lowered;
}

std::optional<std::string_view> call::header(std::string_view name) const {
    for (auto const& [key, value] : headers) {
        if (equal_ignoring_case(key, name))
            return value;
    }
    return std::nullopt;
}

bool call::has_content_type(std::string_view type) const {
    auto value = header("content-type");
    if (!value)
        return false;
    auto media = value->substr(0, value->find(';'));
    while (!media.empty() && media.back() == ' ')
        media.remove_suffix(1);
    return equal_ignoring_case(media, type);
}

std::optional<std::string_view> call::bearer() const {
    constexpr std::string_view scheme = "Bearer ";
    auto value = header("authorization");
    if (!value || value->size() <= scheme.size() ||
        !equal_ignoring_case(value->substr(0, scheme.size()), scheme))
        return std::nullopt;
    return value->substr(scheme.size());
}

call make_call(std::string_view method, std::string_view target, std::string_view body) {
    call made;
    made.method = method;
    made.target = target;
    auto const mark = target.find('?');
    made.path = target.substr(0, mark);
    made.query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
    made.body = body;
    return made;
}

reply json_reply(unsigned status, boost::json::value const& body, std::string content_type) {
    return {status, std::move(content_type), {}, boost::json::serialize(body)};
}

reply html_reply(unsigned status, std::string page) {
    return {status, "text/html; charset=utf-8", {{"Cache-Control", "no-store"}}, std::move(page)};
}

reply redirect_reply(std::string location) {
    return {302, "", {{"Location", std::move(location)}, {"Cache-Control", "no-store"}}, ""};
}

} // namespace connectd::sandbox
