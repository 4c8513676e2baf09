"""Crashes of ranks: nothing acknowledged is lost, nothing runs twice to its end, the results open each time."""
import collections
import os
import pathlib
import random
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
import engine  # noqa: E402
import process_table  # noqa: E402

CRASHES = int(os.environ.get("HPOGRID_CRASHES", "50"))

# Every run of a trial to its end leaves a line that a crash cannot take back.
COUNTED = """
import os, time

def objective(config, reporter):
    time.sleep(0.03)
    reporter(loss=config["x"])
    time.sleep(0.03)
    with open({ledger!r}, "a") as ledger:
        ledger.write(os.environ["HPOGRID_TRIAL_ID"] + "\\n")
"""


class Crashes(engine.EngineTestCase):
    def crash_at(self, arguments, seconds):
        """kill -9 of rank 0 after so many seconds, and of what it leaves; answers whether it was still running."""
        # Ranks that wait for a dead one while MPI starts are to give up soon.
        process = engine.start(arguments, ranks=3, cwd=self.folder, HPOGRID_MPI_TIMEOUT="5")
        self.addCleanup(process.stdout.close)
        try:
            ranks = engine.wait_until(lambda: engine.rank_processes(process.pid).get(0) or process.poll() is not None,
                                      what="rank 0")
            time.sleep(seconds)
            running = process.poll() is None
            if running and ranks is not True:
                os.kill(ranks, signal.SIGKILL)
            output, _ = process.communicate(timeout=60)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        return running, output

    def wait_for_trial(self, number):
        """Until it has begun; and, with as many workers, each of them has had one."""
        engine.wait_until((self.folder / f"results.trials/{number:06}").exists, what=f"trial {number}")

    def test_rank_0_dies_at_random_moments_and_the_study_resumes(self):
        trials = 300
        ledger = self.folder / "ledger.txt"
        project = self.write_project(COUNTED.format(ledger=str(ledger)), hpo_config={"num_trials": trials})
        moments = random.Random(2026)
        crashes = 0
        known = {}
        arguments = [project, "-o", self.results, "--resume", "--progress", "none"]
        for _ in range(CRASHES):
            running, output = self.crash_at(arguments, moments.uniform(0.0, 0.9))
            crashes += running
            if self.results.exists():
                content = self.read_results()
                for trial, state, loss in zip(content["trials/id"], content["trials/state"],
                                              content["trials/metrics/loss"] if "trials/metrics/loss" in content
                                              else [float("nan")] * len(content["trials/id"])):
                    if trial in known:
                        self.assertEqual((state, loss), known[trial], f"trial {trial} changed after it had ended")
                    elif state == "completed":
                        known[trial] = (state, loss)
            if not running:
                break
        self.assert_succeeds(arguments, ranks=3)
        content = self.read_results()
        self.assertEqual(content["trials/id"], list(range(trials)))
        self.assertEqual(set(content["trials/state"]), {"completed"})
        for trial, (state, loss) in known.items():
            self.assertEqual(content["trials/metrics/loss"][trial], loss)
        # A trial may end in the instant before the crash, unacknowledged: it runs again. Acknowledged ones never do.
        runs = collections.Counter(int(line) for line in ledger.read_text().split())
        self.assertEqual(set(runs), set(range(trials)))
        twice = sum(count - 1 for count in runs.values())
        self.assertLessEqual(twice, 4 * crashes)
        for trial in known:
            attempts = content["trials/attempt"][trial]
            self.assertLessEqual(runs[trial], attempts)
        print(f"{crashes} crashes, {twice} unacknowledged ends repeated, {len(known)} trials checked on the way")

    def test_a_dead_worker_costs_only_its_running_trials(self):
        project = self.write_project(engine.SLOW, hpo_config={"num_trials": 12})
        process = engine.start([project, "-o", self.results], ranks=4, cwd=self.folder)
        victim = engine.wait_until(lambda: len(engine.rank_processes(process.pid)) == 4 and
                                   engine.rank_processes(process.pid)[2], what="four ranks")
        self.wait_for_trial(3)
        os.kill(victim, signal.SIGKILL)
        output, _ = process.communicate(timeout=90)
        self.assertEqual(process.returncode, 0, output)
        content = self.read_results()
        self.assertEqual(content["trials/state"], ["completed"] * 12)
        self.assertEqual(max(content["trials/attempt"]), 2)
        self.assertLessEqual(sum(attempt > 1 for attempt in content["trials/attempt"]), 2)
        left = [attempt for attempt, worker in zip(content["trials/attempt"], content["trials/worker"]) if attempt > 1
                and worker == 2]
        self.assertEqual(left, [], "a repeated trial is said to have run on the dead rank")

    def test_the_death_of_every_worker_is_an_abnormal_end_that_resume_repairs(self):
        project = self.write_project(engine.SLOW, hpo_config={"num_trials": 6})
        process = engine.start([project, "-o", self.results], ranks=3, cwd=self.folder)
        ranks = engine.wait_until(lambda: len(engine.rank_processes(process.pid)) == 3 and
                                  engine.rank_processes(process.pid), what="three ranks")
        self.wait_for_trial(2)
        for rank in (1, 2):
            os.kill(ranks[rank], signal.SIGKILL)
        output, _ = process.communicate(timeout=60)
        self.assertIn("--resume", output)
        self.assert_succeeds([project, "-o", self.results, "--resume"], ranks=3)
        self.assertEqual(self.read_results()["trials/state"], ["completed"] * 6)

    def test_no_trial_process_survives_its_rank(self):
        project = self.write_project(engine.SLOW.replace("range(10)", "range(1000)"))
        process = engine.start([project, "-o", self.results], ranks=2, cwd=self.folder)
        engine.wait_until(lambda: len(engine.rank_processes(process.pid)) == 2, what="two ranks")
        self.wait_for_trial(0)
        family = process_table.descendants(process.pid)
        os.kill(engine.rank_processes(process.pid)[0], signal.SIGKILL)
        process.communicate(timeout=60)
        engine.wait_until(lambda: not any(process_table.is_alive(member) for member in family),
                          what="the end of every process of the run")


if __name__ == "__main__":
    unittest.main(verbosity=2)
