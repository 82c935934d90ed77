#include "server/api/etag.hpp"

#include <charconv>
#include <string>
#include <utility>

namespace connectd::server::api {

http::response with_etag(http::response answer, std::uint64_t version) {
    answer.set("ETag", '"' + std::to_string(version) + '"');
    return answer;
}

services::outcome<services::seen_version> read_if_match(http::request const& asked) {
    auto const value = asked.header("If-Match");
    if (!value || *value == "*") {
        return services::seen_version{};
    }
    auto text = *value;
    bool const quoted = text.size() > 2 && text.front() == '"' && text.back() == '"';
    if (quoted) {
        text.remove_prefix(1);
        text.remove_suffix(1);
    }
    std::uint64_t version = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (!quoted || error != std::errc{} || end != text.data() + text.size()) {
        return services::failure{services::errc::precondition_failed,
                                 "If-Match takes one ETag as an earlier answer gave it, or *."};
    }
    return services::seen_version{version};
}

} // namespace connectd::server::api
