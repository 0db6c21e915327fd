#pragma once

// A project of somebody's own for tests of `parley db`: a database, and beside it a folder
// `revisions` that begins with one file. One thread.

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/databases.h"
#include "support/process.h"

namespace parley::test {

class OwnProject : public testing::TestWithParam<TestEngine> {
 protected:
  OwnProject(const std::string& first_name, const std::string& first_text)
      : database_(GetParam()) {
    std::filesystem::create_directory(directory_.path() + "/revisions");
    write(first_name, first_text);
  }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(directory_.path() + "/revisions/" + name) << text;
  }
  Outcome db(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "db");
    arguments.insert(arguments.end(), {"--url", database_.url_text(), "--dir", "revisions"});
    return run_parley(arguments, directory_.path());
  }

  TestDatabase database_;
  TemporaryDirectory directory_;
};

}  // namespace parley::test
