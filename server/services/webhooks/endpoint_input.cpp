#include "server/services/webhooks/endpoint_input.hpp"

#include "server/services/input.hpp"
#include "server/services/webhooks/url.hpp"

#include <algorithm>
#include <utility>

namespace connectd::server::services::webhooks {
namespace {

constexpr std::size_t most_types = 100;
constexpr std::size_t longest_description = 500;

outcome<void> check_types(form const& its, std::vector<std::string> const& types) {
    if (types.size() > most_types) {
        return failure{errc::field_invalid, "At most 100 types.", "event_types"};
    }
    for (auto const& type : types) {
        if (!its.knows(type)) {
            return failure{errc::field_invalid, "There is no such type of event.", "event_types"};
        }
        if (std::ranges::count(types, type) > 1) {
            return failure{errc::field_invalid, "A type is named twice.", "event_types"};
        }
    }
    return {};
}

} // namespace

outcome<void> apply(settings const& chosen, form const& its, endpoint_wish& wanted, storage::webhook& row) {
    if (wanted.url) {
        if (auto const good = check_url(chosen, *wanted.url); good.has_error()) {
            return good.error();
        }
        row.url = std::move(*wanted.url);
    }
    if (wanted.description) {
        auto const good = check_optional_text(*wanted.description, "description", longest_description);
        if (good.has_error()) {
            return good.error();
        }
        row.description = std::move(*wanted.description);
    }
    if (wanted.types) {
        if (auto const good = check_types(its, *wanted.types); good.has_error()) {
            return good.error();
        }
        row.types = std::move(*wanted.types);
    }
    return {};
}

outcome<void> check_own_secret(crypto::secret const& given) {
    auto const text = given.reveal();
    bool const visible = std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
    if (text.size() < 8 || text.size() > 255 || !visible) {
        return failure{errc::field_invalid, "8 to 255 visible ASCII characters.", "secret"};
    }
    return {};
}

} // namespace connectd::server::services::webhooks
