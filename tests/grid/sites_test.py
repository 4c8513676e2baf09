"""hpogrid sites: a file, CVMFS, CRIC on loopback, and its last answer in the cache."""
import json
import os
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from hpogrid import HpogridTestCase  # noqa: E402
from loopback_server import LoopbackServer  # noqa: E402
from option_proof import proves  # noqa: E402


def queue(state="ACTIVE", gpu="A100", **others):
    return {"state": state, "status": "online", "maxtime": 86400, "resource_type": "gpu",
            "architectures": [{"type": "gpu", "vendor": ["nvidia"], "model": [gpu]}], **others}


class Cric(LoopbackServer):
    def __init__(self, queues):
        super().__init__()
        self.queues = queues
        self.questions = []

    def answer(self, path, query, body, headers):
        self.questions.append((path, query))
        return 200, self.queues if isinstance(self.queues, str) else json.dumps(self.queues)


class Sites(HpogridTestCase):
    def setUp(self):
        super().setUp()
        self.cric = Cric({"ANALY_ONE_GPU": queue(), "ANALY_CPU": {"state": "ACTIVE", "status": "online"},
                          "OLD_GPU": queue("INACTIVE", "K80")})
        self.addCleanup(self.cric.close)
        self.environment.update(HPOGRID_CRIC_URL=self.cric.address, XDG_CACHE_HOME=str(self.base / "cache"),
                                NO_PROXY="127.0.0.1", no_proxy="127.0.0.1")

    def listed(self, *arguments, **options):
        return [each["queue"] for each in json.loads(self.hpogrid("sites", "--json", *arguments, **options))]

    @proves("sites", "--all", "--json")
    def test_active_gpu_queues_are_listed_with_gpu_and_wall_time(self):
        output = self.hpogrid("sites")
        self.assertRegex(output, r"ANALY_ONE_GPU +online +nvidia A100 +24 h")
        self.assertIn(f"1 GPU queue, as {self.cric.address} says", output)
        self.assertEqual(self.cric.questions, [("/api/atlas/pandaqueue/query/", {"json": "1"})])
        self.assertEqual(self.listed("--all"), ["ANALY_ONE_GPU", "OLD_GPU"])
        self.assertEqual(self.listed("--all", "OLD*"), ["OLD_GPU"])

    @proves("sites", "--sync")
    def test_crics_last_answer_serves_until_it_is_old_or_a_new_one_is_asked_for(self):
        self.listed()
        self.cric.queues = {"NEW_GPU": queue()}
        self.assertEqual(self.listed(), ["ANALY_ONE_GPU"])
        self.assertEqual(self.listed("--sync"), ["NEW_GPU"])
        self.cric.queues = {"NEWEST_GPU": queue()}
        (cache,) = (self.base / "cache/hpogrid").iterdir()
        os.utime(cache, (time.time() - 7 * 3600,) * 2)
        self.assertEqual(self.listed(), ["NEWEST_GPU"])

    def test_where_cric_is_out_of_reach_its_last_answer_serves_however_old(self):
        self.listed()
        (cache,) = (self.base / "cache/hpogrid").iterdir()
        os.utime(cache, (time.time() - 48 * 3600,) * 2)
        self.cric.queues = "<html>log in</html>"
        self.assertIn(f"as {self.cric.address} as of 48.0 hours ago says", self.hpogrid("sites"))
        self.assertIn("answers no JSON", self.refusal("sites", "--sync", status=1))
        cache.unlink()
        self.assertIn("answers no JSON", self.refusal("sites", status=1))
        self.assertEqual(list((self.base / "cache/hpogrid").iterdir()), [])

    @proves("sites", "--from=")
    def test_a_file_and_cvmfs_ask_nobody(self):
        (self.base / "mine.json").write_text(json.dumps({"MY_GPU": queue()}))
        self.assertEqual(self.listed("--from", "mine.json"), ["MY_GPU"])
        folder = self.base / "cvmfs/sw/local/etc"
        folder.mkdir(parents=True)
        (folder / "cric_pandaqueues.json").write_text(json.dumps({"CVMFS_GPU": queue()}))
        self.assertEqual(self.listed(HPOGRID_CRIC_URL="", ALRB_cvmfs_repo=str(self.base / "cvmfs")), ["CVMFS_GPU"])
        self.assertEqual(self.cric.questions, [])
        self.assertIn("cannot be read", self.refusal("sites", "--from", "none.json"))
        (self.base / "list.json").write_text("[]")
        self.assertIn("no object of queues", self.refusal("sites", "--from", "list.json"))

    def test_sites_complete_from_what_is_known_already(self):
        self.assertEqual(self.hpogrid("complete", "--", "run", "x", "--site", "AN"), "")
        self.listed()
        self.assertEqual(self.hpogrid("complete", "--", "run", "x", "--site", "AN"), "ANALY_ONE_GPU\n")
        self.assertEqual(len(self.cric.questions), 1)


if __name__ == "__main__":
    unittest.main()
