"""Vendors' own samples of events, as their repositories publish them.

Read from the folder that ``EVENT_PAYLOADS`` names, else from the one shared beside the project,
else small samples of the same format, cut down to what is signed and mapped.
"""

import json
import os
from pathlib import Path

SHARED = Path(__file__).resolve().parents[3].parent / "shared/data/payloads"
# Adyen publishes this key with its vectors
ADYEN_KEY = "74F490DD33F7327BAECC88B2947C011FC02D014A473AAA33A8EC93E4DC069174"


def folder():
    """Return the folder of the samples, None where there is none."""
    path = Path(os.environ.get("EVENT_PAYLOADS") or SHARED)
    return path if os.environ.get("EVENT_PAYLOADS") or path.exists() else None


def vendor_samples(vendor):
    """Return {name: body in bytes} of all samples of a vendor, vectors of signatures left out."""
    path = folder()
    if path is None:
        return {name: json.dumps(body).encode() for name, body in SAMPLES[vendor].items()}
    files = sorted((path / vendor).glob("*.json"))
    return {file.stem: file.read_bytes() for file in files if file.stem != "signature_vector"}


def easypost_vector():
    """Return (body, secret, header) that EasyPost publishes, None where they are not at hand."""
    path = folder() and folder() / "easypost/signature_vector.json"
    if not path or not path.exists():
        return None
    vector = json.loads(path.read_text())
    return (path.parent / vector["body_file"]).read_bytes(), vector["secret"], vector["value"]


def _stripe(kind, ident, created, **values):
    return {
        "id": ident,
        "object": "event",
        "type": kind,
        "created": created,
        "data": {"object": values},
    }


def _adyen(psp, reference, signature):
    return {
        "pspReference": psp,
        "merchantAccountCode": "AntoniStroinski",
        "merchantReference": reference,
        "amount": {"value": 1000, "currency": "EUR"},
        "eventCode": "AUTHORISATION",
        "eventDate": "2023-01-10T13:40:54+01:00",
        "success": "true",
        "additionalData": {"hmacSignature": signature},
    }


SAMPLES = {
    "stripe": {
        "payment_intent.payment_failed": _stripe(
            "payment_intent.payment_failed",
            "evt_sample_1",
            1767225780,
            id="pi_sample",
            object="payment_intent",
            amount=1099,
            currency="usd",
            customer=None,
            metadata={},
            status="requires_payment_method",
        ),
        "payout.failed": _stripe(
            "payout.failed",
            "evt_sample_2",
            1767226140,
            id="po_sample",
            object="payout",
            amount=1100,
            currency="usd",
            failure_code="account_closed",
            status="failed",
        ),
    },
    "shopify": {
        "inventory_levels-update": {
            "inventory_item_id": 808950810,
            "location_id": 905684977,
            "available": 6,
            "updated_at": "2018-05-07T15:51:26-04:00",
        },
    },
    "easypost": {
        "tracker.updated": {
            "id": "evt_1",
            "object": "Event",
            "description": "tracker.updated",
            "created_at": "2024-08-02T19:26:52.000Z",
            "result": {
                "id": "trk_1",
                "object": "Tracker",
                "tracking_code": "1",
                "status": "in_transit",
                "status_detail": "arrived_at_facility",
                "updated_at": "2024-08-02T19:26:51Z",
                "carrier": "FedEx",
            },
        },
    },
    "adyen": {
        "backslash_notification": _adyen(
            "T7FD4VM4D3RZNN82",
            "\\\\slashes are fun",
            "nIgT81gaB5oJpn2jPXupDq68iRo2wUlBsuYjtYfwKqo=",
        ),
        "colon_notification": _adyen(
            "M8NB66SBZSGLNK82", ":slashes are fun", "2EQYm7YJpKO4EtHSPu55SQTyWf8dkW5u2nD1tJFpViA="
        ),
        "forwardslash_notification": _adyen(
            "X3GWNS6KJ8NKGK82", "//slashes are fun", "9Z0xdpG9Xi3zcmXv14t/BvMBut77O/Xq9D4CQXSDUi4="
        ),
    },
}
