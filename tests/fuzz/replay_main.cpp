// Runs a fuzz target without libFuzzer, for ./test: over every file of its corpus, and then for
// some seconds over changed copies of them. The changes follow from a seed, which is printed; an
// input that fails is written to a file beside it.
//
// usage: fuzz_TARGET SECONDS FILE_OR_DIRECTORY…   (PARLEY_TEST_SEED repeats a run)

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "fuzz.h"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kInputBytesMax = 4096;
constexpr const char* kFailedInput = "failed-input";

std::string current;  ///< The input under way, for `keep_input`.

/// Only calls that a signal handler may make.
extern "C" void keep_input(int signal) {
  const int file = open(kFailedInput, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0 || write(file, current.data(), current.size()) < 0) std::_Exit(3);
  close(file);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void run(const std::string& input) {
  current = input;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(current.data()), current.size());
}

void read_corpus(const fs::path& path, std::vector<std::string>& inputs) {
  if (!fs::is_directory(path)) {
    std::ifstream file(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    return;
  }
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) read_corpus(entry.path(), inputs);
  }
}

class Mutator {
 public:
  Mutator(std::vector<std::string> corpus, unsigned seed)
      : corpus_(std::move(corpus)), random_(seed) {}

  std::string next() {
    std::string input = any_input();
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) change(input);
    input.resize(std::min(input.size(), kInputBytesMax));
    return input;
  }

 private:
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }
  const std::string& any_input() { return corpus_[below(corpus_.size())]; }
  /// Some bytes of some input.
  std::string piece() {
    const std::string& from = any_input();
    const std::size_t begin = below(from.size());
    return from.substr(begin, 1 + below(16));
  }

  void change(std::string& input) {
    constexpr std::string_view kEdges{"\0\n\r\"'%&+,-.0:;=?@[]\\{}\x7f\x80\xc3\xff", 31};
    const std::size_t at = below(input.size() + 1);
    switch (below(5)) {
      case 0: input.insert(at, piece()); break;
      case 1: input.erase(at, 1 + below(8)); break;
      case 2:
        input.insert(input.begin() + static_cast<std::ptrdiff_t>(at), kEdges[below(kEdges.size())]);
        break;
      case 3: input.replace(at, 1 + below(4), piece()); break;
      default:
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
    }
  }

  std::vector<std::string> corpus_;
  std::mt19937 random_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s SECONDS FILE_OR_DIRECTORY...\n", argv[0]);
    return 2;
  }
  for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGILL}) std::signal(signal, keep_input);
  std::vector<std::string> corpus;
  for (int i = 2; i < argc; ++i) read_corpus(argv[i], corpus);
  const char* given = std::getenv("PARLEY_TEST_SEED");
  const unsigned seed = given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                                         : std::random_device()();
  std::printf("%zu inputs, then PARLEY_TEST_SEED=%u; a failed one is kept in ./%s\n", corpus.size(),
              seed, kFailedInput);
  std::fflush(stdout);
  if (corpus.empty()) return 1;
  for (const std::string& input : corpus) run(input);
  Mutator mutator(corpus, seed);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(std::atoi(argv[1]));
  std::size_t runs = 0;
  for (; std::chrono::steady_clock::now() < end; ++runs) run(mutator.next());
  std::printf("%zu changed inputs\n", runs);
  return 0;
}
