from odoo import models


class BasePartnerMerge(models.TransientModel):
    """Cases about a contact go on about the one that it is merged into."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_reference_fields(self, src_partners, dst_partner):
        result = super()._update_reference_fields(src_partners, dst_partner)
        # sudo: cases of every company and private team follow their contact
        self.env["exception.case"].sudo()._follow_partner(src_partners, dst_partner)
        return result
