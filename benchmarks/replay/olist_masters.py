"""Set up the shop that Olist's orders were placed in: company, carrier, customers, products."""

from dataclasses import dataclass
from itertools import islice

TIME_ZONE = "America/Sao_Paulo"
# Nothing of this is business: no mail log, no tracking, one variant is made by the template.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_reset_password": True,
}
BATCH = 2000
METHODS = {
    "credit_card": ("card", "Card"),
    "debit_card": ("debit_card", "Debit card"),
    "boleto": ("boleto", "Boleto"),
    "voucher": ("voucher", "Voucher"),
}


@dataclass
class Shop:
    """What the documents refer to; all plain ids, since the documents are written by SQL."""

    company: int
    currency: int
    warehouse: int
    stock: int
    on_the_way: int
    customers: int
    hand_over: int
    delivery: int
    carrier: int
    provider: int
    tag: int
    unit: int
    freight: int
    methods: dict
    partners: dict
    addresses: dict
    products: dict


def set_up(env, data):
    """Create the shop, its customers and products through the ORM.

    :param env: superuser environment of an empty database
    :param Orders data: what was read
    :return: :class:`Shop`
    """
    env = env(context=dict(env.context, **QUIET))
    company = _company(env)
    warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
    on_the_way = env["stock.location"].create(
        {"name": "With the carrier", "usage": "transit", "company_id": company.id}
    )
    kinds = _transfer_kinds(env, warehouse, on_the_way)
    products, freight = _products(env, data)
    partners, addresses = _customers(env, data)
    return Shop(
        company=company.id,
        currency=company.currency_id.id,
        warehouse=warehouse.id,
        stock=warehouse.lot_stock_id.id,
        on_the_way=on_the_way.id,
        customers=env.ref("stock.stock_location_customers").id,
        hand_over=kinds[0].id,
        delivery=kinds[1].id,
        carrier=_carrier(env, freight).id,
        provider=_provider(env, company).id,
        tag=env.ref("exception_ecommerce.tag_unavailable").id,
        unit=env.ref("uom.product_uom_unit").id,
        freight=freight.id,
        methods=_payment_methods(env, data),
        partners=partners,
        addresses=addresses,
        products=products,
    )


def _company(env):
    """Make the company a Brazilian one that keeps grams and cubic centimetres."""
    real = env.ref("base.BRL")
    real.active = True
    company = env.ref("base.main_company")
    country = env.ref("base.br")
    company.write({"name": "Olist", "country_id": country.id, "currency_id": real.id})
    company.partner_id.tz = TIME_ZONE
    env.ref("base.user_admin").tz = TIME_ZONE
    for name, digits in (("Stock Weight", 3), ("Volume", 6)):
        env["decimal.precision"].search([("name", "=", name)]).digits = digits
    return company


def _transfer_kinds(env, warehouse, on_the_way):
    """Return the two kinds of transfer: stock → carrier and carrier → customer."""
    customers = env.ref("stock.stock_location_customers")
    base = {"warehouse_id": warehouse.id, "company_id": warehouse.company_id.id}
    return env["stock.picking.type"].create(
        [
            dict(
                base,
                name="Hand-over to carrier",
                code="internal",
                sequence_code="HAND",
                default_location_src_id=warehouse.lot_stock_id.id,
                default_location_dest_id=on_the_way.id,
            ),
            dict(
                base,
                name="Delivery by carrier",
                code="outgoing",
                sequence_code="DELIVER",
                default_location_src_id=on_the_way.id,
                default_location_dest_id=customers.id,
            ),
        ]
    )


def _carrier(env, freight):
    vals = {"name": "Carrier", "product_id": freight.product_variant_id.id}
    return env["delivery.carrier"].create(dict(vals, delivery_type="fixed"))


def _provider(env, company):
    return env["payment.provider"].create(
        {"name": "Payments of the shop", "code": "none", "company_id": company.id}
    )


def _payment_methods(env, data):
    """Return the payment method of each payment type in the data, and of none (unknown)."""
    model = env["payment.method"].with_context(active_test=False)
    found = {None: env.ref("payment.payment_method_unknown").id}
    for kind in {p["type"] for order in data.orders.values() for p in order.payments}:
        code, name = METHODS.get(kind, (kind, kind))
        method = model.search([("code", "=", code)], limit=1)
        method = method or model.create({"code": code, "name": name})
        found[kind] = method.id
    return found


def _products(env, data):
    """Create the products. Returns variant ids by product_id, and the freight product."""
    english = data.categories
    names = {product["category"] for product in data.products.values()} - {""}
    categories = env["product.category"].create([{"name": english.get(n, n)} for n in names])
    categories = dict(zip(names, categories.ids, strict=True))
    other = env.ref("product.product_category_all").id
    prices = {item["product"]: item["price"] for o in data.orders.values() for item in o.items}
    found = {}
    for batch in _batches(data.products.items()):
        created = env["product.product"].create(
            [
                {
                    "name": _product_name(english.get(p["category"], p["category"]), key),
                    "default_code": key,
                    "detailed_type": "consu",
                    "categ_id": categories.get(p["category"], other),
                    "list_price": float(prices.get(key, 0)),
                    "weight": float(p["weight"]),
                    "volume": float(p["volume"]),
                    "taxes_id": False,
                }
                for key, p in batch
            ]
        )
        found.update(zip((key for key, _p in batch), created.ids, strict=True))
        env.flush_all()
        env.invalidate_all()
    freight = env["product.product"].create(
        {"name": "Freight", "detailed_type": "service", "list_price": 0, "taxes_id": False}
    )
    return found, freight


def _product_name(category, key):
    return f"{(category or 'product').replace('_', ' ').capitalize()} {key[:6]}"


def _customers(env, data):
    """Create persons, and an address of its own where an order went somewhere else.

    :return: partner id by customer_unique_id, delivery address id by customer_id
    """
    brazil = env.ref("base.br")
    states = {state.code: state.id for state in brazil.state_ids}

    def address(row):
        return (
            row.get("customer_zip_code_prefix", ""),
            row.get("customer_city", ""),
            row.get("customer_state", ""),
        )

    homes = {}
    for row in data.customers.values():
        homes.setdefault(row["customer_unique_id"], address(row))
    persons = _create_partners(
        env, homes.items(), lambda key: {"name": f"Customer {key[:8]}", "ref": key}, brazil, states
    )
    elsewhere = {}
    for row in data.customers.values():
        place = (row["customer_unique_id"], address(row))
        if homes[place[0]] != place[1]:
            elsewhere[place] = place[1]
    others = _create_partners(
        env,
        elsewhere.items(),
        lambda place: {"name": "Delivery", "type": "delivery", "parent_id": persons[place[0]]},
        brazil,
        states,
    )
    addresses = {}
    for key, row in data.customers.items():
        person = row["customer_unique_id"]
        addresses[key] = others.get((person, address(row)), persons[person])
    return persons, addresses


def _create_partners(env, places, vals_of, country, states):
    found = {}
    for batch in _batches(places):
        created = env["res.partner"].create(
            [
                dict(
                    vals_of(key),
                    zip=code,
                    city=city.title(),
                    state_id=states.get(state),
                    country_id=country.id,
                )
                for key, (code, city, state) in batch
            ]
        )
        found.update(zip((key for key, _place in batch), created.ids, strict=True))
        env.flush_all()
        env.invalidate_all()
    return found


def _batches(items):
    items = iter(items)
    while batch := list(islice(items, BATCH)):
        yield batch
