#pragma once

#include <unistd.h>

#include <stdexcept>

namespace hpogrid::tests {

/// While it lives, permissions bind this process even where root runs the tests.
class Unprivileged {
  public:
    Unprivileged() {
        constexpr ::uid_t nobody = 65534;
        if (user_ == 0 && ::seteuid(nobody) != 0) {
            throw std::runtime_error{"seteuid"};
        }
    }
    Unprivileged(const Unprivileged&) = delete;
    Unprivileged& operator=(const Unprivileged&) = delete;
    ~Unprivileged() { static_cast<void>(::seteuid(user_)); }

  private:
    ::uid_t user_{::geteuid()};
};

}  // namespace hpogrid::tests
