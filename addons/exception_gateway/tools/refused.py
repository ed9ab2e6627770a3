from odoo import _lt


class Refused(Exception):
    """A message cannot be understood; says why in a sentence that people read.

    It ends as a dead letter with this reason. Trying again would not help.
    """

    def __init__(self, text, *args, **values):
        """Take a sentence, translated or to be translated (``_lt``), and what is put into it."""
        super().__init__(text, *args)
        self.text = text
        self.values = values

    def __str__(self):
        """Return the sentence, in the language of whoever asks."""
        text = str(self.text)
        return (text % self.values) if self.values else text


TOO_MUCH_WORK = _lt("The content is so large or so nested that working on it was stopped.")
