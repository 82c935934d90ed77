#include "storage/rocksdb/background_watch.hpp"

#include <utility>

namespace connectd::storage {

void background_watch::tell(std::function<void(std::string)> receiver) {
    std::scoped_lock const lock(mutex_);
    if (!reason_.empty())
        receiver(reason_);
    receiver_ = std::move(receiver);
}

void background_watch::failed(std::string reason) {
    std::scoped_lock const lock(mutex_);
    reason_ = std::move(reason);
    if (receiver_)
        receiver_(reason_);
}

} // namespace connectd::storage
