// A customer's server that webhooks are sent to, over real sockets: it keeps what it got, and answers each
// path with the status that the test has set for it, 200 without one, or not at all. A watcher, if there is
// one, sees each as it comes, on the receiver's threads.
//
// Everything may be called from the test's thread while the receiver's own threads serve.
#pragma once

#include "tests/support/scripted_server.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::tests {

struct received_webhook {
    std::string path;
    std::string id;
    std::string timestamp;
    std::string signature;
    std::string body;
    std::string head{}; // the request up to its body

    // "" where there is none; the case counts.
    std::string header(std::string_view name) const {
        auto const line = std::string{"\r\n"} + std::string{name} + ": ";
        auto const at = head.find(line);
        if (at == std::string::npos) {
            return {};
        }
        auto const from = at + line.size();
        return head.substr(from, head.find("\r\n", from) - from);
    }
};

class webhook_receiver {
  public:
    explicit webhook_receiver(std::function<void(received_webhook const&)> watcher = {})
        : watcher_{std::move(watcher)} {}

    std::string url(std::string_view path, std::string_view host = "127.0.0.1") const {
        return server_.url(path, host);
    }

    // "410 Gone", say, with header lines that end in CRLF.
    void answer_with(std::string path, std::string status, std::string headers = {}) {
        std::scoped_lock const lock{guard_};
        statuses_[std::move(path)] = {std::move(status), std::move(headers)};
    }
    void answer_well(std::string const& path) {
        std::scoped_lock const lock{guard_};
        statuses_.erase(path);
    }
    // From now on requests to it get no answer.
    void hang(std::string path) {
        std::scoped_lock const lock{guard_};
        hanging_.insert(std::move(path));
    }

    std::vector<received_webhook> got(std::string_view path) const {
        std::scoped_lock const lock{guard_};
        std::vector<received_webhook> found;
        std::ranges::copy_if(got_, std::back_inserter(found),
                             [&](received_webhook const& each) { return each.path == path; });
        return found;
    }
    std::size_t count(std::string_view path) const { return got(path).size(); }
    // webhook-id of each, repetitions included.
    std::vector<std::string> ids(std::string_view path) const {
        std::vector<std::string> ids;
        for (auto const& each : got(path)) {
            ids.push_back(each.id);
        }
        return ids;
    }

  private:
    struct reply {
        std::string status = "200 OK";
        std::string headers = {};
    };

    static received_webhook read(std::string path, std::string const& request) {
        auto const end = request.find("\r\n\r\n") + 4;
        received_webhook one{.path = std::move(path),
                             .id = {},
                             .timestamp = {},
                             .signature = {},
                             .body = request.substr(end),
                             .head = request.substr(0, end)};
        one.id = one.header("webhook-id");
        one.timestamp = one.header("webhook-timestamp");
        one.signature = one.header("webhook-signature");
        return one;
    }

    void serve(scripted_server::peer& peer) {
        for (;;) {
            auto const request = peer.read_request();
            if (request.empty()) {
                return;
            }
            auto const from = request.find(' ') + 1;
            auto const path = request.substr(from, request.find(' ', from) - from);
            reply how;
            bool hangs = false;
            {
                std::scoped_lock const lock{guard_};
                got_.push_back(read(path, request));
                if (watcher_) {
                    watcher_(got_.back());
                }
                hangs = hanging_.contains(path);
                if (auto const found = statuses_.find(path); found != statuses_.end()) {
                    how = found->second;
                }
            }
            if (hangs) {
                peer.wait_for_stop();
                return;
            }
            if (!peer.write(answer("", how.headers, how.status))) {
                return;
            }
        }
    }

    std::function<void(received_webhook const&)> watcher_;
    mutable std::mutex guard_;
    std::map<std::string, reply> statuses_;
    std::set<std::string> hanging_;
    std::vector<received_webhook> got_;
    scripted_server server_{[this](scripted_server::peer& peer) { serve(peer); }};
};

} // namespace connectd::tests
