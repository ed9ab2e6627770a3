/** @odoo-module **/

import { onMounted, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";

const listeners = new Set();
let timer = null;

/** One timer serves every row of a list. */
function subscribe(listener) {
    listeners.add(listener);
    if (timer === null) {
        timer = browser.setInterval(() => listeners.forEach((notify) => notify()), 60000);
    }
}

function unsubscribe(listener) {
    listeners.delete(listener);
    if (!listeners.size) {
        browser.clearInterval(timer);
        timer = null;
    }
}

/**
 * The present in seconds, renewed each minute while the component is mounted.
 *
 * @returns {{now: number}} reactive
 */
export function useMinute() {
    const state = useState({ now: Date.now() / 1000 });
    const tick = () => {
        state.now = Date.now() / 1000;
    };
    onMounted(() => subscribe(tick));
    onWillUnmount(() => unsubscribe(tick));
    return state;
}
