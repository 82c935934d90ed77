// AES-256-GCM against vectors that NIST published: the algorithm validation files gcmEncryptExtIV256.rsp and
// gcmDecrypt256.rsp (key 256, nonce 96, tag 128 bits), and test cases 14 and 16 of the GCM submission to
// NIST.
#include "crypto/aead.hpp"
#include "crypto/encoding.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

namespace connectd::crypto {
namespace {

struct vector {
    std::string_view key, nonce, plaintext, associated, ciphertext, tag;

    friend std::ostream& operator<<(std::ostream& out, vector const& value) {
        return out << "tag " << value.tag;
    }
};

vector const encrypted[] = {
    // Submission, test case 14: zeros.
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "00000000000000000000000000000000", "", "cea7403d4d606b6e074ec5d3baf39d18",
     "d0d1c8a799996bf0265b98b5d48ab919"},
    // Submission, test case 16: 60 bytes, no multiple of a block, with associated data.
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf"
     "5aa0de657"
     "ba637b39",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6"
     "393ba7a0a"
     "bcc9f662",
     "76fc6ece0f4e1768cddf8853bb2d551b"},
    // gcmEncryptExtIV256: no plaintext; no associated data, then 128, 160, 384 and 720 bits of it.
    {"b52c505a37d78eda5dd34f20c22540ea1b58963cf8e5bf8ffa85f9f2492505b4", "516c33929df5a3284ff463d7", "", "",
     "", "bdc1ac884d332457a1d2664f168c76f0"},
    {"78dc4e0aaf52d935c3c01eea57428f00ca1fd475f5da86a49c8dd73d68c8e223", "d79cf22d504cc793c3fb6c8a", "",
     "b96baa8c1c75a671bfb2d08d06be5f36", "", "3e5d486aa2e30b22e040b85723a06e76"},
    {"886cff5f3e6b8d0e1ad0a38fcdb26de97e8acbe79f6bed66959a598fa5047d65", "3a8efa1cd74bbab5448f9945", "",
     "519fee519d25c7a304d6c6aa1897ee1eb8c59655", "", "f6d47505ec96c98a42dc3ae719877b87"},
    {"f4069bb739d07d0cafdcbc609ca01597f985c43db63bbaaa0debbb04d384e49c", "d25ff30fdc3d464fe173e805", "",
     "3e1449c4837f0892f9d55127c75c4b25d69be334baf5f19394d2d8bb460cbf2120e14736d0f634aa792feca20e455f11", "",
     "805ec2931c2181e5bfb74fa0a975f0cf"},
    {"03ccb7dbc7b8425465c2c3fc39ed0593929ffd02a45ff583bd89b79c6f646fe9", "fd119985533bd5520b301d12", "",
     "98e68c10bf4b5ae62d434928fc6405147c6301417303ef3a703dcfd2c0c339a4d0a89bd29fe61fecf1066ab06d7a5c31a48ffbf"
     "ed22f749b"
     "17e9bd0dc1c6f8fbd6fd4587184db964d5456132106d782338c3f117ec05229b0899",
     "", "cf54e7141349b66f248154427810c87a"},
    // 104 bits of plaintext, 720 of associated data.
    {"78e6789b596c71cb3becc833cf823d2ebb18ca2e26c27e26a55ef95df7353971", "65da9c7a9f17b11246bcf8db",
     "003e82a147df3c953400f87ab5",
     "d49aee7ffd31e7c8d831d97ae894a00473adbc5071f6099d567caaef85c295d5143a1316ff82753cc35d3efc60f7e5101ddd811"
     "336b404d5"
     "98f6c439cce6b47fcbebb15d1c342e4151b355025a03b4397260b4a7e6444fa57b5b",
     "abcceced40209fc30a5590fee8", "0a203973b81375949ebd932597efd495"},
    // 256 bits of plaintext; no associated data, then 128 and 160 bits of it.
    {"268ed1b5d7c9c7304f9cae5fc437b4cd3aebe2ec65f0d85c3918d3d3b5bba89b", "9ed9d8180564e0e945f5e5d4",
     "fe29a40d8ebf57262bdb87191d01843f4ca4b2de97d88273154a0b7d9e2fdb80", "",
     "791a4a026f16f3a5ea06274bf02baab469860abde5e645f3dd473a5acddeecfc", "05b2b74db0662550435ef1900e136b15"},
    {"37ccdba1d929d6436c16bba5b5ff34deec88ed7df3d15d0f4ddf80c0c731ee1f", "5c1b21c8998ed6299006d3f9",
     "ad4260e3cdc76bcc10c7b2c06b80b3be948258e5ef20c508a81f51e96a518388", "22ed235946235a85a45bc5fad7140bfa",
     "3b335f8b08d33ccdcad228a74700f1007542a4d1e7fc1ebe3f447fe71af29816", "1fbf49cc46f458bf6e88f6370975e6d4"},
    {"5853c020946b35f2c58ec427152b840420c40029636adcbb027471378cfdde0f", "eec313dd07cc1b3e6b068a47",
     "ce7458e56aef9061cb0c42ec2315565e6168f5a6249ffd31610b6d17ab64935e",
     "1389b522c24a774181700553f0246bbabdd38d6f",
     "eadc3b8766a77ded1a58cb727eca2a9790496c298654cda78febf0da16b6903b", "3d49a5b32fde7eafcce90079217ffb57"},
};

