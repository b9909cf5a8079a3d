import "reflect-metadata";
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from "graphql";
import { buildSchemaSync, type NonEmptyArray } from "type-graphql";
import { enforcePermissions } from "./allow.js";
import { AccountResolver, ApiKeyResolver } from "./modules/account/account.resolver.js";
import { SessionResolver } from "./modules/account/session.resolver.js";
import { ProjectAdviceResolver, RunAdviceResolver } from "./modules/advisor/advisor.resolver.js";
import { ArchitectureResolver } from "./modules/architecture/architecture.resolver.js";
import { ArtifactResolver, RunArtifactsResolver } from "./modules/artifact/artifact.resolver.js";
import { AuditResolver } from "./modules/audit/audit.resolver.js";
import { BuildResolver } from "./modules/build/build.resolver.js";
import { ComparisonResolver, ExperimentComparisonResolver } from "./modules/comparison/comparison.resolver.js";
import { DisagreementsResolver } from "./modules/comparison/disagreements.resolver.js";
import { DatasetResolver, ProjectDatasetsResolver } from "./modules/dataset/dataset.resolver.js";
import { CurvesResolver } from "./modules/evaluation/curves.resolver.js";
import { EvaluationResolver, RunEvaluationResolver } from "./modules/evaluation/evaluation.resolver.js";
import { GapAlertsResolver } from "./modules/evaluation/gap-alerts.resolver.js";
import { GapPairsResolver } from "./modules/evaluation/gap-pairs.resolver.js";
import { MistakesResolver } from "./modules/evaluation/mistakes.resolver.js";
import { SplitScoreResolver } from "./modules/evaluation/split-score.resolver.js";
import { TestScoreResolver } from "./modules/evaluation/test-score.resolver.js";
import { ExperimentResolver, ProjectExperimentsResolver } from "./modules/experiment/experiment.resolver.js";
import { JobResolver, RunJobsResolver, WorkerJobResolver } from "./modules/job/job.resolver.js";
import { LaunchResolver } from "./modules/job/launch.resolver.js";
import { ProtocolResolver } from "./modules/job/protocol.resolver.js";
import { TrashExperimentResolver } from "./modules/job/trash-experiment.resolver.js";
import { LearningCurveResolver } from "./modules/learning-curve/learning-curve.resolver.js";
import { MeasuredGuideResolver } from "./modules/measured-guide/measured-guide.resolver.js";
import { MemberResolver } from "./modules/member/member.resolver.js";
import { MetricResolver, RunMetricResolver, SeriesResolver } from "./modules/metric/metric.resolver.js";
import { PreflightResolver } from "./modules/preflight/preflight.resolver.js";
import { ProjectResolver } from "./modules/project/project.resolver.js";
import { ExperimentRunsResolver, RunConnectionResolver, RunResolver } from "./modules/run/run.resolver.js";
import { RunTreeResolver } from "./modules/run/run-tree.resolver.js";
import { RunUpdatesResolver } from "./modules/run/run-updates.resolver.js";
import { RunVocabularyResolver } from "./modules/run/run-vocabulary.resolver.js";
import {
  ProjectShareLinksResolver,
  SharedViewResolver,
  ShareLinkResolver,
} from "./modules/share-link/share-link.resolver.js";
import { RunSweepResolver, SweepResolver } from "./modules/sweep/sweep.resolver.js";
import { WorkerResolver } from "./modules/worker/worker.resolver.js";
import { NodeResolver } from "./node.resolver.js";

/** Every resolver, from the left of the house to the right. */
const resolvers: NonEmptyArray<new () => object> = [
  NodeResolver,
  AccountResolver,
  ApiKeyResolver,
  SessionResolver,
  ProjectResolver,
  MemberResolver,
  AuditResolver,
  ExperimentResolver,
  ProjectExperimentsResolver,
  DatasetResolver,
  ProjectDatasetsResolver,
  ArchitectureResolver,
  RunResolver,
  ExperimentRunsResolver,
  RunConnectionResolver,
  RunVocabularyResolver,
  RunTreeResolver,
  WorkerResolver,
  JobResolver,
  WorkerJobResolver,
  RunJobsResolver,
  LaunchResolver,
  TrashExperimentResolver,
  ProtocolResolver,
  MeasuredGuideResolver,
  PreflightResolver,
  RunUpdatesResolver,
  MetricResolver,
  SeriesResolver,
  RunMetricResolver,
  EvaluationResolver,
  RunEvaluationResolver,
  CurvesResolver,
  SplitScoreResolver,
  MistakesResolver,
  TestScoreResolver,
  GapAlertsResolver,
  GapPairsResolver,
  ArtifactResolver,
  RunArtifactsResolver,
  ComparisonResolver,
  ExperimentComparisonResolver,
  DisagreementsResolver,
  RunAdviceResolver,
  ProjectAdviceResolver,
  LearningCurveResolver,
  SweepResolver,
  RunSweepResolver,
  ShareLinkResolver,
  SharedViewResolver,
  ProjectShareLinksResolver,
  BuildResolver,
];

/** Subscriptions have sources of their own (src/live): nothing is ever published through type-graphql. */
const noPubSub = {
  publish(): never {
    throw new Error("Subscriptions name their source with `subscribe`");
  },
  subscribe(): never {
    throw new Error("Subscriptions name their source with `subscribe`");
  },
};

/** The schema of the API. Throws when a root field does not say who may use it. */
export function createSchema(): GraphQLSchema {
  // Inputs are checked where their rules are known: in the modules and in packages/shared.
  const schema = buildSchemaSync({ resolvers, validate: false, pubSub: noPubSub, orphanedTypes: [] });
  return enforcePermissions(schema);
}

/** The schema as packages/shared/schema.graphql holds it. */
export function schemaText(): string {
  return `${printSchema(lexicographicSortSchema(createSchema()))}\n`;
}
