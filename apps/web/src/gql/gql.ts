/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query BuildDetails {\n  build {\n    release\n    compiledAt\n    branch\n    commit\n    history\n    changes {\n      commit\n      subject\n      at\n    }\n  }\n}": typeof types.BuildDetailsDocument,
    "query NewestExperiment($project: String!) {\n  project(slug: $project) {\n    id\n    experiments(first: 1) {\n      nodes {\n        id\n      }\n    }\n  }\n}": typeof types.NewestExperimentDocument,
    "query Session {\n  viewer {\n    id\n    name\n    kind\n    scopes\n  }\n  projects(first: 100) {\n    nodes {\n      id\n      slug\n      name\n    }\n  }\n}\n\nsubscription GapAlerts($project: String!) {\n  gapAlerts(project: $project) {\n    at\n    run {\n      id\n      name\n    }\n    gap {\n      verdict\n      explanation {\n        key\n        values\n        text\n      }\n    }\n  }\n}\n\nmutation SignOut {\n  signOut\n}": typeof types.SessionDocument,
    "mutation StartSweep($input: StartSweepInput!) {\n  startSweep(input: $input) {\n    id\n    name\n  }\n}": typeof types.StartSweepDocument,
    "query MetricHistory($runs: [ID!]!, $keys: [String!]!, $from: Step, $to: Step, $maxPoints: Int!) {\n  metricSeries(\n    runs: $runs\n    keys: $keys\n    from: $from\n    to: $to\n    maxPoints: $maxPoints\n  ) {\n    ...SeriesColumns\n  }\n}\n\nsubscription MetricUpdates($runs: [ID!]!, $keys: [String!], $after: String) {\n  metricUpdates(runs: $runs, keys: $keys, after: $after) {\n    run\n    cursor\n    replayed\n    supersededAfter\n    series {\n      ...SeriesColumns\n    }\n  }\n}\n\nquery RunEpochs($run: ID!) {\n  run(id: $run) {\n    id\n    progress {\n      epochs\n      steps\n    }\n    evaluations {\n      epoch\n      step\n    }\n  }\n}\n\nfragment SeriesColumns on Series {\n  run\n  key\n  count\n  exact\n  step\n  time\n  value\n  min\n  max\n}": typeof types.MetricHistoryDocument,
    "mutation SignIn($token: String!) {\n  signIn(input: {token: $token}) {\n    id\n    name\n  }\n}": typeof types.SignInDocument,
};
const documents: Documents = {
    "query BuildDetails {\n  build {\n    release\n    compiledAt\n    branch\n    commit\n    history\n    changes {\n      commit\n      subject\n      at\n    }\n  }\n}": types.BuildDetailsDocument,
    "query NewestExperiment($project: String!) {\n  project(slug: $project) {\n    id\n    experiments(first: 1) {\n      nodes {\n        id\n      }\n    }\n  }\n}": types.NewestExperimentDocument,
    "query Session {\n  viewer {\n    id\n    name\n    kind\n    scopes\n  }\n  projects(first: 100) {\n    nodes {\n      id\n      slug\n      name\n    }\n  }\n}\n\nsubscription GapAlerts($project: String!) {\n  gapAlerts(project: $project) {\n    at\n    run {\n      id\n      name\n    }\n    gap {\n      verdict\n      explanation {\n        key\n        values\n        text\n      }\n    }\n  }\n}\n\nmutation SignOut {\n  signOut\n}": types.SessionDocument,
    "mutation StartSweep($input: StartSweepInput!) {\n  startSweep(input: $input) {\n    id\n    name\n  }\n}": types.StartSweepDocument,
    "query MetricHistory($runs: [ID!]!, $keys: [String!]!, $from: Step, $to: Step, $maxPoints: Int!) {\n  metricSeries(\n    runs: $runs\n    keys: $keys\n    from: $from\n    to: $to\n    maxPoints: $maxPoints\n  ) {\n    ...SeriesColumns\n  }\n}\n\nsubscription MetricUpdates($runs: [ID!]!, $keys: [String!], $after: String) {\n  metricUpdates(runs: $runs, keys: $keys, after: $after) {\n    run\n    cursor\n    replayed\n    supersededAfter\n    series {\n      ...SeriesColumns\n    }\n  }\n}\n\nquery RunEpochs($run: ID!) {\n  run(id: $run) {\n    id\n    progress {\n      epochs\n      steps\n    }\n    evaluations {\n      epoch\n      step\n    }\n  }\n}\n\nfragment SeriesColumns on Series {\n  run\n  key\n  count\n  exact\n  step\n  time\n  value\n  min\n  max\n}": types.MetricHistoryDocument,
    "mutation SignIn($token: String!) {\n  signIn(input: {token: $token}) {\n    id\n    name\n  }\n}": types.SignInDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query BuildDetails {\n  build {\n    release\n    compiledAt\n    branch\n    commit\n    history\n    changes {\n      commit\n      subject\n      at\n    }\n  }\n}"): (typeof documents)["query BuildDetails {\n  build {\n    release\n    compiledAt\n    branch\n    commit\n    history\n    changes {\n      commit\n      subject\n      at\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query NewestExperiment($project: String!) {\n  project(slug: $project) {\n    id\n    experiments(first: 1) {\n      nodes {\n        id\n      }\n    }\n  }\n}"): (typeof documents)["query NewestExperiment($project: String!) {\n  project(slug: $project) {\n    id\n    experiments(first: 1) {\n      nodes {\n        id\n      }\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Session {\n  viewer {\n    id\n    name\n    kind\n    scopes\n  }\n  projects(first: 100) {\n    nodes {\n      id\n      slug\n      name\n    }\n  }\n}\n\nsubscription GapAlerts($project: String!) {\n  gapAlerts(project: $project) {\n    at\n    run {\n      id\n      name\n    }\n    gap {\n      verdict\n      explanation {\n        key\n        values\n        text\n      }\n    }\n  }\n}\n\nmutation SignOut {\n  signOut\n}"): (typeof documents)["query Session {\n  viewer {\n    id\n    name\n    kind\n    scopes\n  }\n  projects(first: 100) {\n    nodes {\n      id\n      slug\n      name\n    }\n  }\n}\n\nsubscription GapAlerts($project: String!) {\n  gapAlerts(project: $project) {\n    at\n    run {\n      id\n      name\n    }\n    gap {\n      verdict\n      explanation {\n        key\n        values\n        text\n      }\n    }\n  }\n}\n\nmutation SignOut {\n  signOut\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation StartSweep($input: StartSweepInput!) {\n  startSweep(input: $input) {\n    id\n    name\n  }\n}"): (typeof documents)["mutation StartSweep($input: StartSweepInput!) {\n  startSweep(input: $input) {\n    id\n    name\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query MetricHistory($runs: [ID!]!, $keys: [String!]!, $from: Step, $to: Step, $maxPoints: Int!) {\n  metricSeries(\n    runs: $runs\n    keys: $keys\n    from: $from\n    to: $to\n    maxPoints: $maxPoints\n  ) {\n    ...SeriesColumns\n  }\n}\n\nsubscription MetricUpdates($runs: [ID!]!, $keys: [String!], $after: String) {\n  metricUpdates(runs: $runs, keys: $keys, after: $after) {\n    run\n    cursor\n    replayed\n    supersededAfter\n    series {\n      ...SeriesColumns\n    }\n  }\n}\n\nquery RunEpochs($run: ID!) {\n  run(id: $run) {\n    id\n    progress {\n      epochs\n      steps\n    }\n    evaluations {\n      epoch\n      step\n    }\n  }\n}\n\nfragment SeriesColumns on Series {\n  run\n  key\n  count\n  exact\n  step\n  time\n  value\n  min\n  max\n}"): (typeof documents)["query MetricHistory($runs: [ID!]!, $keys: [String!]!, $from: Step, $to: Step, $maxPoints: Int!) {\n  metricSeries(\n    runs: $runs\n    keys: $keys\n    from: $from\n    to: $to\n    maxPoints: $maxPoints\n  ) {\n    ...SeriesColumns\n  }\n}\n\nsubscription MetricUpdates($runs: [ID!]!, $keys: [String!], $after: String) {\n  metricUpdates(runs: $runs, keys: $keys, after: $after) {\n    run\n    cursor\n    replayed\n    supersededAfter\n    series {\n      ...SeriesColumns\n    }\n  }\n}\n\nquery RunEpochs($run: ID!) {\n  run(id: $run) {\n    id\n    progress {\n      epochs\n      steps\n    }\n    evaluations {\n      epoch\n      step\n    }\n  }\n}\n\nfragment SeriesColumns on Series {\n  run\n  key\n  count\n  exact\n  step\n  time\n  value\n  min\n  max\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation SignIn($token: String!) {\n  signIn(input: {token: $token}) {\n    id\n    name\n  }\n}"): (typeof documents)["mutation SignIn($token: String!) {\n  signIn(input: {token: $token}) {\n    id\n    name\n  }\n}"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;