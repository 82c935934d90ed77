#include "server/services/refresh/plan.hpp"

#include "crypto/random.hpp"
#include "platforms/refresh_plan.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace connectd::server::services::refresh {

void plan(storage::account& row, platforms::descriptor const& platform, platforms::token_set const& tokens,
          runtime::sys_ms now, double chance) {
    row.access_expires_at = platforms::access_expiry(platform, tokens, now);
    row.refresh_expires_at = platforms::refresh_expiry(platform, tokens, now);
    row.next_refresh_at = platforms::first_refresh(platform, tokens, now, chance);
    if (row.next_refresh_at) {
        row.next_refresh_at = std::max<runtime::sys_ms>(*row.next_refresh_at, now + shortest_pause);
    }
    row.next_notice_at = next_notice(row, platform.refresh.model, now);
}

void plan_without_refresh(storage::account& row, runtime::sys_ms now) {
    row.next_refresh_at.reset();
    row.next_notice_at = next_notice(row, platforms::refresh_model::none, now);
}

std::optional<runtime::sys_ms> fixed_end(storage::account const& row, platforms::refresh_model model) {
    if (!row.next_refresh_at) {
        return row.access_expires_at;
    }
    return model == platforms::refresh_model::static_token ? row.refresh_expires_at : std::nullopt;
}

std::optional<runtime::sys_ms> next_notice(storage::account const& row, platforms::refresh_model model,
                                           runtime::sys_ms now) {
    auto const end = fixed_end(row, model);
    if (!end) {
        return std::nullopt;
    }
    for (auto const ahead : {first_warning, last_warning}) {
        if (*end - ahead > now) {
            return *end - ahead;
        }
    }
    return row.next_refresh_at ? std::nullopt : end;
}

double chance() {
    std::array<std::uint8_t, 2> raw{};
    crypto::random_fill(raw);
    return (raw[0] * 256 + raw[1]) / 65535.0;
}

} // namespace connectd::server::services::refresh
