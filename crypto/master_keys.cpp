// How master keys wrap data keys: XChaCha20-Poly1305 with a random 192-bit nonce, which needs no count. The
// layout of the wrapped key is in crypto/FORMAT.md.
#include "crypto/keyring.hpp"
#include "crypto/random.hpp"

#include <sodium.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace connectd::crypto {
namespace {

constexpr std::uint8_t wrap_format = 1;
constexpr std::size_t id_size = std::tuple_size_v<master_key_id>;
constexpr std::size_t header_size = 1 + id_size;
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t wrapped_size = header_size + nonce_size + guarded_key::size + tag_size;

static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == guarded_key::size);
static_assert(crypto_kdf_KEYBYTES == guarded_key::size);

// Two keys derived from a master key by libsodium's crypto_kdf. The eight characters are its context.
constexpr char derivation_context[] = "connectd";
static_assert(sizeof derivation_context == crypto_kdf_CONTEXTBYTES + 1);
constexpr std::uint64_t derived_wrapping_key = 1;
constexpr std::uint64_t derived_id = 2;

void derive(std::span<std::uint8_t> out, std::uint64_t number, guarded_key const& master) {
    crypto_kdf_derive_from_key(out.data(), out.size(), number, derivation_context, master.reveal().data());
}

// The header is part of it, so that neither the format nor the master key id can be changed.
bytes associated(bytes_view header, std::string_view workspace, std::uint32_t version) {
    bytes data(header.begin(), header.end());
    data.resize(header.size() + 4);
    write_u32(data.data() + header.size(), version);
    auto const owner = as_bytes(workspace);
    data.insert(data.end(), owner.begin(), owner.end());
    return data;
}

} // namespace

result<master_keys> master_keys::from(std::vector<guarded_key> const& keys) {
    if (keys.empty())
        return errc::no_master_key;
    master_keys made;
    for (auto const& key : keys) {
        master_key_id id;
        derive(id, derived_id, key);
        made.entries_.push_back({id, guarded_key::made_by([&key](guarded_key::writable_bytes out) {
                                     derive(out, derived_wrapping_key, key);
                                 })});
    }
    return made;
}

guarded_key const* master_keys::wrapping_key(master_key_id const& id) const noexcept {
    auto const found = std::ranges::find(entries_, id, &entry::id);
    return found == entries_.end() ? nullptr : &found->wrapping;
}

bytes master_keys::wrap(std::string_view workspace, std::uint32_t version,
                        guarded_key const& data_key) const {
    auto const& master = entries_.front();
    bytes wrapped(wrapped_size);
    wrapped[0] = wrap_format;
    std::ranges::copy(master.id, wrapped.begin() + 1);
    std::span<std::uint8_t> const nonce(wrapped.data() + header_size, nonce_size);
    random_fill(nonce);
    auto const bound = associated(bytes_view(wrapped).first(header_size), workspace, version);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        wrapped.data() + header_size + nonce_size, nullptr, data_key.reveal().data(), guarded_key::size,
        bound.data(), bound.size(), nullptr, nonce.data(), master.wrapping.reveal().data());
    return wrapped;
}

result<master_key_id> keyring::wrapped_by(wrapped_data_key const& stored) {
    auto const& wrapped = stored.wrapped;
    if (wrapped.empty())
        return errc::malformed_wrapped_key;
    if (wrapped[0] != wrap_format)
        return errc::unsupported_format;
    if (wrapped.size() != wrapped_size)
        return errc::malformed_wrapped_key;
    master_key_id id;
    std::ranges::copy(bytes_view(wrapped).subspan(1, id_size), id.begin());
    return id;
}

result<guarded_key> master_keys::unwrap(std::string_view workspace, wrapped_data_key const& stored) const {
    auto const id = keyring::wrapped_by(stored);
    if (!id)
        return id.error();
    auto const* const master = wrapping_key(*id);
    if (master == nullptr)
        return errc::wrong_master_key;
    bytes_view const wrapped = stored.wrapped;
    auto const bound = associated(wrapped.first(header_size), workspace, stored.version);
    auto const nonce = wrapped.subspan(header_size, nonce_size);
    auto const ciphertext = wrapped.subspan(header_size + nonce_size);
    bool genuine = false;
    auto data_key = guarded_key::made_by([&](guarded_key::writable_bytes out) {
        genuine = crypto_aead_xchacha20poly1305_ietf_decrypt(out.data(), nullptr, nullptr, ciphertext.data(),
                                                             ciphertext.size(), bound.data(), bound.size(),
                                                             nonce.data(), master->reveal().data()) == 0;
    });
    if (!genuine)
        return errc::wrapped_key_refused;
    return data_key;
}

} // namespace connectd::crypto
