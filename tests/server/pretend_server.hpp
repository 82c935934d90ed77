// A server of somebody else's, as connectd meets it: answers by method and path, and keeps what it was asked.
// Over plain TCP, or TLS with a certificate of an authority of its own.
//
// Answers may be changed while it runs. Safe from all threads; an answer that is made from the request is
// made on the server's thread, one at a time.
#pragma once

#include "tests/support/certificates.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::tests {

class scripted_server; // whose header has another thing called answer

class pretend_server {
  public:
    // The whole answer to a request, head and body of which are given as they came.
    using maker = std::function<std::string(std::string const& request)>;

    pretend_server();
    explicit pretend_server(authority const& ca);
    ~pretend_server();

    static std::string json(std::string_view body, std::string_view status = "200 OK");

    // "POST /oauth/token" and what answers it from now on.
    void set(std::string what, std::string_view body, std::string_view status = "200 OK");
    void set(std::string what, maker how);

    std::string host() const;
    std::string url(std::string_view path) const;

    // What was asked under that name, heads and bodies, oldest first.
    std::vector<std::string> asked(std::string_view what) const;

  private:
    std::string next(std::string const& request);

    mutable std::mutex guard_;
    std::map<std::string, maker> answers_; // guarded by guard_, as the next
    std::vector<std::string> requests_;
    std::unique_ptr<scripted_server> server_; // last: its threads use the rest
};

} // namespace connectd::tests
