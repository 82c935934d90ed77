#include "server/api/docs.hpp"

#include "server/api/embedded_files.hpp"
#include "server/api/problem.hpp"
#include "server/http/gzip.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::server::api {
namespace {

// Swagger UI writes styles into its elements and has its pictures in data: URLs.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string_view media_type(std::string_view name) {
    if (name.ends_with(".html")) {
        return "text/html; charset=utf-8";
    }
    if (name.ends_with(".js")) {
        return "text/javascript; charset=utf-8";
    }
    return name.ends_with(".css") ? "text/css; charset=utf-8" : "text/plain; charset=utf-8";
}

embedded_file const* find(std::span<embedded_file const> files, std::string_view name) {
    auto const found = std::ranges::find(files, name, &embedded_file::name);
    return found == files.end() ? nullptr : &*found;
}

// For clients that do not take gzip: unpacked when the first of them comes, and kept.
std::string_view unpacked(embedded_file const& file) {
    static auto const contents = [] {
        std::vector<std::string> all;
        for (auto const& each : embedded_renderer()) {
            all.push_back(http::unpack_gzip(each.content));
        }
        return all;
    }();
    return contents.at(static_cast<std::size_t>(&file - embedded_renderer().data()));
}

http::response answer_packed(embedded_file const& file, http::request const& asked) {
    bool const packed = http::accepts_gzip(asked.header("Accept-Encoding").value_or(std::string_view{}));
    auto told =
        answer_file({file.name, packed ? file.content : unpacked(file)}, media_type(file.name), asked);
    if (packed) {
        told.set("Content-Encoding", "gzip");
    }
    told.set("Vary", "Accept-Encoding");
    return told;
}

http::response answer(std::string_view name, http::request const& asked) {
    auto const* page = find(embedded_page(), name);
    auto const* file = page != nullptr ? page : find(embedded_renderer(), name);
    if (file == nullptr) {
        return to_response({404, "not_found", "There is no such file.", {}}, asked.request_id);
    }
    auto told = page != nullptr ? answer_file(*page, media_type(name), asked) : answer_packed(*file, asked);
    told.set("Content-Security-Policy", policy);
    told.set("Referrer-Policy", "no-referrer");
    return told;
}

} // namespace

runtime::task<http::response> show_docs(call of) {
    co_return answer("docs.html", of.asked);
}

runtime::task<http::response> docs_file(call of) {
    co_return answer(of.asked.path_parameter("file"), of.asked);
}

} // namespace connectd::server::api
