"""tools/check-layers on small trees: one that keeps the rules, and the same with one rule broken each time."""

import subprocess
import tempfile
import unittest
from pathlib import Path

CHECK_LAYERS = Path(__file__).resolve().parents[2] / "tools/check-layers"

DOCUMENT = """
| folder | holds | may include |
| --- | --- | --- |
| `base` | the ground | – |
| `store` | the data | `base` |
| `chat` | a module | `store`, `base` |
| `leads` | a module | `store`, `base` |

| header | may be included by |
| --- | --- |
| `unistd.h`, `boost/json.hpp` | everywhere |
| `sqlite3.h` | `store/sqlite` |
| `boost/asio/`, `boost/asio.hpp` | `store` |
| `gtest/` | `tests` |
"""


class CheckLayers(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = Path(directory.name)
        self.write("docs/architecture.md", DOCUMENT)
        self.write("src/CMakeLists.txt", "parley_layer(base)\nparley_layer(store LIBRARIES parley_base)\n")
        self.write("src/base/error.h", "#include <string>\n#include <unistd.h>\n#include <boost/json.hpp>\n")
        self.write("src/store/store.h", '#include <boost/asio/post.hpp>\n#include "base/error.h"\n')
        self.write("src/store/sqlite/driver.cpp", '#include <sqlite3.h>\n#include "store/store.h"\n')
        self.write("src/store/store_test.cpp", '#include <gtest/gtest.h>\n#include "support/databases.h"\n')
        self.write("src/chat/routes.cpp", '#include "store/store.h"\n')
        self.write("src/leads/routes.cpp", '#include "base/error.h"\n')

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def run_check(self):
        return subprocess.run([CHECK_LAYERS, self.root], capture_output=True, text=True)

    def expect_finding(self, finding):
        result = self.run_check()
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertEqual(len(result.stdout.splitlines()), 1, result.stdout)
        self.assertTrue(result.stdout.startswith(finding), result.stdout)

    def test_passes_a_tree_that_keeps_the_rules(self):
        result = self.run_check()
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_finds_a_lower_folder_that_includes_a_higher_one(self):
        self.write("src/base/error.cpp", '#include "base/error.h"\n\n  #  include "store/store.h"\n')
        self.expect_finding("src/base/error.cpp:3: src/base may not include")

    def test_finds_a_module_that_includes_another(self):
        self.write("src/leads/routes.cpp", '#include "chat/tables.h"\n')
        self.expect_finding("src/leads/routes.cpp:1: src/leads may not include")

    def test_finds_an_include_that_is_not_relative_to_src(self):
        self.write("src/store/store.cpp", '#include "store.h"\n')
        self.expect_finding("src/store/store.cpp:1: \"store.h\" is not a path")

    def test_finds_a_third_party_header_outside_its_owner(self):
        self.write("src/store/query.cpp", "#include <sqlite3.h>\n")
        self.expect_finding("src/store/query.cpp:1: <sqlite3.h> belongs to store/sqlite")

    def test_finds_a_third_party_header_of_no_row(self):
        self.write("src/base/text.cpp", "#include <curl/curl.h>\n")
        self.expect_finding("src/base/text.cpp:1: <curl/curl.h> is in no row")

    def test_finds_test_headers_outside_tests(self):
        self.write("src/base/text.cpp", "#include <gtest/gtest.h>\n")
        self.expect_finding("src/base/text.cpp:1: <gtest/gtest.h> belongs to tests")

    def test_finds_test_support_outside_tests(self):
        self.write("src/base/text.cpp", '#include "support/databases.h"\n')
        self.expect_finding("src/base/text.cpp:1: \"support/databases.h\"")

    def test_finds_a_folder_without_a_row(self):
        self.write("src/queue/queue.h", "")
        self.expect_finding("docs/architecture.md:1: src/queue has no row")

    def test_finds_a_link_that_the_table_forbids(self):
        self.write("src/CMakeLists.txt", "\nparley_layer(base LIBRARIES parley_store)\n")
        self.expect_finding("src/CMakeLists.txt:2: base may not link parley_store")


if __name__ == "__main__":
    unittest.main()
