"""Ranks that fall silent and come back: nobody is taken for dead for good, and suspended jobs take nobody for dead."""
import contextlib
import os
import pathlib
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
import engine  # noqa: E402

SILENCE = 3  # seconds, the least that is allowed


class Silence(engine.EngineTestCase):
    def start(self, trials, ranks):
        """Answers the process, and those of its ranks once a trial has begun."""
        project = self.write_project(engine.SLOW, hpo_config={"num_trials": trials})
        process = engine.start([project, "-o", self.results], ranks=ranks, cwd=self.folder,
                               HPOGRID_WORKER_SILENCE=str(SILENCE))
        self.addCleanup(process.stdout.close)
        members = engine.wait_until(lambda: len(engine.rank_processes(process.pid)) == ranks and
                                    engine.rank_processes(process.pid), what="the ranks")
        # A stopped rank cannot end by itself.
        self.addCleanup(self.kill, members.values())
        engine.wait_until((self.folder / f"results.trials/{ranks - 2:06}").exists, what="the first trials")
        return process, members

    @staticmethod
    def kill(processes):
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def test_a_worker_that_was_given_up_comes_back(self):
        process, ranks = self.start(trials=24, ranks=3)
        os.kill(ranks[2], signal.SIGSTOP)
        time.sleep(2 * SILENCE)
        back = time.time()
        os.kill(ranks[2], signal.SIGCONT)
        output, _ = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 0, output)
        self.assertIn(f"rank 2 has been silent for {SILENCE} s", output)
        self.assertIn("rank 2 is back", output)
        content = self.read_results()
        self.assertEqual(content["trials/state"], ["completed"] * 24)
        later = [start for start, worker in zip(content["trials/started"], content["trials/worker"])
                 if worker == 2 and start > back]
        self.assertGreater(len(later), 2, "it takes no trials")
        again = [worker for attempt, worker in zip(content["trials/attempt"], content["trials/worker"]) if attempt > 1]
        self.assertIn(len(again), (1, 2), "the trial that it had, and one that waited there, are repeated and no other")

    def test_the_only_worker_is_waited_for(self):
        process, ranks = self.start(trials=4, ranks=2)
        os.kill(ranks[1], signal.SIGSTOP)
        time.sleep(2 * SILENCE)
        self.assertIsNone(process.poll(), "it gave up")
        os.kill(ranks[1], signal.SIGCONT)
        output, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, output)
        self.assertEqual(self.read_results()["trials/state"], ["completed"] * 4)

    def test_a_silent_worker_that_dies_is_not_waited_for(self):
        process, ranks = self.start(trials=4, ranks=2)
        os.kill(ranks[1], signal.SIGSTOP)
        time.sleep(2 * SILENCE)
        os.kill(ranks[1], signal.SIGKILL)
        output, _ = process.communicate(timeout=30)
        self.assertNotEqual(process.returncode, 0)
        self.assertIn("no worker is left", output)

    def test_a_job_that_is_suspended_takes_nobody_for_dead(self):
        process, ranks = self.start(trials=8, ranks=3)
        for rank in ranks.values():
            os.kill(rank, signal.SIGSTOP)
        time.sleep(3 * SILENCE)
        # Who wakes first hears nobody.
        for rank in (0, 1, 2):
            os.kill(ranks[rank], signal.SIGCONT)
            time.sleep(SILENCE / 3)
        output, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, output)
        self.assertNotIn("silent", output)
        content = self.read_results()
        self.assertEqual((content["trials/state"], content["trials/attempt"]), (["completed"] * 8, [1] * 8))

    def test_a_wrong_time_of_silence_is_refused(self):
        project = self.write_project(engine.SLOW)
        for wrong in ("2", "soon", "1e999"):
            with self.subTest(wrong):
                status, output = engine.run([project, "-o", self.results], cwd=self.folder,
                                            HPOGRID_WORKER_SILENCE=wrong)
                self.assertEqual(status, 2)
                self.assertIn(f"HPOGRID_WORKER_SILENCE is '{wrong}', allowed: seconds, 3 or more", output)
                self.assertFalse(self.results.exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
