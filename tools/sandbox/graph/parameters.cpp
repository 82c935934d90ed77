#include "tools/sandbox/graph/parameters.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace connectd::sandbox::graph {
namespace {

std::optional<form> read_json(std::string_view body) {
    boost::system::error_code error;
    auto const parsed = boost::json::parse(body, error);
    if (error || !parsed.is_object())
        return std::nullopt;
    form read;
    for (auto const& [name, value] : parsed.get_object())
        read.add(std::string{name},
                 value.is_string() ? std::string{value.get_string()} : boost::json::serialize(value));
    return read;
}

// The value of a parameter of a header, as in boundary=... or name="...".
std::string_view attribute(std::string_view header, std::string_view name) {
    auto const begin = header.find(std::string{name} + "=");
    if (begin == std::string_view::npos)
        return {};
    auto value = header.substr(begin + name.size() + 1);
    if (value.starts_with('"'))
        return value.substr(1, value.find('"', 1) - 1);
    return value.substr(0, value.find_first_of("; \r\n"));
}

// RFC 7578, fields only: a part that is a file is read like any other.
std::optional<form> read_multipart(std::string_view body, std::string_view content_type) {
    auto const boundary = attribute(content_type, "boundary");
    if (boundary.empty())
        return std::nullopt;
    auto const delimiter = "--" + std::string{boundary};
    form read;
    while (true) {
        if (!body.starts_with(delimiter))
            return std::nullopt;
        body.remove_prefix(delimiter.size());
        if (body.starts_with("--"))
            return read;
        auto const head_end = body.find("\r\n\r\n");
        auto const end = body.find("\r\n" + delimiter);
        if (head_end == std::string_view::npos || end == std::string_view::npos || end < head_end + 2)
            return std::nullopt;
        auto const name = attribute(body.substr(0, head_end), " name");
        auto const content = std::min(head_end + 4, end);
        if (name.empty())
            return std::nullopt;
        read.add(std::string{name}, std::string{body.substr(content, end - content)});
        body.remove_prefix(end + 2);
    }
}

std::optional<form> read_body(call const& request, sources taken) {
    if (request.body.empty())
        return form{};
    if (request.has_content_type("application/x-www-form-urlencoded"))
        return form::parse(request.body);
    if (request.has_content_type("multipart/form-data"))
        return read_multipart(request.body, request.header("content-type").value_or(""));
    if (taken.json && request.has_content_type("application/json"))
        return read_json(request.body);
    return form{};
}

} // namespace

std::optional<form> read_parameters(call const& request, sources taken) {
    auto all = read_body(request, taken);
    if (!all || !taken.query)
        return all;
    auto const query = form::parse(request.query);
    if (!query)
        return std::nullopt;
    for (auto const& [name, value] : query->fields())
        all->add(name, value);
    return all;
}

} // namespace connectd::sandbox::graph
