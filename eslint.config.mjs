import js from "@eslint/js";
import globals from "globals";

export default [
    js.configs.recommended,
    {
        files: ["**/static/**/*.js"],
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: {
                ...globals.browser,
                odoo: "readonly",
                owl: "readonly",
                luxon: "readonly",
                Chart: "readonly",
            },
        },
        rules: {
            curly: "error",
            eqeqeq: "error",
            "no-console": "error",
            "no-restricted-globals": ["error", "event", "self"],
            "no-shadow": "error",
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": "error",
            "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
        },
    },
    {
        // Front-end tests run under QUnit.
        files: ["**/static/tests/**/*.js"],
        languageOptions: { globals: { QUnit: "readonly" } },
    },
];
