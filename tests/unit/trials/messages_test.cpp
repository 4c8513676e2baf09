#include "engine/trials/command/command_arguments.hpp"
#include "engine/trials/command/json_lines.hpp"
#include "engine/trials/report_book.hpp"
#include "engine/trials/trial_channel.hpp"
#include "tests/unit/trials/evaluator_driver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace hpogrid::trials::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

/// What arrives when these bytes are sent in pieces of this size.
std::vector<ProcessMessage> receive(const std::string& bytes, std::size_t piece) {
    auto [channel, other] = TrialChannel::make_pair();
    std::vector<ProcessMessage> messages;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        const std::string part = bytes.substr(at, piece);
        EXPECT_EQ(::send(other.get(), part.data(), part.size(), 0), static_cast<ssize_t>(part.size()));
        channel.receive(messages);
    }
    other.close();
    while (channel.connected()) {
        channel.receive(messages);
    }
    return messages;
}

TEST(TrialChannelTest, ReadsEachKindOfMessageInWhateverPiecesItArrives) {
    const std::string bytes =
        R"_({"report":{"acc":"nan","loss":0.5},"refused":{"name":"'abc' (text)"},"iteration":3,"checkpoint":{"number":2,"bytes":7}})_"
        "\n"
        R"_({"error":"it broke","kind":"oom"})_"
        "\n"
        R"_({"hello":1})_"
        "\n"
        R"_({"done":true})_"
        "\n";
    for (const std::size_t piece : {1UL, 7UL, 1000UL}) {
        const auto messages = receive(bytes, piece);

        ASSERT_EQ(messages.size(), 4U);
        const auto& report = std::get<ReportMessage>(messages[0]);
        ASSERT_EQ(report.metrics.size(), 2U);
        EXPECT_TRUE(std::isnan(report.metrics[0].second));
        EXPECT_EQ(report.metrics[1], std::make_pair(std::string{"loss"}, 0.5));
        EXPECT_THAT(report.refused, ElementsAre(Pair("name", "'abc' (text)")));
        EXPECT_EQ(report.iteration, 3.0);
        ASSERT_TRUE(report.checkpoint);
        EXPECT_EQ(report.checkpoint->number, 2U);
        EXPECT_EQ(report.checkpoint->bytes, 7U);
        EXPECT_EQ(std::get<ErrorMessage>(messages[1]).text, "it broke");
        EXPECT_TRUE(std::get<ErrorMessage>(messages[1]).out_of_memory);
        EXPECT_EQ(std::get<OtherMessage>(messages[2]).line, R"({"hello":1})");
        EXPECT_TRUE(std::holds_alternative<DoneMessage>(messages[3]));
    }
}

TEST(TrialChannelTest, MalformedLinesBecomeMessages) {
    for (const std::string line : {"nonsense", "[1]", "{\"report\":3}", "{\"report\":", "\xff\xfe", "7", "null"}) {
        const ProcessMessage message = parse_process_message(line);
        EXPECT_TRUE(std::holds_alternative<MalformedMessage>(message)) << line;
    }
    const ProcessMessage odd = parse_process_message(R"({"report":{"a":true,"b":[1],"c":null},"iteration":"x"})");
    EXPECT_EQ(std::get<ReportMessage>(odd).refused.size(), 3U);
    EXPECT_FALSE(std::get<ReportMessage>(odd).iteration.has_value());
}

TEST(TrialChannelTest, LineThatIsTooLongIsSkippedAndTheNextOneRead) {
    const std::string bytes = std::string(3 * TrialChannel::longest_line, 'x') + "\n{\"done\":true}\n";

    const auto messages = receive(bytes, 60000);

    ASSERT_EQ(messages.size(), 2U);
    EXPECT_THAT(std::get<MalformedMessage>(messages[0]).text, HasSubstr("longer than 1 MiB"));
    EXPECT_TRUE(std::holds_alternative<DoneMessage>(messages[1]));
}

