#include "tools/sandbox/graph/paging.hpp"

#include "crypto/bytes.hpp"
#include "crypto/encoding.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace connectd::sandbox::graph {
namespace {

std::optional<std::size_t> number(std::string_view text) {
    std::size_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{value} : std::nullopt;
}

// Opaque on purpose, so that nobody counts on it: real ones begin like this, too.
constexpr std::string_view mark = "AQHR";

std::string cursor_at(std::size_t index) {
    return crypto::encode_base64url(crypto::as_bytes(std::string{mark} + std::to_string(index)));
}

std::optional<std::size_t> index_of(std::string_view cursor) {
    auto const decoded = crypto::decode_base64url(cursor);
    if (!decoded)
        return std::nullopt;
    auto const text = crypto::as_text(*decoded);
    return text.starts_with(mark) ? number(text.substr(mark.size())) : std::nullopt;
}

bool moves(std::string_view name) noexcept {
    return name == "after" || name == "before" || name == "limit" || name == "access_token";
}

std::string neighbour(std::string const& base, form const& parameters, std::string const& token,
                      window const& shown, std::string_view direction, std::size_t index) {
    auto url = base + "?access_token=" + percent_encode(token);
    for (auto const& [name, value] : parameters.fields()) {
        if (!moves(name))
            url += "&" + percent_encode(name) + "=" + percent_encode(value);
    }
    url += "&limit=" + std::to_string(shown.limit);
    return url + "&" + std::string{direction} + "=" + cursor_at(index);
}

boost::json::object paged(boost::json::array data, window const& shown, form const& parameters,
                          std::string const& base, std::string const& token) {
    boost::json::object body{{"data", std::move(data)}};
    if (shown.begin == shown.end)
        return body;
    boost::json::object paging{{"cursors", boost::json::object{{"before", cursor_at(shown.begin)},
                                                               {"after", cursor_at(shown.end - 1)}}}};
    if (!base.empty() && shown.end < shown.total)
        paging["next"] = neighbour(base, parameters, token, shown, "after", shown.end - 1);
    if (!base.empty() && shown.begin > 0)
        paging["previous"] = neighbour(base, parameters, token, shown, "before", shown.begin);
    body["paging"] = std::move(paging);
    return body;
}

} // namespace

std::variant<window, graph_error> read_window(form const& parameters, std::size_t total, page_sizes sizes) {
    window shown{0, 0, sizes.usual, total};
    if (parameters.has("limit")) {
        auto const asked = number(parameters.get("limit"));
        if (!asked || *asked == 0)
            return bad_parameter("Param limit must be a number greater than or equal to 1");
        shown.limit = std::min(*asked, sizes.most);
    }
    for (auto const* const name : {"after", "before"}) {
        if (!parameters.has(name))
            continue;
        auto const index = index_of(parameters.get(name));
        if (!index)
            return bad_parameter("Invalid cursors values");
        if (std::string_view{name} == "after") {
            shown.begin = std::min(*index + 1, total);
        } else {
            shown.end = std::min(*index, total);
            shown.begin = shown.end - std::min(shown.end, shown.limit);
            return shown;
        }
    }
    shown.end = shown.begin + std::min(shown.limit, total - shown.begin);
    return shown;
}

object_or_error list_of(form const& parameters, std::size_t total, std::string const& base,
                        std::string const& token,
                        std::function<object_or_error(std::size_t index)> const& item, page_sizes sizes) {
    auto const part = read_window(parameters, total, sizes);
    if (auto const* const error = std::get_if<graph_error>(&part))
        return *error;
    auto const& shown = std::get<window>(part);
    boost::json::array data;
    for (auto i = shown.begin; i < shown.end; ++i) {
        auto made = item(i);
        if (std::holds_alternative<graph_error>(made))
            return made;
        data.push_back(std::move(std::get<boost::json::object>(made)));
    }
    return paged(std::move(data), shown, parameters, base, token);
}

} // namespace connectd::sandbox::graph
