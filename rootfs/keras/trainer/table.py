"""The CSV: exactly the columns that the definition names, as numbers, or an error that names line and column."""

import array
import csv
import dataclasses
import pathlib

import numpy

from .definition import Definition
from .fault import Fault


@dataclasses.dataclass(frozen=True)
class Table:
    features: numpy.ndarray  # float32, rows x features
    labels: numpy.ndarray  # int64, as in the file
    ignored: tuple[str, ...]  # columns of the file that the definition does not name


def read(path: pathlib.Path, definition: Definition) -> Table:
    """One pass, no dataframe: importing one costs more than reading the usual file."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return _Reader(path.name, definition).table(file)
    except UnicodeDecodeError:
        raise Fault("csv-not-utf8", "the file is not UTF-8 text", path.name, "save it as UTF-8 CSV") from None


class _Reader:
    def __init__(self, name: str, definition: Definition):
        self._name, self._definition = name, definition
        self._odd = False  # the present line has what float() takes but CSV numbers don't: "1_000", other digits than ours

    def table(self, file) -> Table:
        rows = csv.reader(self._lines(file), strict=True)
        try:
            header = self._header(next(rows, None))
            place = {column: number for number, column in enumerate(header)}
            places = [place[column] for column in self._definition.features]
            values, labels, lines = self._values(rows, header, places, place[self._definition.label])
        except csv.Error as error:
            raise self._fault("csv-malformed", str(error), rows.line_num, "check the quotes around this line") from None
        if not labels:
            raise Fault("csv-no-rows", "there is a header and no row", self._name, "add rows")
        features = numpy.frombuffer(values, numpy.float32).reshape(len(labels), len(places))
        finite = numpy.isfinite(features)
        if not finite.all():
            row, column = numpy.argwhere(~finite)[0]
            raise self._fault("csv-not-finite", f"column {self._definition.features[column]!r} holds no finite 32-bit number",
                              lines[row], "remove the row or fill in a value")
        known = {*self._definition.features, self._definition.label}
        return Table(features, numpy.array(labels, numpy.int64), tuple(column for column in header if column not in known))

    def _lines(self, file):
        for line in file:
            self._odd = "_" in line or not line.isascii()
            yield line

    def _header(self, header: list[str] | None) -> list[str]:
        if not header or not any(cell.strip() for cell in header):
            raise Fault("csv-empty", "the first line holds no column names", f"{self._name} line 1", "start with a line of column names")
        header = [cell.strip() for cell in header]
        known = set()
        for column in header:
            if column in known:
                raise self._fault("csv-duplicate-column", f"two columns are named {column!r}", 1, "rename one of them")
            known.add(column)
        for column in (*self._definition.features, self._definition.label):
            if column not in known:
                hint = "separate columns by commas, not by semicolons" if len(header) == 1 and ";" in header[0] else \
                    f"add it, or take it out of the definition; the file has: {', '.join(header[:20])}"
                raise self._fault("missing-column", f"the definition names the column {column!r}, the file has none", 1, hint)
        return header

    def _values(self, rows, header: list[str], places: list[int], label: int):
        values, labels, lines = array.array("f"), array.array("q"), array.array("Q")
        for row in rows:
            if len(row) != len(header):
                if not row:
                    continue  # an empty line, as at the end of many files
                raise self._fault("csv-truncated-row", f"{len(row)} fields where the header has {len(header)}", rows.line_num,
                                  "complete the row; a cut-off upload ends like this too")
            try:
                if self._odd:
                    self._plain(row, places)
                values.extend([float(row[place]) for place in places])
            except ValueError:
                raise self._not_a_number(row, header, places, rows.line_num) from None
            labels.append(self._label(row[label], rows.line_num))
            lines.append(rows.line_num)
        return values, labels, lines

    def _plain(self, row: list[str], places: list[int]) -> None:
        for place in places:
            if "_" in row[place] or not row[place].isascii():
                raise ValueError

    def _not_a_number(self, row: list[str], header: list[str], places: list[int], line: int) -> Fault:
        for place in places:
            try:
                self._plain(row, [place])
                float(row[place])
            except ValueError:
                return self._fault("csv-not-a-number", f"column {header[place]!r} holds {row[place][:80]!r}", line,
                                   "write a decimal number with a point, or take the column out of the definition")
        raise AssertionError("a row was refused that has no bad cell")

    def _label(self, cell: str, line: int) -> int:
        where = f"the label {self._definition.label!r} is {cell[:80]!r}"
        try:
            if "_" in cell or not cell.isascii():
                raise ValueError
            number = float(cell)
            value = int(cell) if cell.strip().lstrip("+-").isdigit() else int(number)
        except (ValueError, OverflowError):  # int(inf), int(nan)
            raise self._fault("label-not-integral", where, line, "labels are whole numbers; encode classes as 0, 1, 2, …") from None
        if value != number and not cell.strip().lstrip("+-").isdigit():
            raise self._fault("label-not-integral", where, line, "labels are whole numbers; this rootfs does not train on fractions")
        if not -(2**63) <= value < 2**63:
            raise self._fault("label-not-integral", where, line, "labels must fit 64 bits")
        return value

    def _fault(self, code: str, message: str, line: int, remedy: str) -> Fault:
        return Fault(code, message, f"{self._name} line {line}", remedy)
