import type { CodegenConfig } from "@graphql-codegen/cli";

// Components import the `…Document` constants from src/gql/graphql: the `graphql()` map of the preset would pull every document into every bundle.
const config: CodegenConfig = {
  schema: "../../packages/shared/schema.graphql",
  documents: ["src/**/*.graphql"],
  ignoreNoDocuments: true,
  generates: {
    "src/gql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        avoidOptionals: { field: true },
        strictScalars: true,
        scalars: {
          DateTime: "string",
          F64Column: "string",
          ID: "string",
          JSON: "unknown",
          MetricFrame: "unknown",
          Number: "number | 'NaN' | 'Infinity' | '-Infinity'",
          Step: "number",
          StepColumn: "string",
        },
      },
    },
  },
};

export default config;
