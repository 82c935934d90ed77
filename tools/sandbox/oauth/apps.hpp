// The apps registered at a pretend platform: what its developer console would hold. An app once registered is
// replaced as a whole.
//
// Threads: any thread may call anything.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox::oauth {

struct app {
    std::string client_id;
    std::string client_secret; // empty for public clients
    std::string name;
    bool confidential = true; // Web App or bot; otherwise Native App or Single page App
    std::vector<std::string> redirect_uris;
    // What else the console says of it, in the platform's words: "desktop", "trial", "refresh_tokens" ...
    std::vector<std::string> flags{};
    // The scopes it was granted; empty: all that the platform has.
    std::vector<std::string> scopes{};

    bool has_flag(std::string_view flag) const;
    bool has_redirect_uri(std::string_view uri) const;
};

// What a platform demands of its apps beyond what every platform does.
struct app_rules {
    std::vector<std::string_view> flags{}; // those that it knows
    // What is wrong with the app, empty when nothing is.
    std::function<std::string(app const&)> check = [](app const&) { return std::string{}; };
};

class apps {
  public:
    explicit apps(app_rules rules = {}) : rules_{std::move(rules)} {}

    // Registers the app or replaces the one of that client id. Returns what is wrong with it, empty when
    // nothing is.
    std::string put(app registered);

    // Null when there is none.
    std::shared_ptr<app const> find(std::string_view client_id) const;

    bool remove(std::string_view client_id);
    std::vector<std::shared_ptr<app const>> list() const;

  private:
    std::string problem_of(app const& candidate) const;

    app_rules const rules_;
    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<app const>, std::less<>> by_client_id_;
};

} // namespace connectd::sandbox::oauth
