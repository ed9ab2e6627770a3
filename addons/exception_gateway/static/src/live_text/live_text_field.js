/** @odoo-module **/

import { TextField, textField } from "@web/views/fields/text/text_field";
import { registry } from "@web/core/registry";
import { useDebounced } from "@web/core/utils/timing";
import { onMounted, onWillUnmount } from "@odoo/owl";

const PAUSE_MS = 500;

/** A text whose form follows while one types: what depends on it is worked out at each pause. */
export class LiveTextField extends TextField {
    setup() {
        super.setup();
        const follow = useDebounced(() => this.follow(), PAUSE_MS);
        onMounted(() => this.textareaRef.el?.addEventListener("input", follow));
        onWillUnmount(() => this.textareaRef.el?.removeEventListener("input", follow));
    }

    /** Tell the form what stands in the field by now, as leaving the field would. */
    async follow() {
        const value = this.textareaRef.el?.value;
        if (value === undefined || this.props.readonly) {
            return;
        }
        if (value !== (this.props.record.data[this.props.name] || "")) {
            await this.props.record.update({ [this.props.name]: value });
        }
    }
}

registry.category("fields").add("exception_live_text", { ...textField, component: LiveTextField });
