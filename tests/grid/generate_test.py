"""hpogrid generate as iDDS calls it: its files, its placeholders, its rules for the number of points."""
import json
import os
import pathlib
import shlex
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import option_proof  # noqa: E402
from hpogrid import HPOGRID, HpogridTestCase  # noqa: E402
from option_proof import proves  # noqa: E402

SPACE = {"height": {"method": "uniform", "dimension": {"low": -100, "high": 100}},
         "kind": {"method": "categorical", "dimension": {"categories": ["a", "b", 3]}}}


def loss(point):
    return (point["height"] - 14) ** 2 + (100 if point["kind"] == "a" else 0)


class Idds:
    """A search as iDDS runs it: it asks for points while some are wanted, and evaluates what it gets."""

    def __init__(self, test, command, max_points, points_per_step, space=None, sign=1):
        self.test, self.command, self.max_points, self.step_size = test, command, max_points, points_per_step
        self.space, self.sign = space, sign
        self.points, self.steps = [], 0

    def step(self):
        """Asks for points; answers what came, which is not evaluated yet."""
        wanted = min(self.step_size, self.max_points - len(self.points))
        (self.test.base / "idds_input.json").write_text(json.dumps({"points": self.points, "opt_space": self.space}))
        command = self.command
        for placeholder, value in (("%MAX_POINTS", self.max_points), ("%NUM_POINTS", wanted), ("%IN", "idds_input.json"),
                                   ("%OUT", "idds_output.json")):
            command = command.replace(placeholder, str(value))
        command = shlex.join(["hpogrid", *option_proof.without_left_out("hpogrid", shlex.split(command)[1:])])
        (self.test.base / "idds_output.json").unlink(missing_ok=True)
        done = subprocess.run(["/bin/sh", "-c", command], cwd=self.test.base, env=self.test.environment,
                              capture_output=True, text=True, timeout=60)
        self.test.assertEqual(done.returncode, 0, done.stderr)
        self.steps += 1
        new = json.loads((self.test.base / "idds_output.json").read_text())
        self.test.assertIsInstance(new, list)
        self.test.assertLessEqual(len(new), wanted)
        return new

    def run(self):
        while new := self.step():
            self.points += [[point, self.sign * loss(point)] for point in new]
        return [value for _, value in self.points]


class Generate(HpogridTestCase):
    def setUp(self):
        super().setUp()
        (self.base / "space.json").write_text(json.dumps(SPACE))
        self.environment["PATH"] = f"{pathlib.Path(HPOGRID).parent}:{os.environ['PATH']}"

    def command(self, *more):
        return " ".join(["hpogrid generate --n_point=%NUM_POINTS --max_point=%MAX_POINTS --infile=%IN --outfile=%OUT",
                         *more])

    @proves("generate", "--n_point=/-n", "--max_point=/-m", "--infile=/-i", "--outfile=/-o", "--space=/-s")
    def test_a_search_has_as_many_points_as_were_planned_and_learns(self):
        search = Idds(self, self.command("-s space.json --metric loss --mode min --method auto"), 40, 8)
        losses = search.run()
        self.assertEqual((len(losses), search.steps), (40, 6))
        self.assertEqual(len({json.dumps(point) for point, _ in search.points}), 40)
        self.assertLess(min(losses), 1.0)
        self.assertLess(sum(losses[-8:]) / 8, sum(losses[:8]) / 8)

    @proves("generate", "--mode=")
    def test_mode_says_what_is_good(self):
        losses = [-value for value in Idds(self, self.command("-s space.json --mode max"), 40, 8, sign=-1).run()]
        self.assertLess(min(losses), 1.0)

    @proves("generate", "--metric=")
    def test_metric_chooses_one_of_several_results(self):
        points = [[{"height": float(x), "kind": "b"}, {"loss": float((x + 75) ** 2), "error": float((x - 14) ** 2)}]
                  for x in range(-100, 100, 10)]
        for metric, best in (("error", 14), ("loss", -75)):
            search = Idds(self, self.command("-s space.json --method auto --metric", metric), 60, 1)
            search.points = points
            self.assertLess(abs(search.step()[0]["height"] - best), 10, metric)

    def test_the_space_comes_from_a_file_a_text_a_configuration_or_the_history(self):
        self.hpogrid("search_space", "create", "mine", json.dumps(SPACE))
        for option in ("-s space.json", f"--space '{json.dumps(SPACE)}'", "--space mine"):
            self.assertEqual(set(Idds(self, self.command(option), 3, 3).step()[0]), set(SPACE), option)
        self.assertEqual(set(Idds(self, self.command(), 3, 3, space=SPACE).step()[0]), set(SPACE))

    @proves("generate", "--method=", "--seed=")
    def test_method_and_seed_change_the_points(self):
        first = Idds(self, self.command("-s space.json --method sobol"), 8, 8).step()
        self.assertEqual(first, Idds(self, self.command("-s space.json --method sobol"), 8, 8).step())
        self.assertNotEqual(first, Idds(self, self.command("-s space.json --method sobol --seed 1"), 8, 8).step())
        self.assertNotEqual(first, Idds(self, self.command("-s space.json --method random"), 8, 8).step())

    def test_what_cannot_be_used_is_refused_without_an_output(self):
        def refuse(*options):
            return self.refusal("generate", "--n_point", "1", "--max_point", "2", "--outfile", "out.json", *options)
        self.assertIn("in.json", refuse("--infile", "in.json", "-s", "space.json"))
        (self.base / "in.json").write_text('{"points": [], "opt_space": null}')
        self.assertIn("'opt_space' holds no search space", refuse("--infile", "in.json"))
        self.assertIn("did you mean 'sobol'", refuse("--infile", "in.json", "-s", "space.json", "--method", "sobl"))
        (self.base / "in.json").write_text('{"points": [[{"height": 700, "kind": "a"}, 1]], "opt_space": null}')
        self.assertIn("in.json: points[0]: ", refuse("--infile", "in.json", "-s", "space.json"))
        self.assertIn("--n_point", self.refusal("generate", "--n_point", "-1", "--max_point", "2", "--infile", "in.json",
                                               "--outfile", "out.json"))
        self.assertFalse((self.base / "out.json").exists())


if __name__ == "__main__":
    unittest.main()
