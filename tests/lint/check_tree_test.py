"""The lint must be able to fail."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import check_tree  # noqa: E402


class CheckTree(unittest.TestCase):
    def findings(self, name, text):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / name).parent.mkdir(parents=True)
            (root / name).write_text(text)
            return list(check_tree.findings(root))

    def test_an_include_that_points_down_is_fine(self):
        self.assertEqual(self.findings("engine/study/a.cpp", '#include "engine/space/value.hpp"\n'), [])

    def test_an_include_that_points_up_is_refused(self):
        self.assertEqual(len(self.findings("engine/space/a.cpp", '#include "engine/study/study.hpp"\n')), 1)

    def test_an_include_of_another_product_is_refused(self):
        self.assertEqual(len(self.findings("engine/space/a.cpp", '#include "launchers/panda/submit.hpp"\n')), 1)

    def test_kernels_include_neither_the_engine_nor_a_device_from_the_trainer(self):
        self.assertEqual(self.findings("kernels/trainer/a.cpp", '#include "kernels/api/plan.hpp"\n'), [])
        self.assertEqual(len(self.findings("kernels/trainer/a.cpp", '#include "kernels/host/simd.hpp"\n')), 1)
        self.assertEqual(len(self.findings("kernels/host/a.cpp", '#include "engine/core/error.hpp"\n')), 1)

    def test_a_shared_part_of_optimisers_that_includes_an_algorithm_is_refused(self):
        algorithm = '#include "engine/optimizers/skopt.hpp"\n'
        basis = '#include "engine/optimizers/trial_history.hpp"\n#include "engine/optimizers/forest/tree.hpp"\n'
        self.assertEqual(len(self.findings("engine/optimizers/forest/forest.cpp", algorithm)), 1)
        self.assertEqual(self.findings("engine/optimizers/forest/forest.cpp", basis), [])
        self.assertEqual(self.findings("engine/optimizers/registry.cpp", algorithm), [])

    def test_the_launchers_use_the_configuration_but_not_the_cluster(self):
        self.assertEqual(self.findings("launchers/core/a.cpp", '#include "engine/config/project.hpp"\n'), [])
        self.assertEqual(len(self.findings("launchers/core/a.cpp", '#include "engine/cluster/worker.hpp"\n')), 1)
        self.assertEqual(len(self.findings("launchers/core/a.cpp", '#include "launchers/program/command_tree.hpp"\n')), 1)

    def test_long_files_tabs_and_missing_guards_are_refused(self):
        self.assertEqual(len(self.findings("engine/core/a.cpp", "\n" * 401)), 1)
        self.assertEqual(len(self.findings("engine/core/a.cpp", "\tint x;\n")), 1)
        self.assertEqual(len(self.findings("engine/core/a.hpp", "int x;\n")), 1)


if __name__ == "__main__":
    unittest.main()
