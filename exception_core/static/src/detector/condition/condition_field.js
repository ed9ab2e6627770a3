/** @odoo-module **/

import { useEffect, useRef, useState, useSubEnv } from "@odoo/owl";
import { Domain } from "@web/core/domain";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { DomainField, domainField } from "@web/views/fields/domain/domain_field";
import { ConditionEditor } from "./condition_editor";
import {
    conditionContext,
    conditionHelp,
    conditionSuggestions,
    detectorParameters,
} from "./condition_names";

/** Fields of the form on which the answer of the preview depends, beside the condition. */
const DECIDING = ["model", "company_id", "owner_id"];

function isReadable(domain) {
    try {
        return Boolean(new Domain(domain));
    } catch {
        return false;
    }
}

/**
 * The condition of a detector: Odoo's domain editor, in which values may be names (now,
 * days_ago(n), the detector's parameters …), or the same as text.
 *
 * What is stored keeps the names. The server counts the records and says why a condition cannot
 * work; who may only read the detector gets Odoo's own counter.
 */
export class ConditionField extends DomainField {
    static template = "exception_core.ConditionField";
    static components = { ...DomainField.components, ConditionEditor };

    setup() {
        super.setup();
        this.answers = new KeepLast();
        this.textRef = useRef("text");
        this.mode = useState({
            text: !isReadable(this.getDomain()),
            help: false,
            explained: null,
            reason: "",
        });
        useSubEnv({
            conditionSuggestions: (kind) =>
                conditionSuggestions(detectorParameters(this.props.record), kind),
        });
        useRecordObserver((record) => this.followRecord(record));
        useEffect(
            () => this.fitText(),
            () => [this.mode.text, this.getDomain()]
        );
    }

    // ------------------------------------------------------------------
    // evaluation
    // ------------------------------------------------------------------

    /** Ask again when a parameter or another deciding field of the form has changed. */
    followRecord(record) {
        const values = DECIDING.map((name) => record.data[name]);
        const key = JSON.stringify([values, detectorParameters(record)]);
        if (this.decidingKey && this.decidingKey !== key) {
            this.checkProps();
        }
        this.decidingKey = key;
    }

    getEvaluatedDomain(props = this.props) {
        try {
            return new Domain(this.getDomain(props)).toList(conditionContext(props.record));
        } catch {
            return { isInvalid: true };
        }
    }

    async checkProps(props = this.props) {
        if (props.readonly || !this.getResModel(props)) {
            return super.checkProps(props);
        }
        const { data } = props.record;
        const values = {
            model: this.getResModel(props),
            domain: this.getDomain(props),
            company_id: data.company_id?.[0],
            owner_id: data.owner_id?.[0],
            parameters: detectorParameters(props.record),
        };
        const request = this.orm.silent.call("exception.detector", "preview_condition", [values]);
        const { count, error } = await this.answers.add(request);
        this.mode.reason = error || "";
        this.updateState({ isValid: !error, recordCount: error ? 0 : count });
    }

    /** A condition may be saved only when it can be read; the save itself judges the rest. */
    async quickValidityCheck(props) {
        const isValid = !this.getEvaluatedDomain(props).isInvalid;
        this.checkProps(props); // not awaited
        return isValid;
    }

    // ------------------------------------------------------------------
    // text and help
    // ------------------------------------------------------------------

    get canSwitch() {
        return !this.mode.text || isReadable(this.getDomain());
    }

    get help() {
        return conditionHelp(detectorParameters(this.props.record));
    }

    get switchTitle() {
        return this.canSwitch
            ? ""
            : _t("The editor cannot show this text: it is no list of conditions.");
    }

    switchMode() {
        this.mode.text = !this.mode.text;
    }

    onTextChange(ev) {
        this.update(ev.target.value.trim() || "[]", true);
    }

    /** In text a name is put where the cursor is; in the editor it is explained. */
    onNameClick(name) {
        this.mode.explained = name.label;
        const area = this.textRef.el;
        if (this.mode.text && area) {
            area.setRangeText(name.expression, area.selectionStart, area.selectionEnd, "end");
            area.focus();
            this.update(area.value, true);
        }
    }

    fitText() {
        const area = this.textRef.el;
        if (area) {
            area.style.height = "auto";
            area.style.height = `${area.scrollHeight + 2}px`;
        }
    }
}

export const conditionField = {
    ...domainField,
    component: ConditionField,
    displayName: _t("Condition of a detector"),
};

registry.category("fields").add("exception_domain", conditionField);
