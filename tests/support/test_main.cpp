// The entry point of every test binary; each one is named after its folder on the command line of CTest.
#define BOOST_TEST_MODULE connectd
#include <boost/test/unit_test.hpp>
