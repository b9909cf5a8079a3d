import {
  augmentations,
  classWeightings,
  evalUnits,
  freezePolicies,
  optimizers,
  precisions,
  schedules,
} from "@residual/shared";
import { graphqlEnum } from "../../graphql-enum.js";

export const Optimizer = graphqlEnum("Optimizer", optimizers);
export type Optimizer = keyof typeof Optimizer;

export const Augmentation = graphqlEnum("Augmentation", augmentations);
export type Augmentation = keyof typeof Augmentation;

export const Schedule = graphqlEnum("Schedule", schedules);
export type Schedule = keyof typeof Schedule;

export const FreezePolicy = graphqlEnum("FreezePolicy", freezePolicies);
export type FreezePolicy = keyof typeof FreezePolicy;

export const ClassWeighting = graphqlEnum("ClassWeighting", classWeightings);
export type ClassWeighting = keyof typeof ClassWeighting;

export const Precision = graphqlEnum("Precision", precisions);
export type Precision = keyof typeof Precision;

export const EvalUnit = graphqlEnum("EvalUnit", evalUnits);
export type EvalUnit = keyof typeof EvalUnit;
