import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["static/dist/", "node_modules/", ".venv/", "instance/"] },
  js.configs.recommended,
  {
    files: ["static/js/**/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: globals.browser },
  },
  {
    // The service worker has no window.
    files: ["static/js/**/*worker*.js"],
    languageOptions: { globals: globals.serviceworker },
  },
  {
    files: ["**/*.mjs"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: globals.node },
  },
  {
    rules: {
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      // A page script that grows past this does more than one thing (house.md section 4: 120 lines).
      "max-lines": ["error", { max: 200, skipBlankLines: true, skipComments: true }],
      "no-alert": "error",
      "no-console": ["error", { allow: ["error", "warn"] }],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-shadow": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
      // The content security policy forbids style attributes; markup from strings invites XSS.
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Build nodes, or let htmx swap what the server rendered." },
        { property: "outerHTML", message: "Build nodes, or let htmx swap what the server rendered." },
        { object: "document", property: "write" },
      ],
    },
  },
];
