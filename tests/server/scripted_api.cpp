#include "tests/server/scripted_api.hpp"

#include "tests/support/scripted_server.hpp"

namespace connectd::tests {
namespace {

using peer = scripted_server::peer;

// A whole head, with whatever came behind it left in `rest`; empty when the client has gone.
std::string read_head(peer& client, std::string& rest) {
    auto end = rest.find("\r\n\r\n");
    while (end == std::string::npos) {
        auto const more = client.read_raw();
        if (more.empty()) {
            return {};
        }
        rest += more;
        end = rest.find("\r\n\r\n");
    }
    auto head = rest.substr(0, end + 4);
    rest.erase(0, end + 4);
    return head;
}

// How many bytes of body came; what it is does not matter here.
std::size_t read_body(peer& client, std::string const& head, std::string& rest) {
    auto const length = head.find("Content-Length: ");
    bool const chunked = head.find("Transfer-Encoding: chunked") != std::string::npos;
    std::size_t const wanted = length == std::string::npos ? 0 : std::stoul(head.substr(length + 16));
    std::size_t read = rest.size();
    while (chunked ? !rest.ends_with("\r\n0\r\n\r\n") : read < wanted) {
        auto const more = client.read_raw();
        if (more.empty()) {
            break;
        }
        read += more.size();
        rest =
            chunked ? rest.substr(rest.size() - std::min<std::size_t>(rest.size(), 7)) + more : std::string{};
    }
    rest.clear();
    return read;
}

} // namespace

scripted_api::scripted_api()
    : server_{std::make_unique<scripted_server>([this](peer& client) {
          std::string rest;
          for (auto head = read_head(client, rest); !head.empty(); head = read_head(client, rest)) {
              std::unique_lock lock{guard_};
              heads_.push_back(head);
              auto const how = mode_;
              auto const bytes = bytes_;
              bool const closes = closes_;
              auto const size = size_;
              lock.unlock();
              if (how == mode::hang) {
                  client.wait_for_close();
                  return;
              }
              auto const read = read_body(client, head, rest);
              lock.lock();
              body_bytes_ += read;
              lock.unlock();
              if (how == mode::pour) {
                  client.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n");
                  client.write_bulk(size, {}, {});
              } else {
                  client.write(bytes);
              }
              if (closes) {
                  client.close();
                  return;
              }
          }
      })} {}

scripted_api::~scripted_api() = default;

std::string scripted_api::base() const {
    return server_->url("/2");
}

void scripted_api::reply(std::string bytes, bool closes) {
    std::lock_guard const lock{guard_};
    mode_ = mode::reply;
    bytes_ = std::move(bytes);
    closes_ = closes;
}

void scripted_api::pour(std::size_t size) {
    std::lock_guard const lock{guard_};
    mode_ = mode::pour;
    size_ = size;
    closes_ = false;
}

void scripted_api::hang() {
    std::lock_guard const lock{guard_};
    mode_ = mode::hang;
}

std::vector<std::string> scripted_api::heads() const {
    std::lock_guard const lock{guard_};
    return heads_;
}

std::size_t scripted_api::body_bytes() const {
    std::lock_guard const lock{guard_};
    return body_bytes_;
}

void scripted_api::wait_for_ends(std::size_t count) {
    server_->wait_for_scripts(count);
}

} // namespace connectd::tests
