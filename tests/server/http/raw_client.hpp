#pragma once

// A client that sends exactly the bytes a test gives it, over a plain blocking socket. Every wait ends after
// a while with an exception, so that a server that never answers fails the test and does not hang it.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace connectd::tests {

struct raw_response {
    unsigned status = 0;
    std::map<std::string, std::string> headers{}; // names in lower case; the last of a repeated name
    std::string body{};
};

class raw_client {
  public:
    // Makes the socket without connecting it.
    raw_client();
    explicit raw_client(std::uint16_t port);
    raw_client(raw_client&& other) noexcept;
    raw_client& operator=(raw_client&&) = delete;
    ~raw_client();

    void connect(std::uint16_t port);
    // False when the peer has closed.
    bool send(std::string_view bytes);
    void finish_sending();
    void close();

    // The next answer, by its Content-Length. `to_head`: it has no body whatever the length says.
    raw_response read(bool to_head = false);
    // send + read
    raw_response ask(std::string_view bytes);
    // One line without its CRLF.
    std::string read_line();
    // Everything until the peer closes.
    std::string read_to_end();
    // Whether the peer closes with nothing more sent.
    bool closed();
    // Whether something can be read (bytes or the end) without waiting longer than a moment.
    bool readable_soon();

    int descriptor() const noexcept { return socket_; }

  private:
    bool fill();

    int socket_ = -1;
    std::string received_;
};

// `GET path` with the headers every request needs.
std::string get(std::string_view path, std::string_view more_headers = {});
std::string post(std::string_view path, std::string_view body, std::string_view more_headers = {});

} // namespace connectd::tests
