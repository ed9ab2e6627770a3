/** @odoo-module **/

import { Thread } from "@mail/core/common/thread_model";
import { patch } from "@web/core/utils/patch";
import "@mail/core/web/thread_model_patch";

/**
 * A case shows the faces of its requests before its own activities. They belong to the requests;
 * the server says for which case (`exception_shown_case_id`).
 */
patch(Thread.prototype, {
    get activities() {
        const own = super.activities;
        if (this.model !== "exception.case") {
            return own;
        }
        const faces = Object.values(this._store.Activity.records).filter(
            (activity) => activity.exception_shown_case_id === this.id
        );
        return [...faces, ...own];
    },
});
