"""The orders of the demo story, as plain values.

``ordered``, ``shipped`` … are days before the moment of installation, fractions allowed.
``promise`` and ``ship_by`` are days after the order. A row says only what is not as usual: paid
within the hour, to be shipped after two days, promised for six days after the order.
"""

USUAL = {
    "promise": 6,
    "ship_by": 2,
    "share": 1.0,
    "shipped": None,
    "pieces": None,
    "cancelled": False,
    "unavailable": False,
    "reference": False,
}


def _order(code, customer, basket, ordered, **unusual):
    return {
        **USUAL,
        "code": code,
        "customer": customer,
        "basket": basket,
        "ordered": ordered,
        **unusual,
    }


# nothing is wrong with these
CLEAN = [
    _order("clean_1", "nordic_living", {"table": 2, "chair": 8}, 13.2, shipped=11.8),
    _order("clean_2", "garcia", {"lamp": 1}, 11.6, shipped=10.3),
    _order("clean_3", "murphy", {"rug": 1, "vase": 2}, 9.4, shipped=8.1),
    _order("clean_4", "hofmann", {"sofa": 1}, 8.3, shipped=6.8),
    _order("clean_5", "jansen", {"shelf": 3}, 6.7, shipped=5.2),
    _order("clean_6", "rossi", {"mirror": 1}, 4.9, shipped=3.4),
    _order("clean_7", "casa_lusa", {"chair": 12}, 3.8, shipped=2.2),
    _order("clean_8", "novak", {"vase": 4}, 1.6),
    _order("clean_9", "atelier_nord", {"table": 1, "lamp": 2}, 0.9),
    _order("clean_10", "brightside", {"mirror": 20}, 0.3),
]

# shipped or delivered later than promised, or not at all
LATE = [
    _order("late_1", "garcia", {"table": 1}, 19.4, shipped=12.2),
    _order("late_2", "hofmann", {"chair": 4}, 18.2, shipped=10.6),
    _order("late_3", "murphy", {"sofa": 1}, 17.5, shipped=9.7),
    _order("late_4", "brightside", {"lamp": 6}, 15.1, shipped=7.6),
    _order("late_5", "jansen", {"rug": 1}, 12.9, shipped=5.4),
    _order("late_6", "rossi", {"shelf": 2, "vase": 1}, 11.1, shipped=3.3),
    _order("late_7", "novak", {"table": 1, "chair": 4}, 9.3, shipped=1.2),
    _order("late_8", "casa_lusa", {"mirror": 3}, 7.9, shipped=0.25),
    _order("slow_1", "atelier_nord", {"chair": 6}, 15.8, ship_by=1, promise=9, shipped=12.2),
    _order("slow_2", "nordic_living", {"lamp": 3}, 13.4, ship_by=1, promise=9, shipped=10.2),
    _order("slow_3", "murphy", {"shelf": 1}, 10.7, ship_by=1, promise=9, shipped=8.4),
    _order("slow_4", "garcia", {"rug": 1}, 7.2, ship_by=1, promise=9, shipped=4.3),
    _order("slow_5", "hofmann", {"vase": 10}, 3.6, ship_by=1, promise=9, shipped=0.4),
    _order("stuck_1", "brightside", {"sofa": 3, "rug": 3}, 5.1, promise=9),
    _order("stuck_2", "jansen", {"table": 1}, 5.3, promise=4),
    _order("stuck_3", "rossi", {"lamp": 1, "shelf": 2}, 6.4, promise=8),
    _order("stuck_4", "nordic_living", {"table": 3, "chair": 18}, 9.2, promise=6),
    _order("short_1", "hofmann", {"desk": 4}, 3.3, promise=5),
    _order("short_2", "novak", {"desk": 1}, 2.4, promise=5),
    _order("part_1", "atelier_nord", {"desk": 3}, 12.4, shipped=8.2, pieces=1, promise=14),
]

# the money does not fit
MONEY = [
    _order("cancel_1", "garcia", {"sofa": 1}, 2.6, cancelled=True),
    _order("cancel_2", "murphy", {"rug": 2}, 0.45, cancelled=True),
    _order("cancel_3", "rossi", {"chair": 2}, 9.9, cancelled=True),
    _order("money_1", "casa_lusa", {"table": 1}, 0.7, share=0.9),
    _order("money_2", "jansen", {"mirror": 1}, 1.3, share=2.0),
    _order("money_3", "atelier_nord", {"lamp": 4}, 6.2, share=0.5, shipped=4.8),
    _order("money_4", "brightside", {"chair": 10}, 11.9, share=1.1, shipped=10.4),
]

# the order itself cannot be worked as it is
ODD = [
    _order("twice_1", "novak", {"lamp": 1, "vase": 2}, 0.34),
    _order("twice_1_again", "novak", {"lamp": 1, "vase": 2}, 0.33, share=0),
    _order("twice_2", "murphy", {"shelf": 4}, 7.05, shipped=5.6),
    _order("twice_2_again", "murphy", {"shelf": 4}, 7.02),
    _order("twice_3", "brightside", {"mirror": 2, "lamp": 2}, 1.2),
    # not paid yet, so that letting it go confirms it and prints nothing
    _order("twice_3_again", "brightside", {"mirror": 2, "lamp": 2}, 1.1, share=0),
    _order("light_1", "garcia", {"basket": 3, "vase": 1}, 1.1),
    _order("light_2", "casa_lusa", {"basket": 24}, 10.6, shipped=9.1),
    _order("empty_1", "hofmann", {}, 0.12, reference="WEB-10457"),
    _order("gone_1", "jansen", {"desk": 1}, 1.9, unavailable=True),
    _order("gone_2", "brightside", {"desk": 6}, 0.55, unavailable=True),
]

ORDERS = CLEAN + LATE + MONEY + ODD

# How long after the event a detector could see it, in days: its threshold.
THRESHOLDS = {
    "paid_not_shipped": 5,
    "undelivered_past_promise": 0.6,
    "shipment_unconfirmed": 1,
    "transfer_in_transit_late": 1,
    "backorder_aged": 7,
}
