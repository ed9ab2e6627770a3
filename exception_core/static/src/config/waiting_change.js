/** @odoo-module **/

import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component } from "@odoo/owl";

/**
 * Says above a form that a change of the record waits for a second person: by whom, why, what
 * would change, and what the reader can do about it. The server decides who may do what.
 */
export class WaitingChange extends Component {
    static template = "exception_core.WaitingChange";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get change() {
        return this.props.record.data;
    }

    async run(method) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        // what the reader has seen: its author may have added to it since
        const context = { ...record.context, exception_look: this.change.waiting_look };
        const action = await this.orm.call(record.resModel, method, [[record.resId]], { context });
        if (action.target === "new") {
            await this.action.doAction(action, { onClose: () => record.load() });
        } else {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("exception_waiting_change", {
    component: WaitingChange,
    fieldDependencies: [
        { name: "is_waiting", type: "boolean" },
        { name: "waiting_author", type: "char" },
        { name: "waiting_reason", type: "char" },
        { name: "waiting_difference", type: "html" },
        { name: "waiting_look", type: "char" },
        { name: "waiting_why_not", type: "char" },
        { name: "waiting_can", type: "selection" },
        { name: "waiting_can_withdraw", type: "boolean" },
    ],
});
