"""Replay: sample orders whose truth is known are found, all of them and nothing else."""

import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from unittest import TestCase
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from benchmarks.replay.__main__ import recognise
from benchmarks.replay.folder import FolderError
from benchmarks.replay.generate import generate
from benchmarks.replay.report import case_counts, compare, queue_head
from benchmarks.replay.zone import to_local, to_utc

ORDERS = 300
# Stored fields that the SQL of the loader fills in Odoo's place.
COMPUTED = {
    "sale.order": (
        "amount_untaxed",
        "amount_total",
        "delivery_status",
        "effective_date",
        "invoice_status",
    ),
    "sale.order.line": (
        "price_subtotal",
        "price_total",
        "qty_delivered",
        "qty_to_invoice",
        "invoice_status",
        "state",
    ),
    "stock.picking": ("state", "scheduled_date", "date_deadline", "sale_id", "group_id"),
    "stock.move": ("product_qty", "quantity", "reference"),
}


def make_folder(test, **options):
    """Return a folder with a sample, removed after the test (or test class)."""
    folder = Path(tempfile.mkdtemp(prefix="replay"))
    clean_up = test.addClassCleanup if isinstance(test, type) else test.addCleanup
    clean_up(shutil.rmtree, folder)
    generate(folder, **options)
    return folder


