from . import adyen
from . import bearer
from . import easypost
from . import hmac_sha256
from . import shopify
from . import standard_webhooks
from . import stripe
