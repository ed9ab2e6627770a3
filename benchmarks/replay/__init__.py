"""Replay real orders: load a folder of files into Odoo, sweep, and compare with its truth."""
