// The apps registered at the pretend X: what its developer console would hold. An app once registered is
// replaced as a whole.
//
// Threads: any thread may call anything.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox::x {

struct app {
    std::string client_id;
    std::string client_secret; // empty for public clients
    std::string name;
    bool confidential = true; // Web App or bot; otherwise Native App or Single page App
    std::vector<std::string> redirect_uris;
};

class apps {
  public:
    // Registers the app or replaces the one of that client id. Returns what is wrong with it, empty when
    // nothing is.
    std::string put(app registered);

    // Null when there is none.
    std::shared_ptr<app const> find(std::string_view client_id) const;

    bool remove(std::string_view client_id);
    std::vector<std::shared_ptr<app const>> list() const;

  private:
    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<app const>, std::less<>> by_client_id_;
};

} // namespace connectd::sandbox::x
