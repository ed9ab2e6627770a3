/** @odoo-module **/

import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const HEIGHT = 28;

function describeState(run) {
    switch (run.state) {
        case "failed":
            return _t("failed");
        case "timeout":
            return _t("out of time");
        case "locked":
            return _t("skipped, running elsewhere");
        default:
            return "";
    }
}

/**
 * The newest runs of a detector as a strip of bars, oldest first. A bar is as high as what the
 * run found; a failed run is red and carries a mark, since colour alone says nothing to some.
 */
export class LastRunsField extends Component {
    static template = "exception_core.LastRunsField";
    static props = { ...standardFieldProps };

    get runs() {
        const value = this.props.record.data[this.props.name];
        return Array.isArray(value) ? value : [];
    }

    get bars() {
        const { runs } = this;
        const highest = Math.max(1, ...runs.map((run) => run.hits));
        return runs.map((run) => {
            const failed = ["failed", "timeout"].includes(run.state);
            const share = Math.log1p(run.hits) / Math.log1p(highest);
            return {
                id: run.id,
                failed,
                skipped: run.state === "locked",
                // logarithmic, so that a quiet run beside a busy one still shows
                height: failed ? HEIGHT : Math.max(2, Math.round(share * HEIGHT)),
                title: this.describe(run),
            };
        });
    }

    describe(run) {
        const at = formatDateTime(deserializeDateTime(run.at));
        const state = describeState(run);
        if (state) {
            return [`${at}: ${state}`, run.error].filter(Boolean).join("\n");
        }
        return _t(
            "%s: %s in exception, %s opened, %s cleared, %s ms",
            at,
            run.hits,
            run.opened,
            run.cleared,
            run.ms
        );
    }

    get lastProblem() {
        const run = this.runs.at(-1);
        return run && ["failed", "timeout"].includes(run.state) ? describeState(run) : "";
    }

    get summary() {
        const failed = this.bars.filter((bar) => bar.failed).length;
        return failed
            ? _t("%s of the last %s runs failed", failed, this.runs.length)
            : _t("The last %s runs, none failed", this.runs.length);
    }
}

export const lastRunsField = {
    component: LastRunsField,
    displayName: _t("Last runs"),
    supportedTypes: ["json", "jsonb"],
};

registry.category("fields").add("exception_last_runs", lastRunsField);
