"""Olist's orders: recognise the folder, load it, tell what was found and why something was not."""

import csv
from collections import Counter, defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

from .folder import FolderError
from .olist_documents import Documents
from .olist_masters import TIME_ZONE, set_up
from .olist_read import FILES, read_orders
from .zone import to_utc

# Name in the ground truth → code of the query that finds it.
CHECKS = {
    "delivered_late": "delivered_late",
    "undelivered_past_promise": "undelivered_past_promise",
    "paid_not_shipped": "paid_not_shipped",
    "handed_to_carrier_late": "handed_over_late",
    "cancelled_after_payment": "cancelled_after_payment",
    "unavailable": "order_unavailable",
    "payment_mismatch": "payment_mismatch",
    "duplicate_order": "order_duplicate",
    "missing_dimensions": "data_missing_dimensions",
    "order_without_lines": "order_without_lines",
}
# These rest on a verdict of the source system; all others on dates, amounts and lines.
VERDICTS = {
    "cancelled_after_payment": "status canceled",
    "unavailable": "status unavailable",
    "paid_not_shipped": "leaves out the statuses canceled and unavailable",
    "undelivered_past_promise": "leaves out the statuses canceled and unavailable",
}
# The data set's rules make no difference between cancelled and other orders.
ALL_ORDERS = (
    "payment_mismatch",
    "order_duplicate",
    "data_missing_dimensions",
    "order_without_lines",
)


class OlistFolder:
    """A folder of Olist orders as of 1 February 2018."""

    title = "Olist orders"
    checks = CHECKS
    verdicts = VERDICTS
    truth_file = "ground_truth.csv"
    today_local = datetime(2018, 2, 1)
    addon = "exception_ecommerce"

    def __init__(self, folder):
        self.folder = folder
        self.today = to_utc(self.today_local, ZoneInfo(TIME_ZONE))[0]
        self.data = None

    @classmethod
    def recognises(cls, folder):
        """Return whether most of the files stand there, so that a missing one can be named."""
        present = [name for name in FILES if (folder / name).is_file()]
        return "orders.csv" in present and len(present) * 2 > len(FILES)

    def read(self):
        """Understand the files, without a database.

        :raise FolderError: what is not understood
        """
        self.data = read_orders(self.folder)

    @property
    def notes(self):
        """Return what was odd but tolerated, with counts."""
        return self.data.notes

    def load(self, env):
        """Write the folder's records into an empty database and set the detectors' parameters."""
        shop = set_up(env, self.data)
        Documents(env, shop, self.data).write()
        env.invalidate_all()
        parameters = env["exception.detector.parameter"].search(
            [("detector_id.query", "in", ALL_ORDERS), ("name", "=", "include_cancelled")]
        )
        parameters.write({"value": "1"})

    def found(self, env):
        """Read the order ids back from the cases, by name of the ground truth."""
        found = {}
        for name, query in self.checks.items():
            cases = env["exception.case"].search([("detector_id.query", "=", query)])
            orders = env["sale.order"].browse(cases.mapped("res_id"))
            found[name] = sorted(filter(None, orders.mapped("client_order_ref")))
        return found

    def truth(self):
        """Read the ground truth, or return None where there is none. Only after the sweep."""
        path = self.folder / self.truth_file
        if not path.is_file():
            return None
        truth = defaultdict(set)
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            if not {"order_id", "exception"} <= set(reader.fieldnames or ()):
                raise FolderError(f"{path.name} lacks the columns order_id and exception.")
            for row in reader:
                truth[row["exception"]].add(row["order_id"])
        return dict(truth)

    def explain(self, key):
        """Say in one line what the files tell about an order."""
        order = self.data.orders.get(key)
        if not order:
            return "no such order in orders.csv"
        paid = sum(payment["amount"] for payment in order.payments)
        due = sum(item["price"] + item["freight"] for item in order.items)
        pieces = Counter(item["product"][:6] for item in order.items)
        return (
            f"{order.status}, bought {order.bought}, approved {order.approved}, "
            f"ship by {order.ship_by}, handed over {order.handed}, delivered {order.delivered}, "
            f"promised {order.promised}, due {due}, "
            f"paid {paid if order.payments else '(no rows)'}, "
            f"pieces {dict(pieces) or 'none'}"
        )
