// What sealing costs.
//
// Workloads: seal and open of 32, 512 (a token record) and 4096 bytes through a keyring, with the place bound
// as the vault does it; the same from 64 workspaces in turn, so that no thread meets the same data key twice
// in a row and the key schedule is computed each time; opening a workspace's keyring (unwrapping one data
// key); and the random bytes under it all. One thread.
#include "bench/harness.hpp"
#include "crypto/keyring.hpp"
#include "crypto/random.hpp"

#include <array>
#include <string>
#include <vector>

namespace {

namespace bench = connectd::bench;
namespace crypto = connectd::crypto;

constexpr std::uint64_t no_limit = ~std::uint64_t{0};

// A record key is two raw ids.
std::string const record_key(32, 'k');
crypto::associated_data const place{"tokens", record_key, "material"};

crypto::master_keys make_masters() {
    std::vector<crypto::guarded_key> keys;
    keys.push_back(crypto::guarded_key::random());
    return crypto::master_keys::from(keys).value();
}

void one_workspace(crypto::keyring const& ring, std::size_t size) {
    auto const plain = crypto::secret::copy_of(std::string(size, 'p'));
    auto const suffix = " " + std::to_string(size) + " B";
    bench::run("seal" + suffix, [&](std::uint64_t times) {
        while (times-- > 0)
            bench::keep(ring.seal(plain, place));
    });
    auto const sealed = ring.seal(plain, place).value();
    bench::run("open" + suffix, [&](std::uint64_t times) {
        while (times-- > 0)
            bench::keep(ring.open(sealed, place));
    });
}

void many_workspaces(crypto::master_keys const& masters) {
    std::vector<crypto::keyring> rings;
    std::vector<crypto::sealed> sealed;
    auto const plain = crypto::secret::copy_of(std::string(512, 'p'));
    for (char i = 0; i < 64; ++i) {
        rings.push_back(crypto::keyring::create(masters, std::string(16, i), no_limit).ring);
        sealed.push_back(rings.back().seal(plain, place).value());
    }
    bench::run("seal 512 B, another workspace each time", [&](std::uint64_t times) {
        while (times-- > 0)
            bench::keep(rings[times % rings.size()].seal(plain, place));
    });
    bench::run("open 512 B, another workspace each time", [&](std::uint64_t times) {
        while (times-- > 0)
            bench::keep(rings[times % rings.size()].open(sealed[times % rings.size()], place));
    });
}

void opening_a_keyring(crypto::master_keys const& masters) {
    std::string const workspace(16, 'w');
    std::vector const stored{crypto::keyring::create(masters, workspace).first};
    bench::run("open a keyring with one data key", [&](std::uint64_t times) {
        while (times-- > 0)
            bench::keep(crypto::keyring::open(masters, workspace, stored));
    });
}

void random_bytes() {
    bench::run("12 random bytes", [](std::uint64_t times) {
        std::array<std::uint8_t, 12> nonce;
        while (times-- > 0) {
            crypto::random_fill(nonce);
            bench::keep(nonce);
        }
    });
}

} // namespace

int main() {
    auto const masters = make_masters();
    auto const ring = crypto::keyring::create(masters, std::string(16, 'w'), no_limit).ring;
    for (std::size_t const size : {32u, 512u, 4096u})
        one_workspace(ring, size);
    many_workspaces(masters);
    opening_a_keyring(masters);
    random_bytes();
}
