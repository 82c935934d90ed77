// TLS on the server: what is spoken, and that certificates change without the listener noticing.

#include "server/http/tls.hpp"
#include "tests/server/http/raw_client.hpp"
#include "tests/server/http/test_server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

namespace connectd::tests {

namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using http::request;
using http::response;
using runtime::task;
using namespace std::chrono_literals;

task<response> hello(request& asked) {
    co_return response::text(200, asked.tls ? "secure" : "plain");
}

task<response> echo(request& asked) {
    co_return response::text(200, asked.body);
}

void fill(http::router& routes, asio::io_context&) {
    routes.add("GET", "/hello", hello);
    routes.add("POST", "/echo", echo);
}

// A folder with a self-signed certificate in it.
class certificate_folder {
  public:
    certificate_folder()
        : path_{std::filesystem::temp_directory_path() /
                ("connectd-tls-" +
                 std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()))} {
        std::filesystem::create_directory(path_);
    }
    certificate_folder(certificate_folder const&) = delete;
    certificate_folder& operator=(certificate_folder const&) = delete;
    ~certificate_folder() { std::filesystem::remove_all(path_); }

    http::tls_files files() const { return {path_ / "chain.pem", path_ / "key.pem"}; }

    void issue(char const* name) const {
        std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> const key{EVP_EC_gen("P-256"), EVP_PKEY_free};
        std::unique_ptr<X509, decltype(&X509_free)> const certificate{X509_new(), X509_free};
        X509_set_version(certificate.get(), 2);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
        X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
        X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
        X509_set_pubkey(certificate.get(), key.get());
        auto* const subject = X509_get_subject_name(certificate.get());
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<unsigned char const*>(name),
                                   -1, -1, 0);
        X509_set_issuer_name(certificate.get(), subject);
        X509_sign(certificate.get(), key.get(), EVP_sha256());
        std::unique_ptr<FILE, decltype(&fclose)> const chain{fopen(files().certificate_chain.c_str(), "w"),
                                                             fclose};
        PEM_write_X509(chain.get(), certificate.get());
        std::unique_ptr<FILE, decltype(&fclose)> const secret{fopen(files().private_key.c_str(), "w"),
                                                              fclose};
        PEM_write_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    }

    void write(std::string const& file, std::string_view text) const { std::ofstream{file} << text; }

  private:
    std::filesystem::path path_;
};

// A blocking TLS client.
class tls_client {
  public:
    explicit tls_client(std::uint16_t port, int highest = TLS1_3_VERSION,
                        std::string_view protocols = "\x08http/1.1") {
        SSL_CTX_set_min_proto_version(settings_.native_handle(), 0);
        SSL_CTX_set_max_proto_version(settings_.native_handle(), highest);
        SSL_set_alpn_protos(stream_.native_handle(), reinterpret_cast<unsigned char const*>(protocols.data()),
                            static_cast<unsigned>(protocols.size()));
        SSL_set_max_proto_version(stream_.native_handle(), highest);
        stream_.next_layer().connect({asio::ip::address_v4::loopback(), port});
        stream_.handshake(ssl::stream_base::client, error_);
    }

    bool connected() const { return !error_; }
    std::string version() { return SSL_get_version(stream_.native_handle()); }

    std::string protocol() {
        unsigned char const* name = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(stream_.native_handle(), &name, &size);
        return {reinterpret_cast<char const*>(name), size};
    }

    std::string peer() {
        std::unique_ptr<X509, decltype(&X509_free)> const certificate{
            SSL_get1_peer_certificate(stream_.native_handle()), X509_free};
        std::array<char, 64> name{};
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(),
                                  name.size());
        return name.data();
    }

    // The whole answer, up to the end of its body.
    std::string ask(std::string_view bytes, std::string_view end) {
        asio::write(stream_, asio::buffer(bytes));
        std::string answer;
        std::array<char, 16384> piece{};
        while (!answer.ends_with(end)) {
            answer.append(piece.data(), stream_.read_some(asio::buffer(piece)));
        }
        return answer;
    }

    // Whether the server ends the session in the proper way.
    bool closed_properly() {
        std::array<char, 16> piece{};
        boost::system::error_code error;
        auto const size = stream_.read_some(asio::buffer(piece), error);
        return size == 0 && error == asio::error::eof;
    }

  private:
    asio::io_context context_{1};
    ssl::context settings_{ssl::context::tls_client};
    ssl::stream<asio::ip::tcp::socket> stream_{context_, settings_};
    boost::system::error_code error_{};
};

struct tls_fixture {
    certificate_folder folder{};
    std::shared_ptr<http::tls_certificates> certificates{};
    std::unique_ptr<test_server> server{};

