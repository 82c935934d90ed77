#include "tools/sandbox/oauth/scopes.hpp"

#include <algorithm>

namespace connectd::sandbox::oauth {

std::optional<std::size_t> scope_catalog::find(std::string_view name) const {
    auto const found = std::ranges::find(texts_, name, &scope_text::name);
    if (found == texts_.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - texts_.begin());
}

scope_reading scope_catalog::read(std::string_view text, char separator) const {
    scope_reading reading;
    while (true) {
        auto const end = text.find(separator);
        auto const name = text.substr(0, end);
        if (auto const row = find(name))
            reading.scopes = reading.scopes.with(*row);
        else if (!reading.unknown)
            reading.unknown = std::string{name};
        if (end == std::string_view::npos)
            return reading;
        text.remove_prefix(end + 1);
    }
}

std::string scope_catalog::to_text(scope_set set, std::string_view separator) const {
    std::string text;
    for (std::size_t row = 0; row < texts_.size(); ++row) {
        if (!set.has(row))
            continue;
        if (!text.empty())
            text += separator;
        text += texts_[row].name;
    }
    return text;
}

std::vector<scope_text> scope_catalog::rows_of(scope_set set) const {
    std::vector<scope_text> rows;
    for (std::size_t row = 0; row < texts_.size(); ++row) {
        if (set.has(row))
            rows.push_back(texts_[row]);
    }
    return rows;
}

} // namespace connectd::sandbox::oauth
