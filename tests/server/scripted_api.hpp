// The API of a platform that does with each call what the test says, right or wrong, and tells what it was
// sent.
//
// Safe from all threads: the script runs on its own. What is set holds for the connections that come
// afterwards.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::tests {

class scripted_server; // whose header has another thing called answer

class scripted_api {
  public:
    scripted_api();
    ~scripted_api();

    // "http://127.0.0.1:port/2"
    std::string base() const;

    // Reads the whole call and writes these bytes; closes after them, if so wanted.
    void reply(std::string bytes, bool closes = false);
    // Reads the call and answers with a body of that size.
    void pour(std::size_t size);
    // Reads the head of the call and nothing more, ever.
    void hang();

    // The heads of the calls, in order.
    std::vector<std::string> heads() const;
    // Bytes of bodies, with the framing of chunks.
    std::size_t body_bytes() const;
    // Until the other side has closed that many connections.
    void wait_for_ends(std::size_t count);

  private:
    enum class mode { reply, pour, hang };

    mutable std::mutex guard_;
    mode mode_ = mode::reply;
    std::string bytes_;
    bool closes_ = false;
    std::size_t size_ = 0;
    std::vector<std::string> heads_;
    std::size_t body_bytes_ = 0;
    std::unique_ptr<scripted_server> server_; // last: its threads use the rest
};

} // namespace connectd::tests
