"""Session and transport under the real mpirun; transport_ranks.cpp checks, this looks at how the ranks end."""
import os
import re
import signal
import subprocess
import time
import unittest

RANKS_PROGRAM = os.environ.get("HPOGRID_TRANSPORT_RANKS", "transport_ranks")
# As in jobs/run-engine.
LAUNCHER = ["mpirun", "--oversubscribe", "--bind-to", "none", "--enable-recovery",
            "--mca", "btl_vader_single_copy_mechanism", "none", "--mca", "odls_base_sigkill_timeout", "5"]


def run(command, timeout):
    """(output, exit status, seconds) of a command that is to end within `timeout` seconds."""
    environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    began = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, start_new_session=True)
    try:
        output, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        # Its ranks are in process groups of their own; they end by SIGALRM at the latest.
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        raise AssertionError(f"{command[-1]} did not end within {timeout} s; its output:\n{output}")
    return output, process.returncode, time.monotonic() - began


class TransportTestCase(unittest.TestCase):
    def check(self, scenario, ranks, content=None, aborts=False, timeout=60):
        """Every rank, or every one in `content`, sees what was promised."""
        output, status, seconds = run([*LAUNCHER, "-n", str(ranks), RANKS_PROGRAM, scenario], timeout)
        seen = sorted(int(rank) for rank in re.findall(r"^rank (\d+) saw: ", output, re.MULTILINE))
        self.assertEqual(seen, content or list(range(ranks)), output)
        self.assertNotIn("was let down", output)
        if not aborts:
            self.assertNotIn("MPI_ABORT", output)
        self.assertEqual(status, 0, output)
        print(f"{scenario}, {ranks} ranks, {seconds:.1f} s:", *re.findall(r"^rank .*", output, re.MULTILINE),
              sep="\n    ", flush=True)


class Session(TransportTestCase):
    def test_a_world_of_one(self):
        self.check("facts", ranks=1)

    def test_a_world_of_one_without_mpirun(self):
        output, status, _ = run([RANKS_PROGRAM, "facts"], timeout=30)
        self.assertEqual((output, status), ("rank 0 saw: size 1, workers 1, place 0\n", 0))

    def test_a_world_of_two(self):
        self.check("facts", ranks=2)

    def test_a_world_of_four(self):
        self.check("facts", ranks=4)


class Messages(TransportTestCase):
    def test_all_arrive_in_order(self):
        self.check("order", ranks=4)

    def test_large_ones_arrive_and_hold_up_no_others(self):
        self.check("large", ranks=3)

    def test_a_flood_from_one_rank_leaves_the_others_their_turn(self):
        self.check("fair", ranks=3)

    def test_one_larger_than_what_may_be_under_way_arrives(self):
        self.check("oversized", ranks=2)

    def test_the_last_ones_go_out_before_the_end(self):
        self.check("farewell", ranks=3)

    def test_unread_ones_do_not_spoil_the_end(self):
        self.check("unread", ranks=3)

    def test_there_are_none_to_ranks_that_do_not_exist(self):
        self.check("refusals", ranks=2)

    def test_waiting_for_them_costs_little_and_delays_little(self):
        self.check("idle", ranks=3)


class Deaths(TransportTestCase):
    """Rank 1 dies or takes nothing; the others must go on, and mpirun end soon."""

    def test_in_the_middle_of_sending(self):
        self.check("death_of_a_sender", ranks=4, content=[0, 2, 3], timeout=10)

    def test_in_the_middle_of_receiving(self):
        self.check("death_of_a_receiver", ranks=4, content=[0, 2, 3], timeout=10)

    def test_with_many_messages_begun(self):
        self.check("death_with_many_under_way", ranks=4, content=[0, 2, 3], timeout=10)

    def test_a_rank_that_takes_nothing_costs_limited_memory(self):
        # Ends by MPI_Abort, after which mpirun waits for odls_base_sigkill_timeout.
        self.check("deaf_to_much", ranks=3, aborts=True, timeout=20)

    def test_a_rank_that_takes_nothing_costs_a_limited_number_of_messages(self):
        self.check("deaf_to_many", ranks=3, timeout=10)


class Groups(TransportTestCase):
    """Ranks 1, 2 and 3 hand over data while rank 0 talks to each of them."""

    def test_what_one_member_gives_reaches_the_others(self):
        self.check("broadcast", ranks=4)

    def test_a_member_killed_in_the_middle_of_a_broadcast_holds_up_nobody(self):
        self.check("death_of_a_taker", ranks=4, content=[0, 1, 3], timeout=10)

    def test_a_giver_killed_in_the_middle_of_a_broadcast_leaves_nobody_waiting(self):
        self.check("death_of_the_giver", ranks=4, content=[0, 2, 3], timeout=10)


if __name__ == "__main__":
    unittest.main(verbosity=2)
