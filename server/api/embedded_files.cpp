#include "server/api/embedded_files.hpp"

#include <functional>
#include <string>

namespace connectd::server::api {
namespace {

// Equal for equal contents, which is all that an entity tag promises.
std::string entity_tag(std::string_view content) {
    return "\"" + std::to_string(std::hash<std::string_view>{}(content)) + "\"";
}

} // namespace

http::response answer_file(embedded_file const& file, std::string_view media_type,
                           http::request const& asked) {
    auto const tag = entity_tag(file.content);
    auto const known = asked.header("If-None-Match");
    http::response answer;
    if (known && known->find(tag) != std::string_view::npos) {
        answer.status = 304;
    } else {
        answer.body = file.content;
        answer.set("Content-Type", media_type);
    }
    answer.set("ETag", tag);
    answer.set("Cache-Control", "no-cache"); // to be kept, and asked about
    return answer;
}

} // namespace connectd::server::api
