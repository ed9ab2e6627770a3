{
    "name": "Exception Desk: Payment Providers",
    "summary": "Held invoices and payments wait while the provider's payment goes through",
    "version": "17.0.1.0.0",
    "category": "Operations/Exceptions",
    "author": "Exception Desk contributors",
    "website": "https://github.com/exception-desk/exception-desk",
    "license": "LGPL-3",
    "depends": ["exception_account", "account_payment"],
    "auto_install": True,
}
