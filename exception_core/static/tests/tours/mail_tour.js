/** @odoo-module **/

import { registry } from "@web/core/registry";

/** A mail's body stands in a shadow root, which no trigger looks into. */
function mailSays(text) {
    return {
        content: `A mail says “${text}”`,
        trigger: ".o-mail-Message",
        async run() {
            for (let attempt = 0; attempt < 50; attempt++) {
                const nodes = [...document.querySelectorAll(".o-mail-Message *")];
                if (nodes.some((node) => node.shadowRoot?.textContent.includes(text))) {
                    return;
                }
                await new Promise((resolve) => setTimeout(resolve, 100));
            }
            throw new Error(`no mail says “${text}”`);
        },
    };
}

registry.category("web_tour.tours").add("exception_mail_answer", {
    test: true,
    steps: () => [
        mailSays("My parcel is broken."),
        {
            content: "Take it",
            trigger: ".o_statusbar_buttons button.btn-primary[name=action_assign_to_me]",
        },
        {
            content: "Answering is the one primary button now",
            trigger: ".o_statusbar_buttons button.btn-primary[name=action_answer]",
            extra_trigger: ".o_exception_next:contains('Answer the sender')",
            run() {
                const primary = document.querySelectorAll(".o_statusbar_buttons .btn-primary");
                if (primary.length !== 1) {
                    throw new Error(`${primary.length} primary buttons`);
                }
                primary[0].click();
            },
        },
        {
            content: "The customer is the recipient",
            trigger: ".modal-body [name=partner_ids] .o_tag:contains('Test customer')",
            isCheck: true,
        },
        {
            content: "Look for a template",
            trigger: ".modal-body [name=template_id] input",
            run: "text Tour",
        },
        {
            content: "Pick the approved one",
            trigger:
                ".modal-body [name=template_id] .ui-menu-item a:contains('Tour: ask for a photo')",
        },
        {
            content: "Its words are filled in",
            trigger: ".modal-body [name=body] :contains('Dear Test customer')",
            isCheck: true,
        },
        {
            content: "Wait for the answer",
            trigger: ".modal-body [name=exception_wait] input",
        },
        {
            content: "For three days, unless told otherwise",
            trigger: ".modal-body [name=exception_wait_days] input",
            run() {
                const input = document.querySelector(
                    ".modal-body [name=exception_wait_days] input"
                );
                if (input.value !== "3") {
                    throw new Error(`${input.value} days`);
                }
            },
        },
        {
            content: "Send",
            trigger: ".modal-footer .o_mail_send",
        },
        {
            content: "The case waits",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Waiting')",
            isCheck: true,
        },
        {
            content: "The answer is in the chatter",
            trigger: ".o-mail-Message:contains('please send us a photo')",
            isCheck: true,
        },
    ],
});

registry.category("web_tour.tours").add("exception_mail_resolve", {
    test: true,
    steps: () => [
        {
            content: "The case is at work again",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('In Progress')",
            isCheck: true,
        },
        mailSays("Here is a photo."),
        {
            content: "Answers sent are listed with their template",
            trigger: ".o_notebook .nav-link:contains('Answers')",
        },
        {
            content: "The version is named",
            trigger: "[name=message_out_ids] .o_data_row:contains('Tour: ask for a photo (v1)')",
            isCheck: true,
        },
        {
            content: "Resolve without another answer",
            trigger: ".o_statusbar_buttons button[name=action_resolve]",
        },
        {
            content: "Confirm",
            trigger: ".modal-footer button[name=action_apply]",
        },
        {
            content: "It is resolved",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Resolved')",
            isCheck: true,
        },
    ],
});
