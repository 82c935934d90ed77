#include "platforms/token_set.hpp"

#include <algorithm>

namespace connectd::platforms {

crypto::secret const* find_extra(token_set const& tokens, std::string_view name) noexcept {
    auto const found = std::find_if(tokens.extras.begin(), tokens.extras.end(),
                                    [&](auto const& extra) { return extra.first == name; });
    return found == tokens.extras.end() ? nullptr : &found->second;
}

void set_extra(token_set& tokens, std::string_view name, crypto::secret value) {
    std::erase_if(tokens.extras, [&](auto const& extra) { return extra.first == name; });
    tokens.extras.emplace_back(name, std::move(value));
}

void keep_extras(token_set const& from, token_set& to) {
    for (auto const& [name, value] : from.extras) {
        if (find_extra(to, name) == nullptr) {
            to.extras.emplace_back(name, value.clone());
        }
    }
}

} // namespace connectd::platforms
