// What vendors share about webhook endpoints. A vendor's routes show those that were made in its own form:
// the others' words and signatures mean nothing to its clients.
#pragma once

#include "server/dialects/dialect.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::server::dialects {

// Whether a vendor has the event; one of its words can be "clip.render.*".
bool is_event_word(std::span<std::string_view const> words, std::string_view asked) noexcept;

// Oldest first. Errors: those of the store.
runtime::task<services::outcome<std::vector<services::webhooks::endpoint_view>>> all_endpoints(call of);

// That of the path's {id}. Errors: webhook_not_found.
runtime::task<services::outcome<services::webhooks::endpoint_view>> find_endpoint(call of);

// The latest of its log; nothing where it is empty. Errors: those of the store.
runtime::task<services::outcome<std::optional<services::webhooks::delivery_view>>>
last_delivery(call of, crypto::webhook_id endpoint);

// Removes that of the path's {id}. Errors: webhook_not_found, changed_meanwhile.
runtime::task<services::outcome<void>> remove_endpoint(call of);

// The same failure of what the vendor calls by another name.
using field_names = std::span<std::pair<std::string_view, std::string_view> const>; // ours, the vendor's
services::failure in_names_of(field_names theirs, services::failure why);

} // namespace connectd::server::dialects
