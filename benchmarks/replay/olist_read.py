"""Understand a folder of Olist orders: five CSV files, local Brazilian times without a zone."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from .folder import Cell, FolderError, read_rows

FILES = {
    "orders.csv": (
        "order_id",
        "customer_id",
        "order_status",
        "order_purchase_timestamp",
        "order_approved_at",
        "order_delivered_carrier_date",
        "order_delivered_customer_date",
        "order_estimated_delivery_date",
    ),
    "order_items.csv": (
        "order_id",
        "product_id",
        "seller_id",
        "shipping_limit_date",
        "price",
        "freight_value",
    ),
    "payments.csv": ("order_id", "payment_sequential", "payment_type", "payment_value"),
    "products.csv": (
        "product_id",
        "product_category_name",
        "product_weight_g",
        "product_length_cm",
        "product_height_cm",
        "product_width_cm",
    ),
    "customers.csv": (
        "customer_id",
        "customer_unique_id",
        "customer_zip_code_prefix",
        "customer_city",
        "customer_state",
    ),
}
CATEGORIES = "product_category_name_translation.csv"
STATUSES = {
    "created",
    "approved",
    "invoiced",
    "processing",
    "shipped",
    "delivered",
    "canceled",
    "unavailable",
}


@dataclass
class Order:
    """One order with its pieces and payments; times are local."""

    key: str
    customer: str
    status: str
    bought: datetime
    approved: datetime | None
    handed: datetime | None
    delivered: datetime | None
    promised: datetime | None
    items: list = field(default_factory=list)
    payments: list = field(default_factory=list)

    @property
    def ship_by(self):
        """Return the earliest shipping limit of the pieces."""
        limits = [item["limit"] for item in self.items if item["limit"]]
        return min(limits, default=None)


@dataclass
class Orders:
    """A whole folder: orders, products and customers by their ids, and what was odd about it."""

    orders: dict
    products: dict
    customers: dict
    categories: dict
    notes: Counter


def read_orders(folder):
    """Read the folder.

    Fatal: a missing file or column, an unreadable date or number, an empty id, two different rows
    with the same id. Tolerated and counted: rows that belong to orders outside the folder, unknown
    products, customers and statuses, repeated identical rows.

    :param Path folder: where the files are
    :return: :class:`Orders`
    :raise FolderError: what is not understood
    """
    notes = Counter()
    orders = {}
    for key, cell in _keyed(folder, "orders.csv", "order_id", notes):
        orders[key] = _order(key, cell, notes)
    if not orders:
        raise FolderError("orders.csv has no orders.")
    products = {
        key: _product(cell) for key, cell in _keyed(folder, "products.csv", "product_id", notes)
    }
    customers = {
        key: cell.row for key, cell in _keyed(folder, "customers.csv", "customer_id", notes)
    }
    categories = {
        row["product_category_name"]: row["product_category_name_english"]
        for _line, row in read_rows(
            folder / CATEGORIES,
            ("product_category_name", "product_category_name_english"),
            required=False,
        )
    }
    _read_items(folder, orders, products, notes)
    _read_payments(folder, orders, notes)
    for order in orders.values():
        if order.customer not in customers:
            notes["customers that customers.csv lacks: taken as persons of their own"] += 1
            customers[order.customer] = {"customer_unique_id": order.customer}
    return Orders(orders, products, customers, categories, notes)


def _keyed(folder, name, key, notes):
    """Yield (id, cells) of a file whose rows have an id of their own."""
    path = folder / name
    seen = {}
    for line, row in read_rows(path, FILES[name]):
        cell = Cell(path, line, row)
        value = cell.text(key)
        if value not in seen:
            seen[value] = row
            yield value, cell
        elif seen[value] == row:
            notes[f"identical rows repeated in {name}: read once"] += 1
        else:
            raise FolderError(f"{cell.where}: {key} {value} stands there twice and differs.")


def _order(key, cell, notes):
    status = cell.text("order_status")
    if status not in STATUSES:
        notes[f"orders with the unknown status “{status}”: taken as confirmed"] += 1
    return Order(
        key,
        cell.text("customer_id"),
        status,
        cell.time("order_purchase_timestamp", required=True),
        cell.time("order_approved_at"),
        cell.time("order_delivered_carrier_date"),
        cell.time("order_delivered_customer_date"),
        cell.time("order_estimated_delivery_date"),
    )


def _product(cell):
    """Return category, weight in kg and volume in m³; 0 where a part is absent."""
    sides = [cell.number(f"product_{side}_cm") or 0 for side in ("length", "height", "width")]
    grams = cell.number("product_weight_g") or 0
    if grams < 0 or min(sides) < 0:
        raise FolderError(f"{cell.where}: a weight or dimension is negative.")
    volume = Decimal(1)
    for side in sides:
        volume *= Decimal(side)
    return {
        "category": cell.row["product_category_name"],
        "weight": Decimal(grams) / 1000,
        "volume": volume / 1_000_000,
    }


def _read_items(folder, orders, products, notes):
    path = folder / "order_items.csv"
    for line, row in read_rows(path, FILES[path.name]):
        cell = Cell(path, line, row)
        item = {
            "product": cell.text("product_id"),
            "seller": row["seller_id"],
            "limit": cell.time("shipping_limit_date"),
            "price": cell.amount("price"),
            "freight": cell.amount("freight_value"),
        }
        order = orders.get(cell.text("order_id"))
        if not order:
            notes["pieces of orders that orders.csv lacks: left out"] += 1
            continue
        if item["product"] not in products:
            notes["products that products.csv lacks: loaded without weight and size"] += 1
            products[item["product"]] = {"category": "", "weight": Decimal(0), "volume": Decimal(0)}
        order.items.append(item)


def _read_payments(folder, orders, notes):
    path = folder / "payments.csv"
    for line, row in read_rows(path, FILES[path.name]):
        cell = Cell(path, line, row)
        payment = {
            "sequence": cell.text("payment_sequential"),
            "type": row["payment_type"] or "unknown",
            "amount": cell.amount("payment_value"),
        }
        order = orders.get(cell.text("order_id"))
        if order:
            order.payments.append(payment)
        else:
            notes["payments of orders that orders.csv lacks: left out"] += 1
