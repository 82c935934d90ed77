// Where threads hear that a workspace has new events, so that nobody has to look for them again and again.
//
// `listen` belongs to the time before the threads start; `ring` may be called from every thread afterwards.
// The bell outlives all who listen, and their contexts outlive the last ring.
#pragma once

#include "crypto/id.hpp"
#include "server/runtime/task.hpp"
#include "storage/kv.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace connectd::server::services {

class event_bell {
  public:
    using hear = std::function<void(crypto::workspace_id)>;

    // `heard` is called on `where` after every ring; not while `interested`, if given, is 0.
    void listen(runtime::executor where, hear heard, std::atomic<std::size_t> const* interested = nullptr) {
        listeners_.push_back({where, std::move(heard), interested});
    }

    void ring(crypto::workspace_id workspace) const;

  private:
    struct listener {
        runtime::executor where;
        hear heard;
        std::atomic<std::size_t> const* interested;
    };
    std::vector<listener> listeners_;
};

// A store that rings for every event that has been committed, whoever wrote it. Passes on everything else as
// it is. Holds references only.
class ringing_store final : public storage::kv {
  public:
    ringing_store(storage::kv& below, event_bell const& bell) noexcept : below_{below}, bell_{bell} {}

    storage::task<storage::result<std::optional<storage::row>>> get(storage::family where,
                                                                    std::string key) override {
        return below_.get(where, std::move(key));
    }
    storage::task<storage::result<storage::page>> scan(storage::family where,
                                                       storage::scan_range range) override {
        return below_.scan(where, std::move(range));
    }
    storage::task<storage::result<std::uint64_t>> commit(storage::write_batch batch) override;
    bool writable() const noexcept override { return below_.writable(); }
    std::string failure() const override { return below_.failure(); }
    void close() override { below_.close(); }

  private:
    storage::kv& below_;
    event_bell const& bell_;
};

} // namespace connectd::server::services