TEST(TrialChannelTest, QueuesWhatTheOtherSideDoesNotReadYet) {
    auto [channel, other] = TrialChannel::make_pair();
    const std::string line(1 << 20, 'x');

    channel.send(line);
    channel.send(line);

    EXPECT_NE(channel.poll_events() & POLLOUT, 0);
    std::size_t total = 0;
    std::vector<char> buffer(65536);
    while (total < 2 * line.size()) {
        channel.flush();
        const ssize_t count = ::recv(other.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
        ASSERT_GT(count, 0);
        total += static_cast<std::size_t>(count);
    }
    EXPECT_EQ(channel.poll_events() & POLLOUT, 0);
}

TEST(TrialChannelTest, SendingToTheDeadDoesNotKill) {
    auto [channel, other] = TrialChannel::make_pair();
    other.close();

    channel.send("hello\n");
    std::vector<ProcessMessage> messages;
    channel.receive(messages);

    EXPECT_FALSE(channel.connected());
    EXPECT_TRUE(messages.empty());
}

TEST(OrderLineTest, IsOneLineOfJsonWhateverItsPartsContain) {
    TrialOrder what = order(7, "{\n \"lr\": 0.1\n}");
    what.checkpoint = "/a \"b\"\n\xff";

    const std::string line = order_line(what, "/folder", {{"A", "x\ny"}});

    EXPECT_EQ(line.find('\n'), line.size() - 1);
    const auto json = nlohmann::json::parse(line);
    EXPECT_EQ(json["trial"], 7);
    EXPECT_EQ(json["configuration"]["lr"], 0.1);
    EXPECT_EQ(json["seed"], 42);
    EXPECT_EQ(json["environment"]["A"], "x\ny");
}

TEST(JsonLinesTest, FindsLinesThatBeginWithABraceInWhateverPieces) {
    const std::string output = "no {\n{\"a\": 1}\nx\n{\"b\": 2}\n {\"c\": 3}\n{\"d\": 4}";
    for (const std::size_t piece : {1UL, 3UL, 1000UL}) {
        std::vector<std::string> found;
        const auto keep = [&](std::string_view line) { found.emplace_back(line); };
        JsonLines lines;
        for (std::size_t at = 0; at < output.size(); at += piece) {
            lines.feed(std::string_view{output}.substr(at, piece), keep);
        }
        lines.finish(keep);
        EXPECT_THAT(found, ElementsAre("{\"a\": 1}", "{\"b\": 2}", "{\"d\": 4}"));
    }
}

TEST(JsonLinesTest, BareNanOfPythonIsANumberAndWordsInTextsStay) {
    const auto report = parse_metrics(R"({"loss": NaN, "up": Infinity, "down": -Infinity, "note": "is \" NaN"})");

    ASSERT_TRUE(report.has_value());
    ASSERT_EQ(report->metrics.size(), 3U);
    EXPECT_EQ(report->metrics[0].first, "down");
    EXPECT_EQ(report->metrics[0].second, -std::numeric_limits<double>::infinity());
    ASSERT_EQ(report->refused.size(), 1U);
    EXPECT_THAT(report->refused[0].second, HasSubstr("NaN"));
    EXPECT_FALSE(parse_metrics("{broken").has_value());
    EXPECT_FALSE(parse_metrics("[1]").has_value());
    EXPECT_FALSE(parse_metrics("{}, \"done\": {}").has_value()) << "no way out of the object";
}

TEST(CommandArgumentsTest, ReplacesPlaceholdersAndKeepsBracesThatAreDoubled) {
    const CommandArguments arguments{{"--lr={lr}", "{opt}{n}", "{{lr}}", "plain", ""}, {"lr", "opt", "n"}};

    const auto filled = arguments.fill({{"lr", 1e-5}, {"opt", "a b; $(x) {lr}"}, {"n", 3}});

    EXPECT_THAT(filled, ElementsAre("--lr=1e-05", "a b; $(x) {lr}3", "{lr}", "plain", ""));
    EXPECT_THAT(arguments.fill({{"lr", true}}), ElementsAre("--lr=true", "", "{lr}", "plain", ""));
}

TEST(ReportBookTest, CountsIterationsAndKeepsTimeWhereTheScriptDoesNot) {
    ReportBook book{"loss", 100.0};

    const auto first = book.take({{{"loss", 1.0}}, {}, {}, {}}, 101.5);
    const auto second =
        book.take({{{"loss", 1.0}, {"training_iteration", 10.0}, {"time_total_s", 7.0}}, {}, {}, {}}, 102.0);
    const auto third = book.take({{{"loss", 1.0}}, {}, {}, {}}, 103.0);
    const auto fourth = book.take({{{"loss", 1.0}}, {}, 20.0, {}}, 104.0);

    EXPECT_EQ(first.iteration, 1.0);
    EXPECT_THAT(first.metrics,
                ElementsAre(Pair("loss", 1.0), Pair("training_iteration", 1.0), Pair("time_total_s", 1.5)));
    EXPECT_EQ(first.time, 101.5);
    EXPECT_EQ(second.metrics.size(), 3U);
    EXPECT_EQ(second.iteration, 10.0);
    EXPECT_EQ(third.iteration, 11.0);
    EXPECT_EQ(fourth.iteration, 20.0);
    EXPECT_EQ(book.count(), 4U);
    EXPECT_FALSE(book.why_no_score().has_value());
}

TEST(ReportBookTest, MissesNoReportWhereEarlierAttemptsHaveReported) {
    EXPECT_TRUE((ReportBook{"loss", 100.0}.why_no_score().has_value()));
    EXPECT_FALSE((ReportBook{"loss", 100.0, true}.why_no_score().has_value()));
}

}  // namespace
}  // namespace hpogrid::trials::test
