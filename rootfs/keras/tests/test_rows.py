"""The split, the order of rows, and preprocessing."""

import unittest

import numpy

from trainer import preprocess, split
from trainer.definition import Preprocessing

from .submission import Case


class SplitTests(Case):
    def test_every_row_is_in_exactly_one_part(self):
        for rows, share in [(10, 0.2), (178, 0.2), (7, 0.5), (100, 0.99), (5, 0)]:
            parts = split.split(rows, share, 3)
            self.assertEqual(sorted([*parts.training, *parts.validation]), list(range(rows)))
            self.assertEqual(len(parts.validation), int(rows * share))

    def test_the_seed_decides(self):
        self.assertEqual(split.split(50, 0.2, 1).validation.tolist(), split.split(50, 0.2, 1).validation.tolist())
        self.assertNotEqual(split.split(50, 0.2, 1).validation.tolist(), split.split(50, 0.2, 2).validation.tolist())

    def test_a_file_sorted_by_class_gives_both_parts_all_classes(self):
        labels = numpy.repeat([0, 1, 2], 60)
        self.assertEqual(set(labels[split.split(180, 0.2, 0).validation]), {0, 1, 2})

    def test_each_epoch_has_its_own_order_whatever_ran_before(self):
        self.assertEqual(sorted(split.epoch_order(9, 0, 4)), list(range(9)))
        self.assertNotEqual(split.epoch_order(50, 0, 1).tolist(), split.epoch_order(50, 0, 2).tolist())
        self.assertEqual(split.epoch_order(50, 0, 4).tolist(), split.epoch_order(50, 0, 4).tolist())

    def test_refusals(self):
        with self.refused("too-few-rows", "validation_split"):
            split.split(4, 0.2, 0)
        usual = {"batch_size": 8, "steps_per_epoch": None, "validation_steps": None}
        with self.refused("too-few-rows", "batch_size"):
            split.check_batches(7, 2, usual)
        with self.refused("parameter-out-of-range", "validation_steps"):
            split.check_batches(80, 20, usual | {"validation_steps": 4})

    def test_steps(self):
        usual = {"batch_size": 8, "steps_per_epoch": 0, "validation_steps": 0}
        self.assertEqual(split.check_batches(80, 20, usual), (10, 3))
        self.assertEqual(split.check_batches(81, 0, usual), (11, 0))
        self.assertEqual(split.check_batches(80, 20, usual | {"steps_per_epoch": 25, "validation_steps": 2}), (25, 2))


class PreprocessTests(Case):
    def test_normalize_then_scale_then_clip(self):
        rows = numpy.array([[1.0], [3.0]], numpy.float32)  # mean 2, deviation 1
        known = preprocess.statistics(rows)
        steps = Preprocessing(True, 10.0, (-5.0, 20.0))
        self.assertEqual(preprocess.apply(rows, steps, known).round(3).tolist(), [[-5.0], [10.0]])

    def test_statistics_are_those_of_the_training_rows(self):
        training = numpy.array([[0.0], [2.0]], numpy.float32)
        known = preprocess.statistics(training)
        self.assertEqual((known.mean, known.deviation, known.rows), ((1.0,), (1.0,), 2))
        outlier = preprocess.apply(numpy.array([[1001.0]], numpy.float32), Preprocessing(True), known)
        self.assertAlmostEqual(float(outlier[0, 0]), 1000, 1)

    def test_a_constant_column_becomes_zero(self):
        rows = numpy.full((4, 1), 7, numpy.float32)
        self.assertEqual(preprocess.apply(rows, Preprocessing(True), preprocess.statistics(rows)).tolist(), [[0.0]] * 4)

    def test_without_steps_nothing_changes(self):
        rows = numpy.array([[1.5, -2.25]], numpy.float32)
        numpy.testing.assert_array_equal(preprocess.apply(rows, Preprocessing(), None), rows)

    def test_overflow_is_refused(self):
        with self.refused("preprocessing-overflow"):
            preprocess.apply(numpy.array([[3e38]], numpy.float32), Preprocessing(scale=10.0), None)

    def test_the_digest_sees_the_last_bit(self):
        rows = numpy.array([[1.0], [2.0]], numpy.float32)
        shifted = numpy.array([[1.0], [numpy.nextafter(numpy.float32(2), numpy.float32(3))]], numpy.float32)
        self.assertNotEqual(preprocess.statistics(rows).digest(), preprocess.statistics(shifted).digest())

    def test_labels_are_renamed_only_when_they_have_gaps(self):
        self.assertEqual(preprocess.remap(numpy.array([0, 2, 1]))[0].tolist(), [0, 2, 1])
        dense, mapping = preprocess.remap(numpy.array([8, 3, 8, -1]))
        self.assertEqual((dense.tolist(), mapping), ([2, 1, 2, 0], {-1: 0, 3: 1, 8: 2}))


if __name__ == "__main__":
    unittest.main()
