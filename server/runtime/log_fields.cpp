#include "server/runtime/log_fields.hpp"

namespace connectd::server::runtime::log {

std::string_view to_string(level value) noexcept {
    switch (value) {
    case level::debug:
        return "debug";
    case level::info:
        return "info";
    case level::warning:
        return "warning";
    case level::error:
        return "error";
    case level::off:
        return "off";
    }
    return "unknown";
}

} // namespace connectd::server::runtime::log
