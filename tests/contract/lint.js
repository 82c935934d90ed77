// Lints openapi.yaml with Redocly's recommended rules. Its exit code is 1 where there is any finding.
// usage: lint.js OPENAPI.yaml NODE_MODULES
const path = require("node:path");

const [document, modules] = process.argv.slice(2);
const { createConfig, formatProblems, getTotals, lint } = require(path.join(modules, "@redocly/openapi-core"));

const rules = {
  "info-license-url": "off", // the licence has an SPDX identifier in place of a URL
  "operation-4xx-response": "off", // in `default`, where an operation has none of its own
  "no-invalid-media-type-examples": "error",
  "no-unused-components": "error",
  "operation-operationId-unique": "error",
  "path-parameters-defined": "error",
};

async function main() {
  const config = await createConfig({ extends: ["recommended"], rules });
  const problems = await lint({ ref: document, config });
  formatProblems(problems, { format: "codeframe", totals: getTotals(problems), version: "", cwd: path.dirname(document) });
  console.log(`${problems.length} findings in ${path.basename(document)}`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

main();
