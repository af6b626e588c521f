import { readdirSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "oxlint";

const features = readdirSync(join(import.meta.dirname, "src/features"));

function mayNotImport(files, regex, message) {
  return { files, rules: { "no-restricted-imports": ["error", { patterns: [{ regex, message }] }] } };
}

// Listed from the folder, so that a new feature is fenced from its first file on.
const fences = features.map((feature) => {
  const others = features.filter((name) => name !== feature);
  return mayNotImport(
    [`src/features/${feature}/**`],
    `^(@/|(\\.\\./)+)(app|features)(/|$)|^(\\.\\./)+(${others.join("|")})(/|$)`,
    "Features import neither each other nor src/app, where they meet.",
  );
});

export default defineConfig({
  plugins: ["typescript", "react", "jsx-a11y", "import"],
  categories: { correctness: "error", suspicious: "error" },
  options: { typeAware: true, typeCheck: true, reportUnusedDisableDirectives: "error" },
  ignorePatterns: ["test-results", "playwright-report"],
  rules: {
    // Of the two categories, not wanted here.
    "import/no-named-as-default": "off",
    "import/no-unassigned-import": "off", // styles
    "jsx-a11y/control-has-associated-label": "off", // takes empty cells of tables for controls
    "jsx-a11y/prefer-tag-over-role": "off",
    "no-shadow": "off",
    "react/exhaustive-effect-dependencies": "off", // a second opinion on react/exhaustive-deps
    "react/react-in-jsx-scope": "off",
    "typescript/consistent-return": "off", // TypeScript's noImplicitReturns
    "typescript/no-unsafe-type-assertion": "off",

    // Of the others, wanted too.
    "import/namespace": ["error", { allowComputed: true }],
    "import/no-cycle": ["error", { ignoreExternal: true }],
    "max-lines": ["error", { max: 400 }],
    "no-case-declarations": "error",
    "no-empty": "error",
    "no-empty-function": "error",
    "no-fallthrough": "error",
    "no-prototype-builtins": "error",
    "no-useless-assignment": "error",
    "no-var": "error",
    "prefer-const": "error",
    "prefer-rest-params": "error",
    "prefer-spread": "error",
    "react/no-unstable-nested-components": ["error", { allowAsProps: true }],
    "react/rules-of-hooks": "error",
    "react/unsupported-syntax": "error",
    "typescript/adjacent-overload-signatures": "error",
    "typescript/array-type": "error",
    "typescript/ban-ts-comment": ["error", { minimumDescriptionLength: 10 }],
    "typescript/consistent-generic-constructors": "error",
    "typescript/consistent-indexed-object-style": "error",
    "typescript/consistent-type-assertions": "error",
    "typescript/dot-notation": "error",
    "typescript/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    "typescript/no-deprecated": "error",
    "typescript/no-dynamic-delete": "error",
    "typescript/no-empty-object-type": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-inferrable-types": "error",
    "typescript/no-invalid-void-type": "error",
    "typescript/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
    "typescript/no-mixed-enums": "error",
    "typescript/no-namespace": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/no-require-imports": "error",
    "typescript/no-unnecessary-condition": "error",
    "typescript/no-unsafe-argument": "error",
    "typescript/no-unsafe-assignment": "error",
    "typescript/no-unsafe-call": "error",
    "typescript/no-unsafe-function-type": "error",
    "typescript/no-unsafe-member-access": "error",
    "typescript/no-unsafe-return": "error",
    "typescript/non-nullable-type-assertion-style": "error",
    "typescript/only-throw-error": "error",
    "typescript/prefer-find": "error",
    "typescript/prefer-for-of": "error",
    "typescript/prefer-function-type": "error",
    "typescript/prefer-includes": "error",
    "typescript/prefer-nullish-coalescing": "error",
    "typescript/prefer-optional-chain": "error",
    "typescript/prefer-promise-reject-errors": "error",
    "typescript/prefer-reduce-type-parameter": "error",
    "typescript/prefer-regexp-exec": "error",
    "typescript/prefer-return-this-type": "error",
    "typescript/prefer-string-starts-ends-with": "error",
    "typescript/related-getter-setter-pairs": "error",
    "typescript/require-await": "error",
    "typescript/restrict-plus-operands": "error",
    "typescript/restrict-template-expressions": ["error", { allowNumber: true }],
    "typescript/return-await": ["error", "error-handling-correctness-only"],
    "typescript/unified-signatures": "error",
    "typescript/use-unknown-in-catch-callback-variable": "error",
  },
  overrides: [
    {
      files: ["**/*.{js,mjs}"],
      rules: Object.fromEntries(
        ["argument", "assignment", "call", "member-access", "return"].map((use) => [
          `typescript/no-unsafe-${use}`,
          "off",
        ]),
      ),
    },
    {
      files: ["src/api/*.gen.ts"],
      rules: { "max-lines": "off", "typescript/consistent-indexed-object-style": "off" },
    },
    {
      files: ["tests/**"],
      rules: { "react/globals": "off", "react/refs": "off", "react/rules-of-hooks": "off" },
    },
    ...fences,
    mayNotImport(
      ["src/shared/**", "src/api/**"],
      "^(@/|(\\.\\./)+)(app|features)(/|$)",
      "src/shared and src/api know no feature.",
    ),
  ],
});
