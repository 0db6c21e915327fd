#include "api/fields.h"

#include <gmock/gmock.h>

namespace parley {
namespace api {
enum class Side { Left, Right };
}

template <>
inline constexpr auto words_of<api::Side> = std::to_array<std::string_view>({"left", "right"});

namespace api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// `pointer code` of every error that `read` leads to.
template <class Read>
std::vector<std::string> errors_of(Read&& read) {
  std::vector<std::string> found;
  try {
    read();
  } catch (const http::Problem& problem) {
    EXPECT_EQ(problem.status, 422);
    for (const auto& error : problem.errors) found.push_back(error.pointer + " " + error.code);
  }
  return found;
}

template <class Read>
std::vector<std::string> body_errors(std::string_view text, Read read) {
  return errors_of([&] {
    BodyReader body(text);
    read(body);
    body.finish();
  });
}

template <class Read>
std::vector<std::string> query_errors(std::map<std::string, std::string> query, Read read) {
  http::Request request;
  request.query = std::move(query);
  return errors_of([&] {
    QueryReader reader(request);
    read(reader);
    reader.finish();
  });
}

TEST(RequestBody, MustBeAnObject) {
  EXPECT_THAT(errors_of([] { BodyReader("{"); }), ElementsAre(" invalid_json"));
  EXPECT_THAT(errors_of([] { BodyReader(""); }), ElementsAre(" invalid_json"));
  EXPECT_THAT(errors_of([] { BodyReader("{\"a\":\"\xff\"}"); }), ElementsAre(" invalid_json"));
  EXPECT_THAT(errors_of([] { BodyReader("[1]"); }), ElementsAre(" wrong_type"));
}

TEST(RequestBody, NamesEveryWrongFieldAtOnce) {
  const auto read = [](BodyReader& body) {
    body.text("a", 3);
    body.text("b", 3);
    body.text("c", 3);
    body.text("d", 3);
    body.boolean("e");
    body.optional_object("f");
    body.word<Side>("g");
  };
  EXPECT_THAT(body_errors(R"({"b":5,"c":" \n","d":"abcd","e":"true","f":[],"g":"robot"})", read),
              ElementsAre("/a required", "/b wrong_type", "/c blank", "/d too_long",
                          "/e wrong_type", "/f wrong_type", "/g not_in_vocabulary"));
}

TEST(RequestBody, BoundsNumbers) {
  const auto read = [](BodyReader& body) {
    body.integer("n", 1, 9);
    body.optional_number("x", 0, 2);
  };
  EXPECT_THAT(body_errors(R"({"n":0,"x":2.5})", read),
              ElementsAre("/n out_of_range", "/x out_of_range"));
  EXPECT_THAT(body_errors(R"({"n":1.5,"x":"1"})", read),
              ElementsAre("/n out_of_range", "/x wrong_type"));
  EXPECT_THAT(body_errors(R"({"n":9,"x":0.5})", read), ElementsAre());
}

TEST(RequestBody, ErrorsOfAnObjectInsideNameItsPlace) {
  const auto read = [](BodyReader& body) {
    BodyReader item({{"word", "up"}}, "/items/3");
    item.word<Side>("word");
    body.errors().add_all(item.errors());
  };
  EXPECT_THAT(body_errors("{}", read), ElementsAre("/items/3/word not_in_vocabulary"));
}

TEST(RequestBody, NullIsAbsent) {
  BodyReader body(R"({"a":null,"b":null})");
  EXPECT_EQ(body.optional_text("a", 3), std::nullopt);
  EXPECT_EQ(body.optional_object("b"), std::nullopt);
  EXPECT_NO_THROW(body.finish());
}

TEST(RequestBody, KeepsATextByteForByte) {
  BodyReader body(R"({"a":"  \u00e9\n😀 "})");
  EXPECT_EQ(body.text("a", 20), "  é\n😀 ");
}

TEST(RequestBody, RefusesTheCharacterThatPostgresqlCannotStore) {
  EXPECT_THAT(body_errors(R"({"a":"x\u0000"})", [](BodyReader& body) { body.text("a", 9); }),
              ElementsAre("/a not_storable"));
  EXPECT_THAT(
      body_errors(R"({"a":{"b":["\u0000"]}})", [](BodyReader& body) { body.optional_object("a"); }),
      ElementsAre("/a not_storable"));
}

TEST(RequestBody, ReadsAnEmailTrimmedInLowerCase) {
  EXPECT_EQ(BodyReader(R"({"e":" Ann@Example.ORG "})").email("e"), "ann@example.org");
  for (const std::string_view text : {"ann", "@x", "ann@", "a@b@c", "a b@c"}) {
    const std::string body = R"({"e":")" + std::string(text) + R"("})";
    EXPECT_THAT(body_errors(body, [](BodyReader& reader) { reader.email("e"); }),
                ElementsAre("/e invalid_email"));
  }
}

TEST(RequestBody, NewPasswordHasEightCharactersAtLeast) {
  const auto read = [](BodyReader& body) { body.new_password("p"); };
  EXPECT_THAT(body_errors(R"({"p":"1234567"})", read), ElementsAre("/p invalid_password"));
  EXPECT_THAT(body_errors(R"({"p":"12345678"})", read), ElementsAre());
}

TEST(RequestQuery, ReadsBooleansInAnyLetterCase) {
  for (const auto& [text, value] : {std::pair("true", true),
                                    {"TRUE", true},
                                    {"1", true},
                                    {"false", false},
                                    {"False", false},
                                    {"0", false}}) {
    http::Request request;
    request.query = {{"flag", text}};
    EXPECT_EQ(QueryReader(request).boolean("flag", !value), value) << text;
  }
  for (const std::string text : {"yes", "", "2"}) {
    EXPECT_THAT(
        query_errors({{"flag", text}}, [](QueryReader& query) { query.boolean("flag", false); }),
        ElementsAre("/flag wrong_type"))
        << text;
  }
}

TEST(RequestQuery, BoundsNumbers) {
  const auto read = [](QueryReader& query) { query.number("n", 5, 1, 100); };
  for (const std::string text : {"0", "101", "-1", "x", "1.5", "1 ", "99999999999999999999"}) {
    EXPECT_THAT(query_errors({{"n", text}}, read), ElementsAre("/n out_of_range")) << text;
  }
  EXPECT_THAT(query_errors({{"n", "100"}}, read), ElementsAre());
  EXPECT_THAT(query_errors({}, read), ElementsAre());
}

TEST(RequestQuery, RefusesBrokenText) {
  EXPECT_THAT(query_errors({{"t", "\xff"}}, [](QueryReader& query) { query.text("t", 9); }),
              ElementsAre("/t not_storable"));
}

TEST(FieldErrors, DetailIsWhatPeopleRead) {
  FieldErrors errors;
  errors.add("a", "required", "is required");
  errors.add("b", "blank", "must contain a visible character");
  try {
    errors.finish();
    FAIL();
  } catch (const http::Problem& problem) {
    EXPECT_EQ(problem.detail, "a is required; b must contain a visible character");
  }
}

}  // namespace
}  // namespace api
}  // namespace parley
