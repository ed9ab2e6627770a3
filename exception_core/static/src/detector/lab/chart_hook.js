/** @odoo-module **/

import { onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";

/**
 * Draw a Chart.js chart (as Odoo ships it) on the canvas `t-ref="canvas"`, and draw it anew
 * when one of the dependencies changes.
 *
 * @param {() => Object} getConfig Chart.js configuration
 * @param {() => any[]} getDependencies
 * @returns {{readonly current: Chart|null}}
 */
export function useChart(getConfig, getDependencies) {
    const canvas = useRef("canvas");
    const holder = { current: null };
    const drop = () => {
        holder.current?.destroy();
        holder.current = null;
    };
    onWillStart(() => loadBundle("web.chartjs_lib"));
    useEffect(() => {
        drop();
        if (canvas.el) {
            holder.current = new Chart(canvas.el, getConfig());
        }
    }, getDependencies);
    onWillUnmount(drop);
    return holder;
}