// gcmDecrypt256: the records marked FAIL. The plaintext is not published because there is none.
vector const refused[] = {
    {"29e640cb29c4ef616d646123d5bb5c1bd75e843587d64eba90d50f0295437ff7", "4aede7cf9d70fb80c4ae2941", "",
     "91f9d7e7cf938990a458de56c4a1e9d288874dd6a546d6d41d9365c29ee9d45919b8f59b358d8e02ddb0120e24e60480",
     "697eb024c2ec39bc6cf9dd0eff", "56ca5aae42fb30b3a22c8cd7e7edbb6c"},
    {"a6da42afcc5b86f989910f7d27f29362a4e4a07ab9b7090d5820cbf97faf0729", "fa099d57bdcec5b25ee2e20d", "", "",
     "c70900c56aaedf2af746e834d39af7eed53b86b1e832d9f72bcf35ecf8144282", "44d3f379ca0c4afa71b147bc84d49143"},
    {"22ab50af434ac76377118aaa014c008d25e766b23e2d0488c1b2a3b720a9e89e", "123f018807b3f5368c38b1dd", "",
     "1c56bf07fdbddc8eebcd0712ab2c16ad", "b05cca6533e1f81c9751b42cd32158ac37841afae09eafde4cf51458ed6d234f",
     "f082c6743dca40f7b98ed44de872d46c"},
    {"046a2e5ef707f319e86aea115bc4c9ac4803ef17afb74ba13238e11213da981a", "c00967f52771b66a252ea978", "",
     "d4152360ddf17d836ff0c5ac6d5bcf62", "ecf55ee6ff85cac359767edebed91f61a3615a8058325ad08e8f8c4b6b08bddc",
     "bd55502939041b32224998318d39a2d5"},
};

struct material {
    explicit material(vector const& from)
        : key(guarded_key::from_hex(from.key).value()),
          nonce(decode_hex(from.nonce).value()),
          plaintext(decode_hex(from.plaintext).value()),
          associated(decode_hex(from.associated).value()),
          sealed(decode_hex(std::string(from.ciphertext).append(from.tag)).value()) {}

    aead::nonce_view nonce_view() const { return aead::nonce_view(nonce); }
    bytes seal() const {
        bytes out(plaintext.size() + aead::tag_size);
        aead::seal(key, nonce_view(), associated, plaintext, out);
        return out;
    }
    bool opens(bytes& out) const {
        out.assign(sealed.size() - aead::tag_size, 0xee);
        return aead::open(key, nonce_view(), associated, sealed, out);
    }

    guarded_key key;
    bytes nonce, plaintext, associated, sealed;
};

} // namespace

BOOST_AUTO_TEST_SUITE(aead_test)

BOOST_DATA_TEST_CASE(published_vectors, boost::unit_test::data::make(encrypted), published) {
    material const known(published);
    BOOST_TEST(encode_hex(known.seal()) == encode_hex(known.sealed));
    bytes opened;
    BOOST_TEST(known.opens(opened));
    BOOST_TEST(encode_hex(opened) == published.plaintext);
}

BOOST_DATA_TEST_CASE(published_failures, boost::unit_test::data::make(refused), published) {
    bytes opened;
    BOOST_TEST(!material(published).opens(opened));
    BOOST_TEST(std::ranges::all_of(opened, [](auto byte) { return byte == 0; }),
               "unverified plain text was left");
}

// The contexts keep the last key: neither a refusal nor another key in between may show in the next result.
BOOST_AUTO_TEST_CASE(a_reused_context_starts_afresh) {
    material const one(encrypted[1]);
    material const other(encrypted[8]);
    material const forged(refused[0]);
    bytes opened;
    for (int round = 0; round < 3; ++round) {
        BOOST_TEST((one.seal() == one.sealed));
        BOOST_TEST((one.seal() == one.sealed));
        BOOST_TEST((other.seal() == other.sealed));
        BOOST_TEST(one.opens(opened));
        BOOST_TEST(!forged.opens(opened));
        BOOST_TEST(!forged.opens(opened));
        BOOST_TEST(one.opens(opened));
        BOOST_TEST((opened == one.plaintext));
        BOOST_TEST(other.opens(opened));
        BOOST_TEST((opened == other.plaintext));
    }
}

BOOST_AUTO_TEST_CASE(a_new_key_in_the_memory_of_an_old_one_is_a_new_key) {
    for (auto const& published : encrypted) {
        material const known(published); // Freed at the end of each round; the next may get the same pages.
        BOOST_TEST((known.seal() == known.sealed));
    }
}

BOOST_AUTO_TEST_CASE(threads_do_not_share_contexts) {
    material const known(encrypted[1]);
    std::vector<std::thread> threads;
    std::array<int, 4> right{};
    for (auto& count : right)
        threads.emplace_back([&] {
            bytes opened;
            for (int i = 0; i < 500; ++i)
                count += known.seal() == known.sealed && known.opens(opened) && opened == known.plaintext;
        });
    for (auto& thread : threads)
        thread.join();
    for (int const count : right)
        BOOST_TEST(count == 500);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::crypto
