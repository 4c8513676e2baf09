// Every configuration in cases/ must be refused in one sentence that names the file, the key and what is allowed.
//
// A case changes one place of good.json: `at` is a JSON pointer, `is` the new value (absent: the key is removed); or it
// is a whole `text`. `says` lists what the sentence must contain.

#include "engine/config/json_text.hpp"
#include "engine/config/printable.hpp"
#include "engine/config/project.hpp"
#include "engine/core/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>

#include <cctype>
#include <filesystem>
#include <string>

namespace hpogrid::config {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::filesystem::path here{HPOGRID_CONFIGURATIONS};

/// A project folder with everything that good.json names, and some things that a script may not be.
class Malformed : public testing::Test {
  protected:
    Malformed() {
        folder_.write("scripts/train.py", "");
        folder_.write("scripts/notes.txt", "");
        std::filesystem::create_directories(folder_.path() / "scripts/folder");
        std::filesystem::create_directories(folder_.path() / "scripts/folder.py");
    }

    [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "malformed.json"; }

    /// The sentence that refuses the text, checked for its form.
    [[nodiscard]] std::string refusal_of(const std::string& text) const {
        try {
            static_cast<void>(parse_project_text(text, file()));
        } catch (const InputError& error) {
            const std::string sentence = error.what();
            EXPECT_TRUE(sentence.starts_with(file().string() + ": ")) << sentence;
            EXPECT_FALSE(has_control_characters(sentence)) << sentence;
            EXPECT_LE(sentence.size(), 2000U);
            return sentence;
        } catch (const std::exception& error) {
            ADD_FAILURE() << "refused by another exception: " << error.what();
            return {};
        }
        ADD_FAILURE() << "accepted";
        return {};
    }

    void check(const std::string& text, const json& says) const {
        const std::string sentence = refusal_of(text);
        for (const json& part : says) {
            EXPECT_THAT(sentence, HasSubstr(part.get<std::string>()));
        }
    }

    json good_ = read_json_file(here / "good.json");
    tests::TemporaryFolder folder_;
};

std::string changed(json document, const json& change) {
    const json::json_pointer at{change.at("at").get<std::string>()};
    if (change.contains("is")) {
        document[at] = change.at("is");
    } else {
        document.at(at.parent_pointer()).erase(at.back());
    }
    return document.dump();
}

TEST_F(Malformed, IsNotTheConfigurationThatTheCasesChange) {
    EXPECT_EQ(parse_project_text(good_.dump(), file()).search_space.size(), good_["search_space"].size());
}

class MalformedCases : public Malformed, public testing::WithParamInterface<std::string> {};

TEST_P(MalformedCases, AreEachRefusedInOneSentence) {
    const json cases = read_json_file(here / "cases" / (GetParam() + ".json"));
    ASSERT_GE(cases.size(), 5U);
    for (const json& entry : cases) {
        SCOPED_TRACE(entry.dump());
        check(entry.contains("text") ? entry.at("text").get<std::string>() : changed(good_, entry), entry.at("says"));
    }
}

INSTANTIATE_TEST_SUITE_P(Files, MalformedCases,
                         testing::Values("texts", "project", "model", "search_space", "hpo", "grid"),
                         [](const auto& instance) { return instance.param; });

TEST_F(Malformed, IsEveryTextThatEndsTooEarly) {
    const std::string text = good_.dump();
    for (std::size_t length = 0; length < text.size(); ++length) {
        SCOPED_TRACE(length);
        static_cast<void>(refusal_of(text.substr(0, length)));
    }
}

TEST_F(Malformed, IsEveryKeyThatLacksALetterAndTheKeyIsNamed) {
    const std::string sections[] = {"", "/model_config", "/hpo_config", "/hpo_config/resource"};
    for (const std::string& section : sections) {
        const json object = good_.at(json::json_pointer{section});
        for (const auto& [key, value] : object.items()) {
            const std::string typo = key.substr(0, 1) + key.substr(2);
            SCOPED_TRACE(section + "/" + typo);
            json document = good_;
            document[json::json_pointer{section}].erase(key);
            document[json::json_pointer{section + "/" + typo}] = value;
            check(document.dump(), {"is unknown (did you mean '" + key + "'?)"});
        }
    }
}

TEST_F(Malformed, IsWhatIsNotUtf8) {
    check("{\"project_name\": \"\xFF\"}", {"is not UTF-8"});
    check(std::string{"\xFF\xFE{\0}\0", 6}, {"is not UTF-8"});
    check("{\"\xC0\xAF\": 1}", {"is not UTF-8"});
}

TEST_F(Malformed, IsWhatIsTooDeepOrTooLong) {
    check(std::string(1'000'000, '['), {"nested deeper than 64"});
    json document = good_;
    document["model_config"]["script"] = std::string(5000, 'x');
    check(document.dump(), {"key 'model_config.script' is \"xxx", "(too long)"});
    document = good_;
    document["search_space"]["c"]["dimension"]["categories"] = std::vector<int>(100'000, 1);
    check(document.dump(), {"allowed: a list of 1 to 10000 values"});
    document = good_;
    document[std::string(100'000, 'k')] = 1;
    check(document.dump(), {"is unknown"});
}

TEST_F(Malformed, HasOneSentenceAlsoWhenItsFileHasAnOddName) {
    const auto odd = folder_.path() / "two\nlines.json";
    try {
        static_cast<void>(parse_project_text("{", odd));
        FAIL() << "accepted";
    } catch (const InputError& error) {
        EXPECT_THAT(error.what(), HasSubstr("two\\x0Alines.json: "));
        EXPECT_FALSE(has_control_characters(error.what()));
    }
}

}  // namespace
}  // namespace hpogrid::config
