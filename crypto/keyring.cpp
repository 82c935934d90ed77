#include "crypto/keyring.hpp"

#include "crypto/aead.hpp"
#include "crypto/random.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <string>
#include <utility>

namespace connectd::crypto {
namespace {

static_assert(sealed::nonce_size == aead::nonce_size && sealed::tag_size == aead::tag_size);

// The sealed value's header, then each part after its length, so that no two places give the same bytes.
std::string encode_place(bytes_view header, associated_data const& where) {
    std::string data;
    data.reserve(header.size() + where.family.size() + where.record_key.size() + where.field.size() + 12);
    data.append(as_text(header));
    for (auto const part : {where.family, where.record_key, where.field}) {
        std::uint8_t length[4];
        write_u32(length, static_cast<std::uint32_t>(part.size()));
        data.append(as_text(length)).append(part);
    }
    return data;
}

} // namespace

struct keyring::data_key {
    data_key(std::uint32_t number, guarded_key&& material, std::uint64_t used)
        : version(number), key(std::move(material)), seals(used) {}

    // Takes one seal out of the limit. The count never passes the limit, however many threads seal at once.
    bool count_seal(std::uint64_t limit) const noexcept {
        auto used = seals.load(std::memory_order_relaxed);
        do {
            if (used >= limit)
                return false;
        } while (!seals.compare_exchange_weak(used, used + 1, std::memory_order_relaxed));
        return true;
    }

    std::uint32_t version;
    guarded_key key;
    mutable std::atomic<std::uint64_t> seals;
};

keyring::keyring(std::string_view workspace_raw, std::uint64_t seal_limit)
    : workspace_(as_bytes(workspace_raw).begin(), as_bytes(workspace_raw).end()), seal_limit_(seal_limit) {}

keyring::created keyring::create(master_keys const& masters, std::string_view workspace_raw,
                                 std::uint64_t seal_limit) {
    keyring ring(workspace_raw, seal_limit);
    auto first = ring.add_new_version(masters).value();
    return {std::move(ring), std::move(first)};
}

result<keyring> keyring::open(master_keys const& masters, std::string_view workspace_raw,
                              std::span<wrapped_data_key const> stored, std::uint64_t seal_limit) {
    if (stored.empty())
        return errc::no_data_key;
    keyring ring(workspace_raw, seal_limit);
    for (auto const& one : stored) {
        auto key = masters.unwrap(workspace_raw, one);
        if (!key)
            return key.error();
        if (ring.find(one.version) != nullptr)
            return errc::duplicate_key_version;
        ring.keys_.push_back(std::make_shared<data_key const>(one.version, std::move(*key), one.seals_used));
    }
    std::ranges::sort(ring.keys_, {}, [](auto const& key) { return key->version; });
    return ring;
}

result<wrapped_data_key> keyring::rewrap(master_keys const& masters, std::string_view workspace_raw,
                                         wrapped_data_key const& stored) {
    auto const key = masters.unwrap(workspace_raw, stored);
    if (!key)
        return key.error();
    return wrapped_data_key{stored.version, masters.wrap(workspace_raw, stored.version, *key),
                            stored.seals_used};
}

result<wrapped_data_key> keyring::add_new_version(master_keys const& masters) {
    auto const newest = keys_.empty() ? 0 : newest_version();
    if (newest == std::numeric_limits<std::uint32_t>::max())
        return errc::key_exhausted;
    auto const version = newest + 1;
    auto added = std::make_shared<data_key const>(version, guarded_key::random(), 0);
    wrapped_data_key stored{version, masters.wrap(as_text(workspace_), version, added->key), 0};
    keys_.push_back(std::move(added));
    return stored;
}

result<sealed> keyring::seal(secret const& value, associated_data const& where) const {
    return seal(value.reveal_bytes(), where);
}

result<sealed> keyring::seal(bytes_view value, associated_data const& where) const {
    if (value.size() > sealed::max_plaintext)
        return errc::value_too_large;
    auto const& newest = *keys_.back();
    if (!newest.count_seal(seal_limit_))
        return errc::key_exhausted;
    bytes encoded(sealed::overhead + value.size());
    std::span<std::uint8_t> const out = encoded;
    out[0] = sealed::format;
    write_u32(out.data() + 1, newest.version);
    auto const nonce = out.subspan<sealed::header_size, sealed::nonce_size>();
    random_fill(nonce);
    auto const bound = encode_place(out.first(sealed::header_size), where);
    aead::seal(newest.key, nonce, as_bytes(bound), value,
               out.subspan(sealed::header_size + sealed::nonce_size));
    return sealed::decode(std::move(encoded));
}

result<secret> keyring::open(sealed const& value, associated_data const& where) const {
    if (value.empty())
        return errc::malformed_sealed_value;
    auto const* const used = find(value.key_version());
    if (used == nullptr)
        return errc::unknown_key_version;
    auto const ciphertext = value.ciphertext_and_tag();
    auto opened = secret::of_size(ciphertext.size() - sealed::tag_size);
    auto const bound = encode_place(value.header(), where);
    if (!aead::open(used->key, value.nonce().first<sealed::nonce_size>(), as_bytes(bound), ciphertext,
                    opened.writable()))
        return errc::sealed_value_refused;
    return opened;
}

std::uint32_t keyring::newest_version() const noexcept {
    return keys_.back()->version;
}

std::uint64_t keyring::seals_used() const noexcept {
    return keys_.back()->seals.load(std::memory_order_relaxed);
}

bool keyring::rotation_due() const noexcept {
    return seals_used() >= seal_limit_ / 2;
}

keyring::data_key const* keyring::find(std::uint32_t version) const noexcept {
    // Newest first: it is the one asked for nearly always.
    for (auto key = keys_.rbegin(); key != keys_.rend(); ++key)
        if ((*key)->version == version)
            return key->get();
    return nullptr;
}

} // namespace connectd::crypto
