// The main() of every Catch2 program of the tests.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

#include "reports.hpp"

int main(int argc, char** argv) {
  const reports::Folder of_children;
  const int result = Catch::Session().run(argc, argv);
  return of_children.none() ? result : 1;
}
