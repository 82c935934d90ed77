// What a request pays before any lookup: reading its API key and digesting it; and the ids and digests beside
// it.
//
// Workloads: parse a genuine key (shape, checksum, SHA-256); refuse a key with one character changed; make a
// key; make, print and parse an id; SHA-256 and HMAC-SHA-256 of 43 bytes, the length of a state. One thread.
#include "crypto/api_key.hpp"

#include "bench/harness.hpp"
#include "crypto/id.hpp"

#include <string>

namespace {

namespace bench = connectd::bench;
namespace crypto = connectd::crypto;

template <class Work>
void run(std::string_view name, Work const& work) {
    bench::run(name, [&work](std::uint64_t times) {
        while (times-- > 0)
            bench::keep(work());
    });
}

} // namespace

int main() {
    auto const key = crypto::make_api_key(crypto::api_key_kind::live);
    std::string const text(key.text.reveal());
    auto wrong = text;
    wrong[20] = wrong[20] == 'x' ? 'y' : 'x';
    run("parse an API key", [&] { return crypto::parse_api_key(text); });
    run("refuse an API key with one wrong character", [&] { return crypto::parse_api_key(wrong); });
    run("make an API key", [] { return crypto::make_api_key(crypto::api_key_kind::live); });

    crypto::id_time const now(std::chrono::milliseconds(1'700'000'000'000));
    auto const id = crypto::account_id::make(now);
    auto const id_text = id.to_string();
    run("make an id", [&] { return crypto::account_id::make(now); });
    run("print an id", [&] { return id.to_string(); });
    run("parse an id", [&] { return crypto::account_id::parse(id_text); });

    std::string const state(43, 's');
    std::string const hmac_key(32, 'k');
    run("SHA-256 of 43 B", [&] { return crypto::sha256(state); });
    run("HMAC-SHA-256 of 43 B", [&] { return crypto::hmac_sha256(hmac_key, state); });
}
