#include "server/services/connect_claims.hpp"

namespace connectd::server::services {

connect_claims::claim::~claim() {
    if (owner_ != nullptr) {
        std::lock_guard const lock{owner_->mutex_};
        owner_->held_.erase(session_);
    }
}

std::optional<connect_claims::claim> connect_claims::take(crypto::session_id session) {
    std::lock_guard const lock{mutex_};
    if (!held_.insert(session).second) {
        return std::nullopt;
    }
    return claim{*this, session};
}

} // namespace connectd::server::services
