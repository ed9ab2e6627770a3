"""Reading what the ORM holds in memory, without a statement."""


class NotAtHand(Exception):
    """The database would have to be asked."""


def at_hand(records, path, read=False):
    """Return the records or values at the end of a path of stored fields.

    :param str path: ``order_line.product_id`` gives records, ``order_line.qty`` a list of values
    :param read: may be read from the database, because what follows reads it in any case
    :raise NotAtHand: when one of the fields is not in memory for one of the records
    """
    for name in path.split("."):
        field, cache = records._fields[name], records.env.cache
        if not read and not all(cache.contains(record, field) for record in records):
            raise NotAtHand()
        records = records.mapped(name)
    return records


def unless_known(question):
    """Decorate a question to memory: without what it needs to know, the answer is yes."""

    def ask(self, request, records):
        try:
            return bool(question(self, request, records))
        except NotAtHand:
            return True

    return ask
