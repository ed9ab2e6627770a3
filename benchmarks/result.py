"""One measured promise, and how it is said to people and to machines."""

import json
from dataclasses import asdict, dataclass


@dataclass
class Result:
    """What was measured beside its lower bound.

    ``ratio`` is measured / bound. ``promise`` says in words what was promised of which figure;
    ``kept`` is None where the figure stands for information only.
    """

    name: str
    measured: float
    bound: float
    unit: str
    promise: str = ""
    kept: bool | None = None
    note: str = ""

    @property
    def ratio(self):
        """Measured as a multiple of the bound; None where there is no bound to divide by."""
        return round(self.measured / self.bound, 3) if self.bound else None

    @classmethod
    def from_dict(cls, values):
        """Return the result that was written like this."""
        return cls(**{name: value for name, value in values.items() if name != "ratio"})

    def as_dict(self):
        """Return the plain values, figures rounded to what they can say."""
        values = asdict(self)
        for key in ("measured", "bound"):
            values[key] = round(values[key], 3)
        return {**values, "ratio": self.ratio}


HEADER = """# What was promised, and what was measured

Written by `make bench`; how to read it stands in [README.md](README.md). *Bound* is the lower
bound that ran beside it in the same run; *ratio* is measured / bound.

"""
VERDICTS = {True: "kept", False: "**not kept**", None: "–"}


def write(results, about, folder):
    """Write results.json for machines and RESULTS.md for people.

    :param results: list of :class:`Result`, which replace those of the same name
    :param dict about: what was measured on which machine, for people
    :param folder: pathlib.Path to write to
    """
    folder.mkdir(parents=True, exist_ok=True)
    results = _with_earlier(results, folder / "results.json")
    rows = [result.as_dict() for result in results]
    (folder / "results.json").write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
    (folder / "RESULTS.md").write_text(HEADER + table(results) + _notes(results) + _about(about))


def _with_earlier(results, path):
    """Put results in their places among those that a run of other parts has left here."""
    rows = json.loads(path.read_text()) if path.exists() else []
    known = {row["name"]: Result.from_dict(row) for row in rows}
    known.update((result.name, result) for result in results)
    return list(known.values())


def table(results):
    """Return the results as a Markdown table."""
    lines = [
        "| what | measured | bound | unit | ratio | promise | |",
        "| --- | ---: | ---: | --- | ---: | --- | --- |",
    ]
    for result in results:
        ratio = "–" if result.ratio is None else f"{result.ratio:.2f}"
        lines.append(
            f"| {result.name} | {result.measured:,.2f} | {result.bound:,.2f} | {result.unit} "
            f"| {ratio} | {result.promise or '–'} | {VERDICTS[result.kept]} |"
        )
    return "\n".join(lines) + "\n"


def _notes(results):
    notes = [f"- *{result.name}*: {result.note}" for result in results if result.note]
    return "\n" + "\n".join(notes) + "\n" if notes else ""


def _about(about):
    return "\n" + "\n".join(f"- {key}: {value}" for key, value in about.items()) + "\n"
