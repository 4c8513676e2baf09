#include "launchers/http/http_get.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string_view>
#include <thread>

namespace hpogrid::launchers {
namespace {

using testing::HasSubstr;

/// A server on loopback that takes one question and answers these bytes; none = it never answers.
class OneAnswer {
  public:
    explicit OneAnswer(std::string_view answer) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
        // Whatever proxy the environment names, loopback is reached without.
        ::setenv("NO_PROXY", "127.0.0.1", 1);
        ::setenv("no_proxy", "127.0.0.1", 1);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(socket_, 1) != 0 ||
            ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
            ADD_FAILURE() << "no socket on loopback";
        }
        service.url = fmt::format("http://127.0.0.1:{}", ::ntohs(address.sin_port));
        if (!answer.empty()) {
            thread_ = std::jthread{[this, answer] {
                const int connection = ::accept(socket_, nullptr, nullptr);
                std::array<char, 4096> question{};
                static_cast<void>(::read(connection, question.data(), question.size()));
                static_cast<void>(::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL));
                ::close(connection);
            }};
        }
    }
    OneAnswer(const OneAnswer&) = delete;
    OneAnswer& operator=(const OneAnswer&) = delete;
    ~OneAnswer() {
        thread_ = {};
        ::close(socket_);
    }

    Service service{"Server", "SERVER_URL", ""};

  private:
    int socket_;
    std::jthread thread_;
};

std::string complaint(const Service& service, const Patience& patience) {
    try {
        return "answered " + http_get(service, {.path = "/", .patience = patience});
    } catch (const ServiceError& error) {
        return error.what();
    }
}

TEST(HttpGet, AnswersWhatTheServerSays) {
    const OneAnswer server{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"};
    EXPECT_EQ(complaint(server.service, {}), "answered hi");
}

TEST(HttpGet, GivesUpOnAServerThatIsSilent) {
    const OneAnswer server{""};
    EXPECT_THAT(complaint(server.service, {.silence = std::chrono::seconds{1}}), HasSubstr("cannot be reached"));
}

TEST(HttpGet, RefusesAnAnswerThatIsTooLong) {
    const OneAnswer server{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"};
    EXPECT_THAT(complaint(server.service, {.most_bytes = 4}), HasSubstr("answers more than 4 bytes"));
}

TEST(HttpGet, FollowsNoRedirectionToAnotherProtocol) {
    const OneAnswer server{"HTTP/1.1 302 Found\r\nLocation: file:///etc/hostname\r\nContent-Length: 0\r\n\r\n"};
    EXPECT_THAT(complaint(server.service, {}), HasSubstr("cannot be reached"));
}

}  // namespace
}  // namespace hpogrid::launchers
