"""What people did with the cases of the demo story, as plain values.

A row names the order, the detector that found the case and who worked it. ``taken`` and ``ended``
are hours after the case was found.
"""


def _resolved(order, detector, who, taken, ended, cause, resolution, note, **more):
    return {
        "order": order,
        "detector": detector,
        "who": who,
        "taken": taken,
        "ended": ended,
        "cause": cause,
        "resolution": resolution,
        "note": note,
        "bundle": True,
        **more,
    }


RESOLVED = [
    _resolved(
        "late_1",
        "delivered_late",
        "agent",
        1.5,
        6,
        "carrier_capacity",
        "compensated",
        "Voucher of 25 sent, customer is fine with it.",
    ),
    _resolved(
        "late_2",
        "delivered_late",
        "ben",
        0.8,
        20,
        "cut_off_missed",
        "customer_informed",
        "Hofmann had moved the fitting date anyway.",
    ),
    _resolved(
        "late_3",
        "delivered_late",
        "daniel",
        3,
        26,
        "carrier_damaged",
        "carrier_claim_paid",
        "First sofa was damaged in transit, claim accepted.",
    ),
    _resolved(
        "late_4",
        "delivered_late",
        "agent",
        0.6,
        5,
        "carrier_capacity",
        "customer_informed",
        "Called Brightside, rooms open next week only.",
    ),
    _resolved(
        "late_5",
        "delivered_late",
        "ben",
        2.2,
        22,
        "address_mistyped",
        "delivered_confirmed",
        "House number was missing.",
    ),
    _resolved(
        "late_6",
        "delivered_late",
        "daniel",
        1.1,
        7,
        "weather_strike",
        "customer_informed",
        "Strike at the Torino depot.",
    ),
    _resolved(
        "slow_1",
        "handed_over_late",
        "ben",
        1,
        4,
        "understaffed",
        "shipped",
        "Caught up on the next morning.",
    ),
    _resolved(
        "slow_2",
        "handed_over_late",
        "agent",
        0.7,
        3,
        "label_printing_failed",
        "shipped",
        "Label printer was out of order.",
    ),
    _resolved(
        "slow_3",
        "handed_over_late",
        "daniel",
        2,
        9,
        "cut_off_missed",
        "shipped",
        "Packed after the last pick-up.",
    ),
    _resolved(
        "slow_4",
        "handed_over_late",
        "agent",
        1.2,
        5,
        "capacity_warehouse",
        "shipped",
        "Promotion weekend.",
    ),
    _resolved(
        "cancel_3",
        "cancelled_after_payment",
        "chloe",
        0.5,
        4,
        "authorisation_expired",
        "refunded",
        "Refunded at the provider's site, reference RF-2209.",
    ),
    _resolved(
        "money_4",
        "payment_mismatch",
        "chloe",
        1.4,
        28,
        "payment_reference_missing",
        "payment_matched",
        "The surplus belongs to invoice 4711.",
    ),
    _resolved(
        "light_2",
        "data_missing_dimensions",
        "ben",
        3,
        8,
        "master_data_incomplete",
        "workaround",
        "Weighed at the dock: 0.6 kg each.",
    ),
]

TAKEN = [
    {"order": "stuck_4", "detector": "undelivered_past_promise", "who": "ben", "taken": 2},
    {"order": "late_7", "detector": "delivered_late", "who": "daniel", "taken": 4},
    {"order": "money_1", "detector": "payment_mismatch", "who": "chloe", "taken": 1},
    {"order": "cancel_1", "detector": "cancelled_after_payment", "who": "agent", "taken": 0.5},
    {"order": "twice_1_again", "detector": "order_duplicate", "who": "agent", "taken": 0.2},
]

WAITING = [
    {
        "order": "stuck_3",
        "detector": "paid_not_shipped",
        "who": "agent",
        "taken": 1,
        "waiting_for": "customer",
        "days": 2,
        "note": "Asked Marco whether he takes the lamp now and the shelves next week.",
    },
    {
        "order": "gone_1",
        "detector": "order_unavailable",
        "who": "chloe",
        "taken": 3,
        "waiting_for": "supplier",
        "days": 1,
        "note": "Supplier says on Thursday whether the desk is made again.",
    },
    {
        "order": "part_1",
        "detector": "backorder_aged",
        "who": "daniel",
        "taken": 2,
        "waiting_for": "supplier",
        "days": 3,
        "note": "Two desks confirmed for the next container.",
    },
]

FALSE_ALARMS = [
    {
        "order": "late_8",
        "detector": "handed_over_late",
        "who": "ben",
        "taken": 0.4,
        "ended": 1,
        "reason": "agreed_beforehand",
        "note": "Casa Lusa had asked for delivery on this day.",
    },
]

ACCEPTED = [
    {
        "order": "light_1",
        "detector": "data_missing_dimensions",
        "who": "daniel",
        "taken": 2,
        "ended": 3,
        "reason": "will_heal",
        "days": 14,
        "note": "Purchasing measures the new baskets next week.",
    },
]
