#include "server/dialects/webhooks.hpp"

#include <algorithm>
#include <utility>

namespace connectd::server::dialects {

namespace webhooks = services::webhooks;
using services::outcome;

bool is_event_word(std::span<std::string_view const> words, std::string_view asked) noexcept {
    return std::ranges::any_of(words, [asked](std::string_view word) {
        return word == asked || (word.size() > 1 && webhooks::covers(word, asked));
    });
}

// A workspace has no more of them than one page holds.
runtime::task<outcome<std::vector<webhooks::endpoint_view>>> all_endpoints(call of) {
    static_assert(webhooks::endpoints::most <= services::max_page_limit);
    auto found = co_await of.services().webhook_endpoints.list(
        of.workspace(), {.limit = services::max_page_limit, .cursor = {}});
    if (found.has_error()) {
        co_return found.error();
    }
    std::erase_if(found->items, [&](auto const& each) { return each.form != of.vendor.name; });
    co_return std::move(found->items);
}

runtime::task<outcome<webhooks::endpoint_view>> find_endpoint(call of) {
    auto found = co_await of.services().webhook_endpoints.get(of.workspace(), of.asked.path_parameter("id"));
    if (found.has_value() && found->form != of.vendor.name) {
        co_return services::errc::webhook_not_found;
    }
    co_return found;
}

runtime::task<outcome<std::optional<webhooks::delivery_view>>> last_delivery(call of,
                                                                             crypto::webhook_id endpoint) {
    auto const found = co_await of.services().webhook_deliveries.list(
        of.workspace(), endpoint.to_string(), std::nullopt, {.limit = 1, .cursor = {}});
    if (found.has_error()) {
        co_return found.error();
    }
    co_return found->items.empty() ? std::nullopt : std::optional{found->items.front()};
}

runtime::task<outcome<void>> remove_endpoint(call of) {
    auto const found = co_await find_endpoint(of);
    if (found.has_error()) {
        co_return found.error();
    }
    co_return co_await of.services().webhook_endpoints.remove(of.workspace(), found->id.to_string());
}

services::failure in_names_of(field_names theirs, services::failure why) {
    auto const named =
        std::ranges::find(theirs, std::string_view{why.field}, &field_names::value_type::first);
    if (named != theirs.end()) {
        why.field = named->second;
    }
    return why;
}

} // namespace connectd::server::dialects
