import errno
import itertools
import os
import pathlib
import sys
import tempfile
import threading
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "engine/python"))
from hpogrid import checkpoint  # noqa: E402


def path_of(descriptor):
    return os.readlink("/proc/self/fd/{}".format(descriptor))


class FlushedFiles(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(os.path.realpath(temporary.name))
        (self.folder / "inner/most").mkdir(parents=True)
        for number in range(30):
            (self.folder / ("inner/most" if number % 2 else "inner") / str(number)).write_bytes(b"x" * number)
        self.all = [str(self.folder), *map(str, self.folder.rglob("*"))]

    def flush(self, fsync):
        with mock.patch.object(os, "fsync", fsync):
            return checkpoint.flush_files(str(self.folder))

    def test_every_file_and_folder_is_on_the_disk_once_and_sizes_are_added(self):
        flushed = []
        self.assertEqual(self.flush(lambda descriptor: flushed.append(path_of(descriptor))), sum(range(30)))
        self.assertEqual(sorted(flushed), sorted(self.all))

    def test_the_disk_is_asked_for_several_at_once(self):
        together, calls = threading.Barrier(2), itertools.count()

        def fsync(_):
            if next(calls) < 2:
                together.wait(timeout=10)

        self.flush(fsync)
        self.assertFalse(together.broken)

    def test_one_file_that_cannot_be_written_fails_the_whole(self):
        def fsync(descriptor):
            if path_of(descriptor).endswith("/inner/most/29"):
                raise OSError(errno.ENOSPC, "No space left on device")

        with self.assertRaises(OSError) as raised:
            self.flush(fsync)
        self.assertEqual(raised.exception.errno, errno.ENOSPC)

    def test_where_no_thread_can_be_started_one_does_it_all(self):
        flushed = []
        with mock.patch.object(threading.Thread, "start", side_effect=RuntimeError("can't start new thread")):
            self.flush(lambda descriptor: flushed.append(path_of(descriptor)))
        self.assertEqual(sorted(flushed), sorted(self.all))


if __name__ == "__main__":
    unittest.main()
