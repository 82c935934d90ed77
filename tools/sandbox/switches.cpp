#include "tools/sandbox/switches.hpp"

#include <algorithm>

namespace connectd::sandbox {

void switches::set(std::vector<std::string> on) {
    std::lock_guard const lock{mutex_};
    on_ = std::move(on);
}

bool switches::on(std::string_view name) const {
    std::lock_guard const lock{mutex_};
    return std::ranges::find(on_, name) != on_.end();
}

std::vector<std::string> switches::list() const {
    std::lock_guard const lock{mutex_};
    return on_;
}

} // namespace connectd::sandbox
