// The words for the choices of descriptor.hpp: how a platform file spells them, and how answers about
// platforms do. Constants; any thread.
#pragma once

#include "platforms/descriptor.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace connectd::platforms {

template <class Enum>
using word = std::pair<std::string_view, Enum>;

inline constexpr std::array<word<connect_kind>, 2> connect_kind_words = {{
    {"oauth2", connect_kind::oauth2},
    {"app_password", connect_kind::app_password},
}};
inline constexpr std::array<word<instance_kind>, 3> instance_kind_words = {{
    {"single", instance_kind::single},
    {"host", instance_kind::host},
    {"issuer", instance_kind::issuer},
}};
inline constexpr std::array<word<client_authentication>, 4> client_authentication_words = {{
    {"basic", client_authentication::basic},
    {"body", client_authentication::body},
    {"none", client_authentication::none},
    {"omitted", client_authentication::omitted},
}};
inline constexpr std::array<word<pkce_method>, 3> pkce_method_words = {{
    {"none", pkce_method::none},
    {"S256", pkce_method::s256},
    {"S256-hex", pkce_method::s256_hex},
}};
inline constexpr std::array<word<refresh_model>, 5> refresh_model_words = {{
    {"rotating", refresh_model::rotating},
    {"static", refresh_model::static_token},
    {"extend", refresh_model::extend},
    {"relogin", refresh_model::relogin},
    {"none", refresh_model::none},
}};

// The word for a value of the list.
template <class Enum, std::size_t Size>
constexpr std::string_view word_of(std::array<word<Enum>, Size> const& words, Enum value) noexcept {
    for (auto const& [text, meaning] : words) {
        if (meaning == value) {
            return text;
        }
    }
    return {};
}

} // namespace connectd::platforms
