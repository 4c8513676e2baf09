"""How jobs end: a batch system signals their processes one after the other, and mpirun may outlive its ranks."""
import contextlib
import os
import pathlib
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
import engine  # noqa: E402
import process_table  # noqa: E402


class JobEnd(engine.EngineTestCase):
    def test_a_trial_that_is_ended_with_its_engine_runs_again(self):
        # In either order: Slurm knows of none.
        for engine_is_first in (True, False):
            with self.subTest(engine_is_first=engine_is_first):
                self.end_job_and_resume(engine_is_first)

    def end_job_and_resume(self, engine_is_first):
        project = self.write_project(engine.SLOW, hpo_config={"num_trials": 4})
        results = self.folder / f"results_{engine_is_first}.h5"
        arguments = [project, "-o", results, "--resume"]
        process = engine.start(arguments, cwd=self.folder)
        engine.wait_until((self.folder / f"results_{engine_is_first}.trials/000001").exists, what="trial 1")
        time.sleep(0.3)
        ranks = [process.pid, *engine.rank_processes(process.pid).values()]
        trials = [member for member in process_table.descendants(process.pid) if member not in ranks]
        for group in (ranks, trials) if engine_is_first else (trials, ranks):
            for member in group:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(member, signal.SIGTERM)
            time.sleep(0.1)
        output, _ = process.communicate(timeout=60)
        self.assertNotIn("failed", self.read_results(results)["trials/state"], output)
        self.assert_succeeds(arguments)
        self.assertEqual(self.read_results(results)["trials/state"], ["completed"] * 4)

    def test_an_mpirun_that_hangs_when_its_ranks_have_died_is_ended(self):
        project = self.write_project(engine.SLOW, hpo_config={"num_trials": 4})
        process = engine.start([project, "-o", self.results], ranks=2, cwd=self.folder)
        ranks = engine.wait_until(lambda: len(engine.rank_processes(process.pid)) == 2 and
                                  engine.rank_processes(process.pid), what="two ranks")
        engine.wait_until((self.folder / "results.trials/000000").exists, what="trial 0")
        mpirun = process_table.parent(ranks[0])
        os.kill(mpirun, signal.SIGSTOP)  # stands for a deadlock in it
        for rank in ranks.values():
            os.kill(rank, signal.SIGKILL)
        process.communicate(timeout=90)
        self.assertNotEqual(process.returncode, 0)
        self.assertFalse(process_table.is_alive(mpirun))
        self.assert_succeeds([project, "-o", self.results, "--resume"], ranks=2)
        self.assertEqual(self.read_results()["trials/state"], ["completed"] * 4)


if __name__ == "__main__":
    unittest.main(verbosity=2)
