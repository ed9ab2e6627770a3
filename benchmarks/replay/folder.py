"""Read the CSV files of a folder, and say plainly what cannot be understood."""

import csv
from datetime import datetime
from decimal import Decimal, InvalidOperation


class FolderError(Exception):
    """The folder is not understood; the message says which file, which line and why."""


def read_rows(path, columns, required=True):
    """Read a CSV file with a header.

    :param Path path: the file
    :param columns: names of columns that must be there; others are read, too
    :param bool required: a missing file is an error; else it counts as empty
    :return: list of (line number, row as dict of stripped strings)
    :raise FolderError: when the file or a column is missing, or the file is no UTF-8 text
    """
    if not path.is_file():
        if required:
            raise FolderError(f"{path.name} is missing in {path.parent}.")
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return _parse(csv.DictReader(stream), path, columns)
    except UnicodeDecodeError as error:
        raise FolderError(f"{path.name} is no UTF-8 text: {error}.") from error
    except csv.Error as error:
        raise FolderError(f"{path.name} is no readable CSV file: {error}.") from error


def _parse(reader, path, columns):
    missing = [name for name in columns if name not in (reader.fieldnames or [])]
    if missing:
        raise FolderError(f"{path.name} lacks the column(s) {', '.join(missing)}.")
    rows = []
    for row in reader:
        if None in row.values():
            raise FolderError(f"{path.name}, line {reader.line_num}: the row is too short.")
        clean = {name: value.strip() for name, value in row.items() if name is not None}
        rows.append((reader.line_num, clean))
    return rows


class Cell:
    """Turn the cells of one row into values; errors name file, line and column."""

    def __init__(self, path, line, row):
        self.where, self.row = f"{path.name}, line {line}", row

    def text(self, column):
        """Return a text that must not be empty."""
        value = self.row[column]
        if not value:
            raise FolderError(f"{self.where}: {column} is empty.")
        return value

    def time(self, column, required=False):
        """Return a naive local time, or None when the cell is empty."""
        value = self.text(column) if required else self.row[column]
        if not value:
            return None
        try:
            instant = datetime.fromisoformat(value)
        except ValueError as error:
            raise FolderError(f"{self.where}: {column} “{value}” is no date or time.") from error
        if instant.tzinfo:
            raise FolderError(f"{self.where}: {column} “{value}” has a time zone; expected none.")
        return instant.replace(microsecond=0)

    def number(self, column):
        """Return a decimal number, or None when the cell is empty."""
        value = self.row[column]
        if not value:
            return None
        try:
            number = Decimal(value)
        except InvalidOperation as error:
            raise FolderError(f"{self.where}: {column} “{value}” is no number.") from error
        if not number.is_finite():
            raise FolderError(f"{self.where}: {column} “{value}” is no number.")
        return number

    def amount(self, column):
        """Return a number that must not be empty."""
        self.text(column)
        return self.number(column)
