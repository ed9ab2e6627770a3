"""make faults: the gateway while processes are killed, servers crash and senders misbehave.

Real Odoo servers with HTTP workers and a job runner, a PostgreSQL of their own, a sender in another
process. Each scenario counts what was acknowledged, what is stored, what came of it, and prints one
line of the table. ``tests/test_gateway_faults.py`` runs a short one of them.
"""
