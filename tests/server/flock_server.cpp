#include "tests/server/flock_server.hpp"

#include "tests/support/flock.hpp"
#include "tests/support/scripted_server.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace connectd::tests {
namespace {

std::string bearer_of(std::string const& request) {
    constexpr std::string_view name = "Authorization: Bearer ";
    auto const at = request.find(name);
    if (at == std::string::npos) {
        return {};
    }
    auto const from = at + name.size();
    return request.substr(from, request.find("\r\n", from) - from);
}

} // namespace

flock_server::flock_server()
    : server_{std::make_unique<scripted_server>([this](scripted_server::peer& client) {
          for (auto request = client.read_request(); !request.empty(); request = client.read_request()) {
              client.write(answer_to(request));
          }
      })} {
    write_flock_platforms(files_, server_->url(""));
}

flock_server::~flock_server() = default;

void flock_server::set_pages(std::vector<std::string> ids) {
    std::lock_guard const lock{guard_};
    ids_ = std::move(ids);
    failure_.clear();
}

void flock_server::fail_pages(std::string status) {
    std::lock_guard const lock{guard_};
    failure_ = std::move(status);
}

std::size_t flock_server::requests(std::string_view target) const {
    std::lock_guard const lock{guard_};
    return static_cast<std::size_t>(std::ranges::count(targets_, target));
}

std::vector<std::string> flock_server::revoked() const {
    std::lock_guard const lock{guard_};
    return revoked_;
}

std::string flock_server::answer_to(std::string const& request) {
    std::lock_guard const lock{guard_};
    auto const from = request.find(' ') + 1;
    auto const target = request.substr(from, request.find_first_of(" ?", from) - from);
    targets_.push_back(target);
    if (target == "/token") {
        return answer(R"({"access_token":"flock-token-of-ada","expires_in":5184000})");
    }
    if (bearer_of(request).empty()) {
        return answer("{}", {}, "401 Unauthorized");
    }
    if (target == "/me") {
        return answer(R"({"id":"ada","name":"Ada Marlow"})");
    }
    if (target == "/pages") {
        return failure_.empty() ? answer(pages()) : answer("{}", {}, failure_);
    }
    if (target == "/permissions" && request.starts_with("DELETE ")) {
        revoked_.push_back(bearer_of(request));
        return answer(R"({"success":true})");
    }
    return answer("{}", {}, "404 Not Found");
}

std::string flock_server::pages() const {
    boost::json::array list;
    for (auto const& id : ids_) {
        list.push_back({{"id", id},
                        {"username", "page" + id},
                        {"name", "Page " + id},
                        {"picture", "https://pictures.example/" + id + ".png"},
                        {"token", token_of_page(id)}});
    }
    return boost::json::serialize(boost::json::object{{"data", std::move(list)}});
}

} // namespace connectd::tests
