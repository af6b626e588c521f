import js from "@eslint/js";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import importX from "eslint-plugin-import-x";
import jsxA11y from "eslint-plugin-jsx-a11y-x";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import tseslint from "typescript-eslint";

const features = join(import.meta.dirname, "src/features");
const featureNames = existsSync(features)
  ? readdirSync(features, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
  : [];

// Listed from the folder, so that a new feature is fenced from its first file on.
const zones = [
  ...featureNames.map((name) => ({
    target: `./src/features/${name}`,
    from: "./src/features",
    except: [`./${name}`],
    message: "Features do not import each other; they meet in src/app.",
  })),
  {
    target: "./src/features",
    from: "./src/app",
    message: "src/app imports the features, not the other way round.",
  },
  {
    target: ["./src/shared", "./src/api"],
    from: ["./src/features", "./src/app"],
    message: "src/shared and src/api know no feature.",
  },
];

export default tseslint.config(
  { ignores: ["src/api/*.gen.ts", "node_modules", "test-results", "playwright-report"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "max-lines": ["error", { max: 400 }],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    extends: [jsxA11y.configs.strict, reactHooks.configs.flat["recommended-latest"]],
    plugins: { "import-x": importX },
    languageOptions: { globals: globals.browser },
    settings: {
      "import-x/resolver-next": [createTypeScriptImportResolver({ project: "./tsconfig.app.json" })],
    },
    rules: {
      "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones }],
      "import-x/no-cycle": ["error", { ignoreExternal: true }],
    },
  },
  {
    files: ["*.config.{js,ts}", "build/**", "tests/**", "tools/**"],
    languageOptions: { globals: globals.node },
  },
  { files: ["swagger/**/*.js", "public/**/*.js"], languageOptions: { globals: globals.browser } },
);