    tls_fixture() {
        folder.issue("first");
        certificates = http::tls_certificates::load(folder.files()).value();
        server_setup setup{.certificates = certificates};
        setup.options.hsts = 600s;
        setup.options.timeouts.handshake = 10min;
        server = std::make_unique<test_server>(fill, std::move(setup));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tls_test, tls_fixture)

BOOST_AUTO_TEST_CASE(serves_requests_and_closes_properly) {
    tls_client client{server->port()};
    BOOST_REQUIRE(client.connected());
    BOOST_TEST(client.version() == "TLSv1.3");
    BOOST_TEST(client.protocol() == "http/1.1");
    auto const answer = client.ask(get("/hello"), "secure");
    BOOST_TEST(answer.find("Strict-Transport-Security: max-age=600") != std::string::npos);
    std::string const large(300'000, 'x');
    BOOST_TEST(client.ask(post("/echo", large + "!"), "!").size() > large.size());
    client.ask(get("/hello", "Connection: close\r\n"), "secure");
    BOOST_TEST(client.closed_properly());
}

BOOST_AUTO_TEST_CASE(speaks_tls_1_2_and_nothing_older) {
    BOOST_TEST(tls_client(server->port(), TLS1_2_VERSION).version() == "TLSv1.2");
    BOOST_TEST(!tls_client(server->port(), TLS1_1_VERSION).connected());
    BOOST_TEST(tls_client(server->port()).connected());
}

BOOST_AUTO_TEST_CASE(offers_no_protocol_it_does_not_speak) {
    BOOST_TEST(tls_client(server->port(), TLS1_3_VERSION, "\x02h2\x08http/1.1").protocol() == "http/1.1");
    BOOST_TEST(!tls_client(server->port(), TLS1_3_VERSION, "\x02h2").connected());
    BOOST_TEST(tls_client(server->port(), TLS1_3_VERSION, "").connected());
}

BOOST_AUTO_TEST_CASE(reloads_without_disturbing_anyone) {
    tls_client before{server->port()};
    BOOST_TEST(before.peer() == "first");
    folder.issue("second");
    BOOST_TEST(certificates->reload().has_value());
    tls_client after{server->port()};
    BOOST_TEST(after.peer() == "second");
    BOOST_TEST(before.ask(get("/hello"), "secure").starts_with("HTTP/1.1 200 "));
    BOOST_TEST(after.ask(get("/hello"), "secure").starts_with("HTTP/1.1 200 "));
}

BOOST_AUTO_TEST_CASE(a_failed_reload_keeps_the_old_certificate_and_names_the_file) {
    std::string problem;
    folder.write(folder.files().certificate_chain, "this is no certificate");
    BOOST_TEST(certificates->reload(&problem).has_error());
    BOOST_TEST(problem.find("chain.pem") != std::string::npos, problem);
    folder.issue("second");
    certificate_folder other;
    other.issue("third");
    std::filesystem::copy_file(other.files().private_key, folder.files().private_key,
                               std::filesystem::copy_options::overwrite_existing);
    BOOST_TEST(certificates->reload(&problem).has_error()); // a key of another certificate
    BOOST_TEST(problem.find("key.pem") != std::string::npos, problem);
    BOOST_TEST(tls_client(server->port()).peer() == "first");
}

BOOST_AUTO_TEST_CASE(says_which_file_is_missing) {
    std::string problem;
    BOOST_TEST(http::tls_certificates::load({"/nowhere/a.pem", "/nowhere/b.pem"}, &problem).has_error());
    BOOST_TEST(problem.find("/nowhere/a.pem") != std::string::npos, problem);
}

BOOST_AUTO_TEST_CASE(survives_clients_that_do_not_speak_tls_or_go_away) {
    {
        raw_client plain{server->port()};
        plain.send(get("/hello"));
        plain.read_to_end(); // perhaps an alert
    }
    {
        raw_client gone{server->port()};
    }
    tls_client client{server->port()};
    BOOST_TEST(client.ask(get("/hello"), "secure").starts_with("HTTP/1.1 200 "));
}

BOOST_AUTO_TEST_CASE(does_not_wait_forever_for_a_handshake) {
    server_setup setup{.certificates = certificates};
    setup.options.timeouts.handshake = 30ms;
    test_server impatient{fill, std::move(setup)};
    raw_client silent{impatient.port()};
    BOOST_TEST(silent.closed());
}

BOOST_AUTO_TEST_CASE(stopping_closes_connections_and_half_done_handshakes) {
    tls_client idle{server->port()};
    idle.ask(get("/hello"), "secure");
    raw_client silent{server->port()};
    tls_client marker{server->port()};
    BOOST_TEST(marker.connected()); // so the silent one has been accepted
    BOOST_TEST(server->stop(10min));
    BOOST_TEST(silent.closed());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
