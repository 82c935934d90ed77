// Goal: a server whose disk runs full says so, keeps reading, and loses nothing that it acknowledged.
// Method: the real binary on a small disk of its own, which the test fills from outside through the open
// folder.
#include "tests/server/home/support.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <unistd.h>

namespace connectd::server::testing {
namespace {

// Keeps a mounted folder alive and reachable after the process that mounted it is gone.
class held_folder {
  public:
    explicit held_folder(std::string const& path)
        : descriptor_{::open(path.c_str(), O_RDONLY | O_DIRECTORY)} {}
    held_folder(held_folder const&) = delete;
    held_folder& operator=(held_folder const&) = delete;
    ~held_folder() { ::close(descriptor_); }

    bool open() const { return descriptor_ >= 0; }
    std::filesystem::path path() const {
        return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(descriptor_);
    }

  private:
    int descriptor_;
};

// Writes until nothing more fits.
void fill(std::filesystem::path const& file) {
    auto const opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    BOOST_REQUIRE(opened >= 0);
    for (std::size_t piece = 1 << 20; piece > 0; piece /= 2) {
        std::string const bytes(piece, 'b');
        while (::write(opened, bytes.data(), bytes.size()) > 0) {
        }
    }
    ::close(opened);
}

} // namespace

BOOST_AUTO_TEST_SUITE(full_disk_test)

BOOST_AUTO_TEST_CASE(a_full_disk_stops_writing_and_nothing_else) {
    scratch_folder const scratch;
    auto const disk = scratch.path() / "disk";
    std::filesystem::create_directory(disk);
    running_server server{disk / "data", {ON_SMALL_DISK, disk.string(), "24m"}};
    if (!server.ready() && server.process().wait_for_end() == 77) {
        BOOST_WARN_MESSAGE(server.ready(),
                           "skipped: the kernel allows no disk of our own here: " << server.said());
        return;
    }
    BOOST_REQUIRE_MESSAGE(server.ready(), server.said());
    held_folder const held{"/proc/" + std::to_string(server.process().pid()) + "/root" + disk.string()};
    BOOST_REQUIRE(held.open());
    auto const root = read_file(held.path() / "data" / "root.key");
    auto const workspace = std::string{server.make_workspace(root, "bakery").json().at("id").as_string()};
    auto const key = std::string{
        server.ask("POST", "/v1/workspaces/" + workspace + "/api-keys", root, R"({"name":"test"})")
            .json()
            .at("key")
            .as_string()};
    // Large rows, so that the space which the store has set aside for its log is used up soon.
    auto const profile = R"({"name":"p","metadata":{"text":")" + std::string(15'000, 'n') + R"("}})";
    std::vector<std::string> acknowledged;
    http_answer refused;
    fill(held.path() / "ballast");
    while (refused.status == 0) {
        BOOST_REQUIRE_LT(acknowledged.size(), 10'000U);
        auto const made = server.ask("POST", "/v1/profiles", key, profile);
        if (made.status == 201) {
            acknowledged.emplace_back(made.json().at("id").as_string());
        } else {
            BOOST_REQUIRE_MESSAGE(made.status != 0, "the server is gone");
            refused = made;
        }
    }
    BOOST_TEST(refused.status == 503U);
    BOOST_TEST(refused.json().at("code").as_string() == "store_unavailable");
    BOOST_TEST(refused.head.find("application/problem+json") != std::string::npos);
    BOOST_TEST(refused.head.find("Retry-After") != std::string::npos);
    BOOST_TEST(server.ask("POST", "/v1/profiles", key, profile).status == 503U);

    auto const ready = server.ask("GET", "/readyz");
    BOOST_TEST(ready.status == 503U);
    BOOST_TEST(ready.body.find("No space left on device") != std::string::npos, ready.body);
    BOOST_TEST(server.ask("GET", "/healthz").status == 200U);
    for (auto const& id : acknowledged) {
        BOOST_REQUIRE_EQUAL(server.ask("GET", "/v1/profiles/" + id, key).status, 200U);
    }

    std::filesystem::remove(held.path() / "ballast");
    server.process().terminate();
    BOOST_TEST(server.process().wait_for_end() == 0);
    running_server again{held.path() / "data"};
    BOOST_REQUIRE_MESSAGE(again.ready(), again.said());
    for (auto const& id : acknowledged) {
        BOOST_REQUIRE_EQUAL(again.ask("GET", "/v1/profiles/" + id, key).status, 200U);
    }
    BOOST_TEST(again.ask("GET", "/readyz").status == 200U);
    BOOST_TEST(again.ask("POST", "/v1/profiles", key, profile).status == 201U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::testing
