#include "platforms/http/resolver.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace connectd::platforms::http {
namespace {

namespace ip = boost::asio::ip;

struct free_list {
    void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};

ip::address read_address(addrinfo const& entry) {
    if (entry.ai_family == AF_INET) {
        auto const* const v4 = reinterpret_cast<sockaddr_in const*>(static_cast<void const*>(entry.ai_addr));
        return ip::address_v4(ntohl(v4->sin_addr.s_addr));
    }
    auto const* const v6 = reinterpret_cast<sockaddr_in6 const*>(static_cast<void const*>(entry.ai_addr));
    ip::address_v6::bytes_type bytes;
    std::ranges::copy(v6->sin6_addr.s6_addr, bytes.begin());
    return ip::address_v6(bytes, v6->sin6_scope_id);
}

result<addresses> lookup_by_system(std::string const& host) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* list = nullptr;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) {
        return errc::resolve_failed;
    }
    std::unique_ptr<addrinfo, free_list> const owner(list);
    addresses found;
    for (addrinfo const* entry = list; entry != nullptr; entry = entry->ai_next) {
        if (entry->ai_family == AF_INET || entry->ai_family == AF_INET6) {
            found.push_back(read_address(*entry));
        }
    }
    return found;
}

constexpr std::size_t trusted = 0;
constexpr std::size_t user_given = 1;

} // namespace

struct resolver::waiter {
    executor where;
    handler done;
    // Guarded by the resolver's mutex; once set, `where` may be gone.
    std::mutex& guard;
    bool dropped = false;
};

struct resolver::shared {
    using lookup_key = std::pair<std::size_t, std::string>; // lane, host

    resolver_options options;
    std::mutex guard;
    std::condition_variable wake;
    bool stopping = false;
    std::array<std::deque<std::string>, 2> queued;
    std::size_t user_running = 0;
    std::map<lookup_key, std::vector<std::shared_ptr<waiter>>> pending;
    std::vector<std::thread> threads;

    bool user_may_run() const noexcept { return user_running < options.threads / 2; }

    bool has_work() const noexcept {
        return !queued[trusted].empty() || (!queued[user_given].empty() && user_may_run());
    }

    void work();
    void answer(lookup_key const& key, result<addresses> const& found);
};

void resolver::shared::work() {
    std::unique_lock lock(guard);
    for (;;) {
        wake.wait(lock, [this] { return stopping || has_work(); });
        if (stopping) {
            return;
        }
        std::size_t const lane = queued[trusted].empty() ? user_given : trusted;
        lookup_key key{lane, std::move(queued[lane].front())};
        queued[lane].pop_front();
        user_running += lane;
        lock.unlock();
        result<addresses> found = options.lookup ? options.lookup(key.second) : lookup_by_system(key.second);
        if (found && found->empty()) {
            found = errc::resolve_failed;
        }
        lock.lock();
        user_running -= lane;
        answer(key, found);
        wake.notify_one();
    }
}

void resolver::shared::answer(lookup_key const& key, result<addresses> const& found) {
    auto const entry = pending.extract(key);
    for (auto const& one : entry.mapped()) {
        if (!one->dropped) {
            boost::asio::post(one->where, [one, found] {
                // Same thread as the ticket's destructor, so no lock.
                if (auto const done = std::exchange(one->done, nullptr)) {
                    done(found);
                }
            });
        }
    }
}

resolver::resolver(resolver_options options) : shared_(std::make_unique<shared>()) {
    options.threads = std::max<std::size_t>(options.threads, 2);
    shared_->options = std::move(options);
    for (std::size_t i = 0; i < shared_->options.threads; ++i) {
        shared_->threads.emplace_back([this] { shared_->work(); });
    }
}

resolver::~resolver() {
    {
        std::lock_guard const lock(shared_->guard);
        shared_->stopping = true;
    }
    shared_->wake.notify_all();
    for (auto& thread : shared_->threads) {
        thread.join();
    }
}

resolver::ticket resolver::start(std::string const& host, bool by_user, executor where, handler done) {
    auto one = std::make_shared<waiter>(waiter{where, std::move(done), shared_->guard});
    std::size_t const lane = by_user ? user_given : trusted;
    {
        std::lock_guard const lock(shared_->guard);
        auto const known = shared_->pending.find({lane, host});
        if (known != shared_->pending.end()) {
            known->second.push_back(one);
            return ticket(std::move(one));
        }
        if (shared_->queued[lane].size() < shared_->options.max_queued) {
            shared_->queued[lane].push_back(host);
            shared_->pending[{lane, host}].push_back(one);
            shared_->wake.notify_one();
            return ticket(std::move(one));
        }
    }
    boost::asio::post(where, [one] {
        if (auto const refused = std::exchange(one->done, nullptr)) {
            refused(errc::resolve_failed);
        }
    });
    return ticket(std::move(one));
}

resolver::ticket::~ticket() {
    if (waiter_) {
        std::lock_guard const lock(waiter_->guard);
        waiter_->dropped = true;
        waiter_->done = nullptr;
    }
}

} // namespace connectd::platforms::http
