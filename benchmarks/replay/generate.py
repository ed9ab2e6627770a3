"""Write a sample folder of orders whose truth is known by construction.

python -m benchmarks.replay.generate --out DIR [--orders 600] [--seed 1]

Same files as the Olist folder, invented data. Each order is told by a story that knows which
exceptions it is about to cause; the detectors' rules are not consulted. The seed decides all.
"""

import argparse
import csv
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

from .olist_read import FILES
from .stories import DEFECTS, tell

TODAY = datetime(2018, 2, 1)
COLUMNS = {
    **FILES,
    "order_items.csv": ("order_id", "order_item_id", *FILES["order_items.csv"][1:]),
    "ground_truth.csv": ("order_id", "exception", "value", "reference"),
}
CITIES = (
    ("01310", "sao paulo", "SP"),
    ("20040", "rio de janeiro", "RJ"),
    ("80030", "curitiba", "PR"),
)


class Sample:
    """The rows of a folder in the making; the stories add to it."""

    def __init__(self, seed, today=TODAY):
        self.random = random.Random(seed)
        self.today = today
        self.rows = {name: [] for name in COLUMNS}
        self.good_products = [self.product() for _number in range(40)]

    def key(self):
        """Return a new id of 32 hexadecimal digits."""
        return f"{self.random.getrandbits(128):032x}"

    def product(self, **lacking):
        """Add a product; ``lacking`` names columns without a value."""
        draw = self.random.randint
        row = {
            "product_id": self.key(),
            "product_category_name": self.random.choice(("brinquedos", "livros", "casa")),
            "product_weight_g": draw(50, 9000),
            "product_length_cm": draw(11, 60),
            "product_height_cm": draw(2, 40),
            "product_width_cm": draw(6, 50),
        }
        self.rows["products.csv"].append(row | lacking)
        return row["product_id"]

    def customer(self, person=None):
        """Add a customer, of a person who ordered before or of a new one. Returns both ids."""
        place = self.random.choice(CITIES)
        key, person = self.key(), person or self.key()
        row = (key, person, *place)
        names = COLUMNS["customers.csv"]
        self.rows["customers.csv"].append(dict(zip(names, row, strict=True)))
        return key, person

    def order(self, customer_id, status, bought, **times):
        """Add an order; ``times`` are approved, carrier, customer and estimated."""
        key = self.key()
        names = COLUMNS["orders.csv"]
        order = ("approved", "carrier", "customer", "estimated")
        moments = [times[name].isoformat(" ") if times.get(name) else "" for name in order]
        row = (key, customer_id, status, bought.isoformat(" "), *moments)
        self.rows["orders.csv"].append(dict(zip(names, row, strict=True)))
        return key

    def pieces(self, order, limit, products):
        """Add the pieces of an order, one row each. Returns what is due, in cents."""
        due = 0
        for number, product in enumerate(products, 1):
            price, freight = self.random.randint(990, 29990), self.random.randint(700, 3990)
            due += price + freight
            row = (order, number, product, self.key(), limit.isoformat(" "))
            row += (f"{price / 100:.2f}", f"{freight / 100:.2f}")
            names = COLUMNS["order_items.csv"]
            self.rows["order_items.csv"].append(dict(zip(names, row, strict=True)))
        return due

    def pay(self, order, *cents):
        """Add payments of an order."""
        for number, amount in enumerate(cents, 1):
            row = (order, number, "credit_card", f"{amount / 100:.2f}")
            names = COLUMNS["payments.csv"]
            self.rows["payments.csv"].append(dict(zip(names, row, strict=True)))

    def truth(self, order, exception, value="", reference=""):
        """Note an exception that the story causes."""
        row = (order, exception, value, reference)
        names = COLUMNS["ground_truth.csv"]
        self.rows["ground_truth.csv"].append(dict(zip(names, row, strict=True)))

    def moment(self, days_ago):
        """Return a time of day about so many days before today."""
        seconds = self.random.randint(8 * 3600, 20 * 3600)
        return self.today - timedelta(days=days_ago) + timedelta(seconds=seconds)

    def write(self, folder):
        """Write the files."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in self.rows.items():
            with (folder / name).open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, COLUMNS[name])
                writer.writeheader()
                writer.writerows(rows)


def generate(folder, orders=600, seed=1):
    """Write a sample folder.

    :param Path folder: where to write; made when absent
    :param int orders: about so many orders; at least one of each kind of defect
    :param int seed: the same seed writes the same files
    """
    sample = Sample(seed)
    for defect in DEFECTS:
        defect(sample)
    while len(sample.rows["orders.csv"]) < orders:
        tell(sample)
    sample.write(folder)


def main(arguments=None):
    """Write a folder from the command line."""
    parser = argparse.ArgumentParser(prog="benchmarks.replay.generate", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--orders", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    generate(options.out, options.orders, options.seed)
    print(f"{options.orders} orders (seed {options.seed}) written to {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
