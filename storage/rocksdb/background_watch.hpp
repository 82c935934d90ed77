// Hears of RocksDB's background work (flushing, compacting) when it fails in a way that ends all writing.
//
// Threads: any; RocksDB calls on its own. Shared by the database, which sets who is told, and RocksDB's
// options, which keep their listeners by shared_ptr.
#pragma once

#include <functional>
#include <mutex>
#include <string>

namespace connectd::storage {

class background_watch {
  public:
    // `receiver` is called on each failure, at once for one that has happened already. It must not block.
    void tell(std::function<void(std::string)> receiver);

    void failed(std::string reason);

  private:
    std::mutex mutex_;
    std::function<void(std::string)> receiver_;
    std::string reason_;
};

} // namespace connectd::storage