@tagged("post_install", "-at_install")
class TestReplay(TransactionCase):
    """Load a sample inside the test's transaction and sweep it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loader = recognise(make_folder(cls, orders=ORDERS, seed=7))
        cls.loader.load(cls.env)
        cls.detectors = cls.env["exception.detector"].search([("state", "=", "enabled")])

    def _sweep(self):
        with freeze_time(self.loader.today):
            return [detector._sweep() for detector in self.detectors]

    def test_all_and_nothing_else_is_found(self):
        runs = self._sweep()
        self.assertEqual({run.state for run in runs}, {"done"})
        results = compare(self.loader.found(self.env), self.loader.truth())
        for name, result in results.items():
            with self.subTest(name):
                self.assertGreater(result["expected"], 0)
                self.assertEqual((result["precision"], result["recall"]), (1.0, 1.0), result)
        again = self._sweep()
        self.assertEqual({(r.opened, r.reopened, r.cleared) for r in again}, {(0, 0, 0)})

    def test_rules_teams_service_levels_and_the_head_of_the_queue(self):
        rule = self.env["exception.rule"].create(
            {
                "name": "Replay: what is dear is severe",
                "domain": [("company_amount", ">=", 200)],
                "severity": "1",
                "enabled": True,
            }
        )
        self._sweep()
        cases = self.env["exception.case"].search([])
        counts = case_counts(self.env)
        dear = len(cases.filtered(lambda case: case.company_amount >= 200))
        self.assertGreater(dear, 0)
        self.assertEqual(counts["rule"][rule.name], dear)
        for key in ("team", "policy", "severity", "type"):
            self.assertEqual(sum(counts[key].values()), len(cases), key)
        with freeze_time(self.loader.today):
            queue = queue_head(self.env)
        self.assertEqual(len(queue), 10)
        scores = [row["score"] for row in queue]
        self.assertEqual(scores, sorted(scores, reverse=True))
        for row in queue:
            points = [int(part.rsplit(" ", 1)[1]) for part in row["why"].split(" · ")]
            self.assertEqual(sum(points), row["score"])
            self.assertIn("severity", row["why"])

    def test_stored_fields_are_as_odoo_computes_them(self):
        orders = self.env["sale.order"].search([("origin", "=", "Olist")])
        records = {
            "sale.order": orders,
            "sale.order.line": orders.order_line,
            "stock.picking": orders.picking_ids,
            "stock.move": orders.picking_ids.move_ids,
        }
        for model, names in COMPUTED.items():
            for name in names:
                with self.subTest(model=model, field=name):
                    self._check_field(records[model], name)

    def _check_field(self, records, name):
        loaded = {record.id: record[name] for record in records}
        self.env.add_to_compute(records._fields[name], records)
        records._recompute_recordset([name])
        for record in records:
            value = loaded[record.id]
            check = self.assertAlmostEqual if isinstance(value, float) else self.assertEqual
            check(record[name], value, msg=record.display_name)


class TestReplayFolder(TestCase):
    """What is not understood is said; what can be tolerated is counted."""

    def setUp(self):
        super().setUp()
        self.folder = make_folder(self, orders=20, seed=3)

    def _edit(self, name, change):
        path = self.folder / name
        path.write_text(change(path.read_text()))

    def _assert_refused(self, words):
        with self.assertRaisesRegex(FolderError, words):
            recognise(self.folder)

    def test_a_missing_file(self):
        (self.folder / "products.csv").unlink()
        self._assert_refused("products.csv is missing")

    def test_an_unknown_kind(self):
        for path in self.folder.iterdir():
            path.unlink()
        self._assert_refused("no known kind")

    def test_a_missing_column(self):
        self._edit("orders.csv", lambda text: text.replace("order_status", "status"))
        self._assert_refused("orders.csv lacks the column.*order_status")

    def test_an_unreadable_time(self):
        self._edit("orders.csv", lambda text: text.replace("2017-", "17/", 1))
        self._assert_refused("orders.csv, line 2: order_purchase_timestamp .* is no date")

    def test_an_unreadable_amount(self):
        self._edit("payments.csv", lambda text: text.rstrip() + "x\n")
        self._assert_refused("payment_value .* is no number")

    def test_an_id_twice(self):
        path = self.folder / "orders.csv"
        first = path.read_text().splitlines()[1]
        self._edit("orders.csv", lambda text: text + first + "\n")
        self.assertIn("identical rows", str(recognise(self.folder).notes))
        other = first.replace("2017-", "2016-")
        self._edit("orders.csv", lambda text: text + other + "\n")
        self._assert_refused("stands there twice")

    def test_strangers_are_counted(self):
        row = "stranger,1,credit_card,10.00"
        self._edit("payments.csv", lambda text: text + row + "\n")
        self.assertIn("payments of orders that orders.csv lacks", str(recognise(self.folder).notes))

    def test_without_payments_and_truth(self):
        self._edit("payments.csv", lambda text: text.splitlines()[0] + "\n")
        (self.folder / "ground_truth.csv").unlink()
        loader = recognise(self.folder)
        self.assertIsNone(loader.truth())
        results = compare({"delivered_late": ["a", "b"]}, None)
        self.assertEqual(results["delivered_late"]["found"], 2)
        self.assertIsNone(results["delivered_late"]["recall"])

    def test_the_seed_decides(self):
        again = make_folder(self, orders=20, seed=3)
        for path in self.folder.iterdir():
            self.assertEqual(path.read_text(), (again / path.name).read_text())


class TestReplayZone(TestCase):
    """Local time without a zone to UTC and back."""

    def test_times(self):
        zone = ZoneInfo("America/Sao_Paulo")
        for local, utc in (
            ("2018-02-01 00:00", "2018-02-01 02:00"),  # summer time
            ("2017-07-01 23:59", "2017-07-02 02:59"),
            ("2017-02-18 23:30", "2017-02-19 01:30"),  # shown twice: the first one
        ):
            local, utc = datetime.fromisoformat(local), datetime.fromisoformat(utc)
            self.assertEqual(to_utc(local, zone), (utc, True))
            self.assertEqual(to_local(utc, zone), local)

    def test_a_time_that_the_clocks_skip(self):
        zone = ZoneInfo("America/Sao_Paulo")
        skipped = datetime(2017, 10, 15, 0, 30)
        self.assertEqual(to_utc(skipped, zone), (datetime(2017, 10, 15, 3), False))
