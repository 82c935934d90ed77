// The types of events there are; what a filter may name. Constant, any thread.
#pragma once

#include <span>
#include <string_view>

namespace connectd::server::services {

// Sent to one webhook endpoint on request, and in nobody's log.
inline constexpr std::string_view webhook_test_event = "webhook.test";

// With `proxy.audit`, for each call; only for endpoints that name it.
inline constexpr std::string_view proxy_call_event = "proxy.called";

// All that a log can hold, in the order in which they are shown.
std::span<std::string_view const> event_types() noexcept;

bool is_event_type(std::string_view text) noexcept;

} // namespace connectd::server::services
