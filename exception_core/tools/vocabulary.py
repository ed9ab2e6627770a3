"""Selections that several models share, so that their keys and labels cannot drift apart."""

SEVERITIES = [("1", "Critical"), ("2", "High"), ("3", "Medium"), ("4", "Low")]

DISPOSITIONS = [
    ("auto", "Resolve automatically"),
    ("approval", "Needs approval"),
    ("investigate", "Investigate"),
]

REASON_KINDS = [
    ("root_cause", "Root cause"),
    ("resolution", "Resolution"),
    ("false_alarm", "False alarm"),
    ("acceptance", "Risk acceptance"),
    ("cancellation", "Cancellation"),
    ("override", "Override"),
    ("rejection", "Rejection"),
    ("suspension", "Suspension"),
]

REASON_CLASSES = [
    ("system", "System"),
    ("integration", "Integration"),
    ("data", "Data"),
    ("policy", "Policy"),
    ("training", "Training"),
    ("supplier", "Supplier"),
    ("carrier", "Carrier"),
    ("customer", "Customer"),
    ("fraud", "Fraud"),
    ("one_off", "One-off"),
]

CHANNEL_KINDS = [
    ("shop", "Web shop"),
    ("marketplace", "Marketplace"),
    ("store", "Store"),
    ("portal", "Customer portal"),
    ("edi", "EDI"),
    ("desk", "Sales desk"),
    ("mail", "E-mail"),
]
